import { valueAt } from "./paths.js";
import { rank } from "./ranked.js";
/** A line whose value is nothing but somebody's mail address. */
const MAIL_LINE = /: [^\s@]+@[^\s@]+\.[a-z]{2,}$/i;
/** The first value of `path|path` that has anything to tell, by label, and the page that it names. */
export function toRest({ rest = {} }, payload) {
    let link;
    const quotes = Object.entries(rest).flatMap(([label, paths]) => {
        for (const path of paths.split("|")) {
            const value = path === "" ? withoutRequest(payload) : valueAt(payload, path);
            // A text is quoted as it stands.
            if (typeof value === "string")
                return [];
            const { text, link: page } = rankWithoutMail(value);
            link ??= page;
            if (text !== "")
                return [{ label, text }];
        }
        return [];
    });
    return { quotes, link };
}
/** The ranked values, without anybody's mail address. */
export function rankWithoutMail(value, options = {}) {
    const { text, link } = rank(value, options);
    const lines = text.split("\n").filter((line) => !MAIL_LINE.test(line));
    return { text: lines.join("\n"), link };
}
/** The body, without what stands around it in paths. */
function withoutRequest(payload) {
    if (typeof payload !== "object" || payload === null)
        return payload;
    return Object.fromEntries(Object.entries(payload).filter(([key]) => !key.startsWith("$")));
}
