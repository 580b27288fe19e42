/**
 * What a message holds besides its text: files, and what was forwarded with it.
 *
 * Owns: placeholders, references to files, and marks of foreign words. Never: who wrote it.
 *
 * SLACKCONTENT-1 Forwarded words are their author's, and never the sender's own: they stand in a quote of their own.
 * https://docs.slack.dev/reference/objects/file-object
 */
import type { IncomingFile, Quote } from "../../sdk/event.ts";
import { toNameField, toUrlField } from "../../sdk/field.ts";
import { countAt, isTrueAt, listAt, textAt } from "../../sdk/json.ts";
import { idAt } from "./wire.ts";

export type SlackContent = {
  /** `(file: report.pdf)`, a line for each; empty for plain text. */
  placeholder: string;
  quotes: Quote[];
  files: IncomingFile[];
  isForwarded: boolean;
  forwardedFrom: string | undefined;
};

const MAX_FILES = 20;
const MAX_FORWARDS = 10;

export function readContent(message: unknown, toPlain: (text: string) => string): SlackContent {
  const files = listAt(message, "files").slice(0, MAX_FILES).map(readFile);
  const forwards = listAt(message, "attachments")
    .filter((one) => isTrueAt(one, "is_share") || isTrueAt(one, "is_msg_unfurl"))
    .slice(0, MAX_FORWARDS);
  const quotes = forwards.flatMap((one): Quote[] => {
    const text = toPlain(textAt(one, "text") ?? textAt(one, "fallback") ?? "");
    return text === "" ? [] : [{ label: "forwarded", text }];
  });
  const inForwards = forwards.flatMap((one) => listAt(one, "files").map(readFile));
  const all = [...files, ...inForwards].slice(0, MAX_FILES);
  const author = forwards.map((one) => textAt(one, "author_name")).find((one) => one !== undefined);
  return {
    placeholder: all.map(({ placeholder }) => placeholder).join("\n"),
    quotes: [...quotes, ...all.flatMap((one) => one.quotes)],
    files: all.flatMap((one) => one.files),
    isForwarded: forwards.length > 0,
    forwardedFrom: forwards.length === 0 ? undefined : toNameField(author ?? "elsewhere"),
  };
}

type ReadFile = Pick<SlackContent, "placeholder" | "quotes" | "files">;

function readFile(file: unknown): ReadFile {
  const title = textAt(file, "name") ?? textAt(file, "title");
  const name = toNameField(title ?? "");
  const none = { quotes: [], files: [] };
  const mode = textAt(file, "mode");
  if (mode === "tombstone") return { placeholder: "(a file that was deleted)", ...none };
  if (mode === "hidden_by_limit")
    return { placeholder: "(a file that Slack hides: the workspace's plan is used up)", ...none };
  if (isTrueAt(file, "is_external") || mode === "external") {
    const address = toUrlField(textAt(file, "external_url") ?? textAt(file, "url_private") ?? "");
    const quotes = address === undefined ? [] : [{ label: "link", text: address }];
    return {
      placeholder: `(a file elsewhere${name === "" ? "" : `: ${name}`})`,
      quotes,
      files: [],
    };
  }
  const mime = textAt(file, "mimetype");
  const word = mime?.startsWith("image/") === true ? "photo" : "file";
  const placeholder = name === "" ? `(${word})` : `(${word}: ${name})`;
  const reference = idAt(file, "id");
  if (reference === undefined) return { placeholder, ...none };
  const bytes = countAt(file, "size");
  const ms = countAt(file, "duration_ms");
  return {
    placeholder,
    quotes: [],
    files: [
      {
        reference,
        name: title ?? "file",
        ...(mime === undefined ? {} : { mime }),
        ...(bytes === undefined ? {} : { bytes }),
        ...(ms === undefined ? {} : { seconds: ms / 1_000 }),
      },
    ],
  };
}
