/**
 * A chat of an author's: what it says of where and how a person wrote, and what it can do besides replying.
 *
 * Owns: these shapes, and what an event may say of a chat. Never: decides who may speak; runs anything.
 *
 * AUTHORCHAT-1 What is left out restricts nothing and allows nothing: a direct chat, the sender's own new words.
 */
import { SluiceError } from "../errors.ts";
import type { ChatFacts, IncomingFile } from "../event.ts";
import type { Activity, OutgoingButton, OutgoingFile, OutgoingMessage, Sign } from "../message.ts";
import { OWN_WORDS } from "../words.ts";

type Awaitable<T> = T | Promise<T>;

/** What the gate must know of a person's message. Default: a direct chat, and new words of the sender's own. */
export type EventChat = Partial<Omit<ChatFacts, "account">>;

/** A file that goes out. `read` brings all of it, where the process that sends may not open `path` itself. */
export type AuthorFile = OutgoingFile & { read(): Promise<Buffer> };

/** A message that goes out, as `reply` gets it. */
export type AuthorMessage = Omit<OutgoingMessage, "files"> & { files?: readonly AuthorFile[] };

/** What each act of a chat is told. */
export type ChatActInputs = {
  /** Without `buttons` the message has none any more. */
  edit: {
    chatId: string;
    messageId: string;
    text: string;
    buttons?: readonly (readonly OutgoingButton[])[];
  };
  react: { chatId: string; messageId: string; reaction: string };
  typing: { chatId: string; activity: Activity; threadId?: string };
  /** A sign of how far a person's message got, in place of an earlier one. */
  mark: { chatId: string; messageId: string; sign: Sign };
  /** `reference`: of a file that an event brought. */
  download: { reference: string; maxBytes: number };
};
export const CHAT_ACTS = ["edit", "react", "typing", "mark", "download"] as const;
export type ChatAct = (typeof CHAT_ACTS)[number];

/** What a chat can do besides `reply`: what is missing is not offered to anybody. Throw where it was not done. `L` is a `Live`. */
export type ChatActs<L> = {
  [A in Exclude<ChatAct, "download">]?: (input: ChatActInputs[A], live: L) => unknown;
} & {
  /** Throw a SluiceError `too_large` as soon as it is more than `maxBytes`. */
  download?(input: ChatActInputs["download"], live: L): Awaitable<Uint8Array>;
  /** The largest file that the platform takes. Default 25 MiB. */
  maxFileBytes?: number;
  /** Its buttons can open a form (`OutgoingButton.asks`). */
  hasForms?: boolean;
};

/** What can be told of it without running it. */
export type ChatOutline = { acts: ChatAct[]; maxFileBytes?: number; hasForms?: true };

const PLACES: readonly unknown[] = ["dm", "group", "thread", "broadcast"];
const FLAGS: ReadonlySet<string> = new Set(
  "isAddressed isBot isForwarded isEdited isOutsider isShared isCommand".split(" "),
);
const MAX_ID_CHARS = 256;
const MAX_REFERENCE_CHARS = 4_096;
const MAX_FILES = 50;

/** @throws SluiceError `bad_input` that names the field. */
export function checkChat(given: unknown): EventChat {
  if (!isObject(given)) throw bad('chat must be an object, such as { place: "group" }');
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined) continue;
    if (key === "place") {
      if (!PLACES.includes(value)) throw bad(`chat.place must be one of ${PLACES.join(", ")}`);
    } else if (key === "groupId" || key === "button") checkId(`chat.${key}`, value);
    else if (!FLAGS.has(key)) throw bad(`chat has no field "${key}"`);
    else if (typeof value !== "boolean") throw bad(`chat.${key} must be true or false`);
  }
  // Each field was looked at.
  return given as EventChat;
}

/** @throws SluiceError `bad_input` that names the field. */
export function checkFiles(given: unknown): readonly IncomingFile[] {
  if (!Array.isArray(given) || given.length > MAX_FILES)
    throw bad(`files must be a list of at most ${MAX_FILES} of { reference, name }`);
  return given.map((file: unknown): IncomingFile => {
    if (!isObject(file)) throw bad("files must be a list of { reference, name }");
    const { reference, name, mime, bytes } = file;
    checkId("reference of a file", reference, MAX_REFERENCE_CHARS);
    if (typeof name !== "string") throw bad("name of a file must be a text");
    if (mime !== undefined && typeof mime !== "string") throw bad("mime of a file must be a text");
    if (bytes !== undefined && !(Number.isSafeInteger(bytes) && Number(bytes) >= 0))
      throw bad("bytes of a file must be a whole number, 0 or more");
    return {
      reference: String(reference),
      name: name.slice(0, MAX_ID_CHARS),
      ...(mime === undefined ? {} : { mime: mime.slice(0, MAX_ID_CHARS) }),
      ...(bytes === undefined ? {} : { bytes: Number(bytes) }),
    };
  });
}

/** Under which label a person's words stand: only new words of their own are looked through for codes and commands. */
export function toWordsLabel({ isForwarded, isEdited }: EventChat): string {
  if (isForwarded === true) return "forwarded";
  return isEdited === true ? "edited message" : OWN_WORDS;
}

/** What is wrong with the `chat` of a definition; undefined where nothing is. */
export function findChatFault(chat: object): string | undefined {
  for (const [key, value] of Object.entries(chat)) {
    if (value === undefined) continue;
    if (CHAT_ACTS.some((act) => act === key)) {
      if (typeof value !== "function") return `chat.${key} must be a function`;
    } else if (key === "maxFileBytes") {
      if (!Number.isSafeInteger(value) || value < 1)
        return "chat.maxFileBytes must be a whole number of bytes";
    } else if (key !== "hasForms")
      return `chat has no field "${key}"; there are ${CHAT_ACTS.join(", ")}, maxFileBytes, hasForms`;
    else if (typeof value !== "boolean") return "chat.hasForms must be true or false";
  }
  return undefined;
}

export function describeChat({ maxFileBytes, hasForms, ...acts }: ChatActs<never>): ChatOutline {
  return {
    acts: CHAT_ACTS.filter((act) => acts[act] !== undefined),
    ...(maxFileBytes === undefined ? {} : { maxFileBytes }),
    ...(hasForms === true ? { hasForms } : {}),
  };
}

function checkId(what: string, value: unknown, max = MAX_ID_CHARS): void {
  if (typeof value !== "string" || value === "" || value.length > max)
    throw bad(`${what} must be a text of 1 to ${max} characters`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function bad(what: string): SluiceError {
  return new SluiceError("bad_input", what);
}
