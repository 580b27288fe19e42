import { at, countAt, textAt } from "../../sdk/json.js";
/** Stands on all that we publish: a topic repeats to its readers what they wrote themselves. */
export const OUR_TAG = "sluice";
/** One line of the stream. */
export function readLine(line) {
    let json;
    try {
        json = JSON.parse(line);
    }
    catch {
        // A proxy's page, or a line that was cut: nothing to be had from it.
        return { kind: "bad" };
    }
    const event = textAt(json, "event");
    if (event !== "message")
        return event === undefined ? { kind: "bad" } : { kind: "sign" };
    const id = textAt(json, "id");
    if (id === undefined || !/^[A-Za-z0-9]{1,64}$/.test(id))
        return { kind: "bad" };
    const seconds = countAt(json, "time");
    const tags = at(json, "tags");
    return {
        kind: "message",
        message: {
            id,
            at: seconds === undefined ? undefined : seconds * 1_000,
            text: textAt(json, "message") ?? "",
            title: textAt(json, "title"),
            url: textAt(json, "click"),
            isUrgent: (countAt(json, "priority") ?? 3) >= 5,
            isOurs: Array.isArray(tags) && tags.includes(OUR_TAG),
            files: readFiles(json),
        },
    };
}
function readFiles(json) {
    const reference = textAt(json, "attachment.url");
    if (reference === undefined)
        return [];
    const mime = textAt(json, "attachment.type");
    const bytes = countAt(json, "attachment.size");
    return [
        {
            reference,
            name: textAt(json, "attachment.name") ?? "attachment",
            ...(mime === undefined ? {} : { mime }),
            ...(bytes === undefined ? {} : { bytes }),
        },
    ];
}
