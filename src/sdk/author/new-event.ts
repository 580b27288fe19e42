/**
 * What an author's source makes of a thing that happened: events, or nothing and why.
 *
 * Owns: these shapes, by type and at run time. Never: what becomes of an event.
 *
 * AUTHOR-1 A key or a value of meta that a client would lose is an error that names it: keys are identifiers and never `source`, values
 *    are strings.
 */
import { SluiceError } from "../errors.ts";
import type { AckPolicy, IncomingFile, Priority, Quote, Sender } from "../event.ts";
import { ACK_POLICIES, PRIORITIES } from "../event.ts";
import { checkChat, checkFiles, type EventChat } from "./chat.ts";

/** Facts about an event, which the model reads as attributes. Keys are identifiers (`[a-zA-Z_][a-zA-Z0-9_]*`), values are strings. */
export type EventMeta = {
  [key: string]: string;
  // A client drops such a key, or the whole event: the compiler says it first.
  [key: `${string}-${string}`]: never;
  [key: `${string}.${string}`]: never;
  [key: `${string}:${string}`]: never;
  [key: `${string}/${string}`]: never;
  [key: `${string} ${string}`]: never;
  [key: `${string}@${string}`]: never;
  [key: `${string}$${string}`]: never;
  [key: `${number}${string}`]: never;
} & { source?: never };

/** One event, as an author writes it. Only `text` is needed; of a message with `files` it may be empty. */
export type NewEvent = {
  /** Lines for the model: the summary first, then the few facts that matter. */
  text: string;
  /** What others wrote (a title, a comment), kept apart: it is shown as a quotation. */
  quotes?: readonly Quote[];
  meta?: EventMeta;
  /** What happened: `deploy.failed`. Default: the name of its source. */
  kind?: string;
  /** The sender's own id of it: the same again is a duplicate. Default: what the request carries (`Idempotency-Key`, a signed `webhook-id`). */
  id?: string;
  /** What it is about: `api/deploy/42`. Events of one entity travel together. */
  entity?: string;
  /** What it is a state of: a later event of the same supersedes it while both wait. */
  stateOf?: string;
  priority?: Priority;
  ack?: AckPolicy;
  /** The one session it is for, by id or name. */
  target?: string;
  /** Not worth telling after so long, in ms. */
  ttlMs?: number;
  /** A person's message: the gate decides whether it gets in. Absent: the channel's own credential is its sender. */
  sender?: Sender;
  /** Of a person's message: where and how it was written. Default: to us alone, in new words of the sender's own. */
  chat?: EventChat;
  /**
   * `text` is the channel's own line about what the sender did (a reaction, a deletion, a tap), and no words of theirs. What they did write
   * then, as in a form, is a quote with the label `message`.
   */
  isTold?: boolean;
  /** By reference: they are fetched by `chat.download` once their message is let in. */
  files?: readonly IncomingFile[];
  /** What is needed to answer it, in words of the channel's own: it comes back as the reply's `answering`. No model reads it. */
  answering?: string;
  /** The conversation that a reply goes to. Default: the sender's id. */
  chatId?: string;
  /** When it happened: epoch ms, or a date. */
  at?: number | Date;
};

const DROP = Symbol.for("sluice.drop");

/** Nothing came of it, and why: counted, never shown to a model. */
export type Drop = { readonly [DROP]: true; readonly reason: string };

/** Returned by `receive` where a thing is not worth an event, or its sender may not speak. */
export function drop(reason: string): Drop {
  return Object.freeze({ [DROP]: true as const, reason });
}

/** A text alone is an event. Nothing at all is a drop without a reason. */
export type ReceiveResult =
  | NewEvent
  | string
  | readonly (NewEvent | string)[]
  | Drop
  | null
  | undefined
  | void;

/**
 * What became of an event that was pushed. `answer`: the line for who tapped a button (`chat.button`) or gave a command of the platform's
 * menu (`chat.isCommand`), where the platform can show one to them alone.
 */
export type PushResult = (
  | { kind: "stored"; id: string }
  /** It was known by its id; `id` is that of the event which it was. */
  | { kind: "duplicate"; id: string }
  | { kind: "dropped"; reason: string }
) & { answer?: string };

export type CheckedEvents =
  | { kind: "events"; events: readonly NewEvent[] }
  | { kind: "drop"; reason: string };

/** Of an event's text, and of its quotes together: what goes beyond is left out, and said. */
const MAX_TEXT_CHARS = 256 * 1024;
const MAX_QUOTES = 50;
const MAX_LABEL_CHARS = 100;
const MAX_EVENTS = 100;
const MAX_META_KEYS = 50;
const MAX_KEY_CHARS = 64;
/** No client shows as much. */
const MAX_VALUE_CHARS = 2_000;
/** Of what names a session, a conversation or a person. */
const MAX_NAME_CHARS = 256;
const MAX_KIND_CHARS = 128;
/** The last moment that a Date can hold. */
const MAX_TIME = 8.64e15;
const KEYS = new Set(
  "text quotes meta kind id entity stateOf priority ack target ttlMs sender chat isTold files answering chatId at".split(
    " ",
  ),
);

/** Reads what an author's code returned. @throws SluiceError `bad_input` that names the field. */
export function checkResult(result: unknown): CheckedEvents {
  if (result === undefined || result === null)
    return { kind: "drop", reason: "receive returned nothing" };
  if (isDrop(result)) return { kind: "drop", reason: String(result.reason).slice(0, 200) };
  const list: readonly unknown[] = Array.isArray(result) ? result : [result];
  if (list.length === 0) return { kind: "drop", reason: "receive returned no events" };
  if (list.length > MAX_EVENTS)
    throw bad(`${list.length} events at once; return at most ${MAX_EVENTS}`);
  // Not `map`, which leaves holes as they are.
  return { kind: "events", events: Array.from(list, checkEvent) };
}

function isDrop(value: unknown): value is Drop {
  return typeof value === "object" && value !== null && Reflect.get(value, DROP) === true;
}

/** A copy that is what its type says. @throws SluiceError `bad_input` that names the field. */
export function checkEvent(given: unknown): NewEvent {
  if (typeof given === "string") return { text: toText(given) };
  if (typeof given !== "object" || given === null)
    throw bad(`an event must be a text or an object with a text, not ${toName(given)}`);
  // Each field is looked at below.
  const event = { ...given } as NewEvent;
  const unknown = Object.keys(event).find((key) => !KEYS.has(key));
  if (unknown !== undefined)
    throw bad(`unknown field "${unknown}" of an event; facts of your own go into meta`);
  checkTexts(event);
  if (event.priority !== undefined && !PRIORITIES.includes(event.priority))
    throw bad(`priority "${String(event.priority)}"; use ${PRIORITIES.join(", ")}`);
  if (event.ack !== undefined && !ACK_POLICIES.includes(event.ack))
    throw bad(`ack "${String(event.ack)}"; use ${ACK_POLICIES.join(", ")}`);
  if (event.ttlMs !== undefined && !(Number.isSafeInteger(event.ttlMs) && event.ttlMs > 0))
    throw bad(`ttlMs ${String(event.ttlMs)}; give milliseconds above 0`);
  const at = event.at instanceof Date ? event.at.getTime() : event.at;
  if (at !== undefined && !(Number.isSafeInteger(at) && Math.abs(at) <= MAX_TIME))
    throw bad("at is no time; give epoch milliseconds or a Date");
  const { chat, files, isTold } = event;
  if (event.sender === undefined && (chat !== undefined || isTold !== undefined))
    throw bad("chat and isTold are of a person's message; give its sender");
  if (isTold !== undefined && typeof isTold !== "boolean")
    throw bad("isTold must be true or false");
  return {
    ...event,
    text: files?.length === 0 || files === undefined ? toText(event.text) : toCaption(event.text),
    ...(chat === undefined ? {} : { chat: checkChat(chat) }),
    ...(files === undefined ? {} : { files: checkFiles(files) }),
    ...(event.kind === undefined ? {} : { kind: event.kind.slice(0, MAX_KIND_CHARS) }),
    ...(event.quotes === undefined ? {} : { quotes: toQuotes(event.quotes) }),
    ...(event.meta === undefined ? {} : { meta: checkMeta(event.meta) }),
    ...(at === undefined ? {} : { at }),
  };
}

function checkTexts(event: NewEvent): void {
  for (const key of ["kind", "id", "entity", "stateOf", "target", "chatId", "answering"] as const) {
    const value: unknown = event[key];
    if (value !== undefined && (typeof value !== "string" || value === ""))
      throw bad(`${key} must be a text that is not empty, not ${toName(value)}`);
    if (key === "target" || key === "chatId") checkLength(key, value);
    if (key === "answering" && value !== undefined && value.length > MAX_VALUE_CHARS)
      throw bad(`answering has ${value.length} characters; keep at most ${MAX_VALUE_CHARS}`);
  }
  const sender: unknown = event.sender;
  if (sender !== undefined) {
    const id: unknown =
      typeof sender === "object" && sender !== null ? Reflect.get(sender, "id") : undefined;
    if (typeof id !== "string" || id === "")
      throw bad(`sender.id must be a text that is not empty, not ${toName(id)}`);
    checkLength("sender.id", id);
  }
  const quotes: unknown = event.quotes ?? [];
  const isQuotes =
    Array.isArray(quotes) &&
    quotes.every((quote: unknown) => {
      if (typeof quote !== "object" || quote === null) return false;
      return (
        typeof Reflect.get(quote, "label") === "string" &&
        typeof Reflect.get(quote, "text") === "string"
      );
    });
  if (!isQuotes) throw bad("quotes must be a list of { label, text }");
}

function checkLength(key: string, value: string | undefined): void {
  if (value !== undefined && value.length > MAX_NAME_CHARS)
    throw bad(`${key} has ${value.length} characters; keep at most ${MAX_NAME_CHARS}`);
}

/** As many as anybody reads. */
function toQuotes(quotes: readonly Quote[]): Quote[] {
  const kept: Quote[] = [];
  let left = MAX_TEXT_CHARS;
  for (const { label, text } of quotes.slice(0, MAX_QUOTES)) {
    kept.push({ label: label.slice(0, MAX_LABEL_CHARS), text: text.slice(0, left) });
    left -= text.length;
    if (left <= 0) break;
  }
  if (kept.length < quotes.length || left < 0)
    kept.push({ label: "cut", text: "what follows was too much, and is left out" });
  return kept;
}

/** Files may come without a word. */
function toCaption(text: unknown): string {
  return text === "" ? "" : toText(text);
}

function toText(text: unknown): string {
  if (typeof text !== "string" || text.trim() === "")
    throw bad(`text must not be empty, and is ${toName(text)}; drop("why") leaves a thing out`);
  return text.length <= MAX_TEXT_CHARS
    ? text
    : `${text.slice(0, MAX_TEXT_CHARS)}\n(${text.length - MAX_TEXT_CHARS} more characters are left out)`;
}

/** AUTHOR-1 */
export function checkMeta(meta: unknown): EventMeta {
  if (typeof meta !== "object" || meta === null || Array.isArray(meta))
    throw bad(`meta must be an object of texts, not ${toName(meta)}`);
  const entries = Object.entries(meta).filter(([, value]) => value !== undefined);
  if (entries.length > MAX_META_KEYS)
    throw bad(`meta has ${entries.length} keys; keep at most ${MAX_META_KEYS}`);
  for (const [key, value] of entries) {
    if (key === "source") throw bad('meta key "source" is the client\'s own; use another name');
    if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(key))
      throw bad(
        `meta key ${JSON.stringify(key.slice(0, 80))} is no identifier; use letters, digits and _ (${suggestKey(key)})`,
      );
    if (key.length > MAX_KEY_CHARS)
      throw bad(
        `meta key ${key.slice(0, MAX_KEY_CHARS)}... is too long; keep at most ${MAX_KEY_CHARS} characters`,
      );
    if (typeof value !== "string")
      throw bad(`meta.${key} is ${toName(value)}; write it as a text: String(...)`);
  }
  // Each entry was looked at.
  const kept = entries as [string, string][];
  return Object.fromEntries(
    kept.map(([key, value]) => [key, value.slice(0, MAX_VALUE_CHARS)]),
  ) as EventMeta;
}

function suggestKey(key: string): string {
  const plain = key.replaceAll(/[^a-zA-Z0-9_]+/g, "_").slice(0, 40);
  return /^[a-zA-Z_]/.test(plain) ? plain : `_${plain}`;
}

function toName(value: unknown): string {
  if (value === null) return "null";
  if (value === "") return "empty";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function bad(what: string): SluiceError {
  return new SluiceError("bad_input", what);
}
