/**
 * What goes out: texts in pieces, files, edits, and that the bot types.
 *
 * Owns: the content of our events, and their order. Never: the wire (api.ts).
 *
 * MXSEND-1 Parts leave one after the other, and none is sent again that has arrived: what broke off says which did.
 * MXSEND-2 Nobody is called by what a session writes: `m.mentions` is empty in every message.
 * MXSEND-3 It is `m.text` and no notice: clients tell nobody of a notice, and a prompt must be seen.
 */
import {
  type AuthorFile,
  type AuthorMessage,
  type ChatActInputs,
  isSluiceError,
  type SentMessage,
  SluiceError,
  toMessage,
  toPartFault,
} from "sluice";
import { type MatrixApi, readMaxUpload } from "./api.ts";
import { type Button, buttonsOf, FIELD, toButtons } from "./buttons.ts";
import type { Reactions } from "./reactions.ts";
import { cut, toBody } from "./render.ts";
import { type Rooms, toContent } from "./rooms.ts";

const TYPING_MS = 10_000;
const IMAGES: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
};

type Relation = Readonly<Record<string, unknown>>;
type Warn = (fields: object, message: string) => void;

export class Sender {
  readonly #api: MatrixApi;
  readonly #me: string;
  readonly #rooms: Rooms;
  readonly #reactions: Reactions;
  readonly #warn: Warn;
  #maxUpload: Promise<number | undefined> | undefined;

  constructor(
    {
      api,
      me,
      rooms,
      reactions,
    }: { api: MatrixApi; me: string; rooms: Rooms; reactions: Reactions },
    warn: Warn,
  ) {
    this.#api = api;
    this.#me = me;
    this.#rooms = rooms;
    this.#reactions = reactions;
    this.#warn = warn;
  }

  /** MXSEND-1. @throws SluiceError */
  async send(message: AuthorMessage): Promise<SentMessage> {
    const { chatId, text, files = [], arrived = [] } = message;
    const pieces = cut(text);
    const buttons = toButtons(message.buttons);
    const ids = [...arrived];
    for (let nth = ids.length; nth < pieces.length + files.length; nth++) {
      const [piece, file] = [pieces[nth], files[nth - pieces.length]];
      const isLast = nth === pieces.length - 1;
      try {
        const content =
          piece === undefined
            ? await this.#toFile(file)
            : { msgtype: "m.text", ...toBody(piece), ...toField(isLast ? buttons : []) };
        const relation = toRelation(message, nth === 0);
        const whole = { ...content, "m.mentions": {}, ...relation };
        const id = await this.#api.put(chatId, "send/m.room.message", whole);
        ids.push(id);
        if (piece !== undefined && isLast) await this.#offer(chatId, id, buttons);
      } catch (thrown) {
        if (!isSluiceError(thrown) || ids.length === 0) throw thrown;
        throw toPartFault(thrown, ids);
      }
    }
    if (ids.length > 0) return { messageIds: ids };
    throw new SluiceError("bad_input", "Matrix: there is neither a text nor a file to send");
  }

  /** @throws SluiceError */
  async edit({ chatId, messageId, text, buttons: rows }: ChatActInputs["edit"]): Promise<void> {
    const buttons = toButtons(rows);
    const before = buttonsOf(toContent(await this.#rooms.findEvent(chatId, messageId)));
    const [first = " "] = cut(text);
    const body = toBody(first);
    const content = { msgtype: "m.text", ...body, ...toField(buttons), "m.mentions": {} };
    this.#rooms.forgetEvent(chatId, messageId);
    await this.#api.put(chatId, "send/m.room.message", {
      msgtype: "m.text",
      body: `* ${body.body}`,
      "m.mentions": {},
      "m.new_content": content,
      "m.relates_to": { rel_type: "m.replace", event_id: messageId },
    });
    const kept = new Set(buttons.map(({ key }) => key));
    const gone = before.filter(({ key }) => !kept.has(key)).map(({ key }) => key);
    await this.#quietly("a button could not be taken away", () =>
      this.#reactions.takeBack(chatId, messageId, new Set(gone)),
    );
    const known = new Set(before.map(({ key }) => key));
    await this.#offer(
      chatId,
      messageId,
      buttons.filter(({ key }) => !known.has(key)),
    );
  }

  /** Nobody types while a person is asked. @throws SluiceError */
  async typing(room: string, activity: ChatActInputs["typing"]["activity"]): Promise<void> {
    if (activity === "approval") return;
    const path = `client/v3/rooms/${encodeURIComponent(room)}/typing/${encodeURIComponent(this.#me)}`;
    await this.#api.call("PUT", path, { body: { typing: true, timeout: TYPING_MS } });
  }

  /** The message is there: one that shows fewer buttons is answered by its typed code. */
  async #offer(room: string, message: string, buttons: readonly Button[]): Promise<void> {
    await this.#quietly("a button could not be shown", async () => {
      for (const { key } of buttons) await this.#reactions.add(room, message, key);
    });
  }

  async #quietly(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      this.#warn({ error: toMessage(thrown) }, what);
    }
  }

  /** @throws SluiceError `too_large` before anything is sent. */
  async #toFile(file: AuthorFile | undefined): Promise<Readonly<Record<string, unknown>>> {
    if (file === undefined) throw new SluiceError("internal", "Matrix: a part that is none");
    const { name, bytes } = file;
    this.#maxUpload ??= readMaxUpload(this.#api);
    const max = await this.#maxUpload.catch((thrown: unknown) => {
      this.#maxUpload = undefined;
      throw thrown;
    });
    if (max !== undefined && bytes > max)
      throw new SluiceError(
        "too_large",
        `${name} has ${bytes} bytes; the homeserver takes ${max} at most`,
      );
    const mime = IMAGES[/\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ""];
    const type = mime ?? "application/octet-stream";
    const url = await this.#api.upload(name, type, await file.read());
    return {
      msgtype: mime === undefined ? "m.file" : "m.image",
      body: name,
      filename: name,
      url,
      info: { size: bytes, mimetype: type },
    };
  }
}

function toField(buttons: readonly Button[]): Readonly<Record<string, unknown>> {
  return buttons.length === 0 ? {} : { [FIELD]: buttons };
}

/** https://spec.matrix.org/latest/client-server-api/#threading */
function toRelation({ threadId, replyTo }: AuthorMessage, isFirst: boolean): Relation {
  const answers = isFirst && replyTo !== undefined ? { event_id: replyTo } : undefined;
  if (threadId !== undefined)
    return {
      "m.relates_to": {
        rel_type: "m.thread",
        event_id: threadId,
        is_falling_back: answers === undefined,
        "m.in_reply_to": answers ?? { event_id: threadId },
      },
    };
  return answers === undefined ? {} : { "m.relates_to": { "m.in_reply_to": answers } };
}
