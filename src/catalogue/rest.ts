/**
 * What a sender's own users put into an event, whose shape no row can know.
 *
 * Owns: which of it is told. Pure. Never: ranks (ranked.ts).
 */
import type { Quote } from "../sdk/event.ts";
import type { EventRow } from "./event-row.ts";
import { valueAt } from "./paths.ts";
import { rank, type Ranked } from "./ranked.ts";

/** A line whose value is nothing but somebody's mail address. */
const MAIL_LINE = /: [^\s@]+@[^\s@]+\.[a-z]{2,}$/i;

/** The first value of `path|path` that has anything to tell, by label, and the page that it names. */
export function toRest(
  { rest = {} }: EventRow,
  payload: unknown,
): { quotes: readonly Quote[]; link: string | undefined } {
  let link: string | undefined;
  const quotes = Object.entries(rest).flatMap(([label, paths]): Quote[] => {
    for (const path of paths.split("|")) {
      const value = path === "" ? withoutRequest(payload) : valueAt(payload, path);
      // A text is quoted as it stands.
      if (typeof value === "string") return [];
      const { text, link: page } = rankWithoutMail(value);
      link ??= page;
      if (text !== "") return [{ label, text }];
    }
    return [];
  });
  return { quotes, link };
}

/** The ranked values, without anybody's mail address. */
export function rankWithoutMail(
  value: unknown,
  options: Parameters<typeof rank>[1] = {},
): Pick<Ranked, "text" | "link"> {
  const { text, link } = rank(value, options);
  const lines = text.split("\n").filter((line) => !MAIL_LINE.test(line));
  return { text: lines.join("\n"), link };
}

/** The body, without what stands around it in paths. */
function withoutRequest(payload: unknown): unknown {
  if (typeof payload !== "object" || payload === null) return payload;
  return Object.fromEntries(Object.entries(payload).filter(([key]) => !key.startsWith("$")));
}
