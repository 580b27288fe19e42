/**
 * A server that speaks the Bot API as far as the channel does, with its errors.
 *
 * Owns: the offset and conflict rules of getUpdates, what is refused and in which words, faults on demand. Never: used by a hub at work.
 * https://core.telegram.org/bots/api
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { at, listAt, textAt } from "../../../src/sdk/json.ts";
import { FakeMessages } from "./fake-messages.ts";
import {
  checkFile,
  checkReaction,
  checkText,
  type FakeAnswer,
  type FakeFiles,
  readPayload,
  toError,
  toResult,
} from "./fake-wire.ts";

/** A call that was carried out, or refused; `files` by field name. */
export type FakeCall = {
  method: string;
  payload: Record<string, unknown>;
  files: FakeFiles;
  ok: boolean;
};

export type FakeFault =
  | { kind: "error"; status: number; description: string; retryAfter?: number; migrateTo?: number }
  /** An answer that is no JSON, as from a gateway. */
  | { kind: "gateway"; status: number }
  /** Taken, never answered. */
  | { kind: "hang" }
  /** Carried out, and then the connection breaks. */
  | { kind: "break" };

type Poll = { end: (answer: FakeAnswer) => void; offset: number };

const CONFLICT =
  "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running";
const FAKE_ME = { id: 4_242, is_bot: true, first_name: "Sluice", username: "sluice_bot" };
export const FAKE_TOKEN = "4242:AAFakeFakeFakeFakeFakeFakeFakeFakeFake";

export class FakeTelegram {
  readonly #server: Server;
  readonly calls: FakeCall[] = [];
  readonly files = new Map<string, Buffer>();
  /** What the current token is; any other is refused. */
  token = FAKE_TOKEN;
  #updates: { id: number; update: unknown }[] = [];
  #nextUpdate = 1_000;
  #nextMessage = 500;
  #poll: Poll | undefined;
  #faults: { method: string; fault: FakeFault; times: number; after: number }[] = [];
  readonly #messages = new FakeMessages();
  readonly #answeredTaps = new Set<string>();

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
  }

  static async open(): Promise<FakeTelegram> {
    const fake = new FakeTelegram();
    await new Promise<void>((resolve) => {
      fake.#server.listen(0, "127.0.0.1", resolve);
    });
    return fake;
  }

  /** For the setting `api-root`. */
  get root(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Queues an update, whatever it holds; returns its id. */
  push(update: object): number {
    const id = this.#nextUpdate++;
    this.#updates.push({ id, update: { update_id: id, ...update } });
    this.#flush();
    return id;
  }

  /** How many updates nobody has confirmed. */
  get waiting(): number {
    return this.#updates.length;
  }

  /** Goes wrong `times` times when `method` (`*` is any) is called, from the call behind the next `after` ones. */
  fail(method: string, fault: FakeFault, times = 1, after = 0): void {
    this.#faults.push({ method, fault, times, after });
  }

  heal(): void {
    this.#faults = [];
  }

  /** A message as its reader sees it: its text as it was sent, and the labels of its buttons. */
  read(chatId: string, messageId: string): { text: string; buttons: string[] } | undefined {
    return this.#messages.read(`${chatId}/${messageId}`);
  }

  /** Somebody taps the button with this label; `from` and the chat as Telegram would tell them. */
  tap(chatId: string, messageId: string, label: string, from: number = Number(chatId)): void {
    const data = this.buttons(chatId, messageId).find(([one]) => one === label)?.[1];
    if (data === undefined) throw new Error(`message ${messageId} has no button ${label}`);
    this.tapData(chatId, messageId, data, from);
  }

  /** A tap on a button that an old copy of the message still shows. */
  tapData(chatId: string, messageId: string, data: string, from: number = Number(chatId)): void {
    this.push({
      callback_query: {
        id: `tap-${this.#nextUpdate}`,
        from: { id: from, is_bot: false, first_name: "Ann" },
        chat_instance: "1",
        data,
        message: {
          message_id: Number(messageId),
          date: 1_767_603_600,
          chat: { id: Number(chatId), type: Number(chatId) < 0 ? "supergroup" : "private" },
          from: FAKE_ME,
          text: "…",
        },
      },
    });
  }

  /** Labels and data of a message's buttons. */
  buttons(chatId: string, messageId: string): [label: string, data: string][] {
    return this.#messages.buttons(`${chatId}/${messageId}`);
  }

  /** What was carried out, by method. */
  sent(method: string): FakeCall[] {
    return this.calls.filter((call) => call.method === method && call.ok);
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => {
      this.#server.close(resolve);
    });
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, file, token, rest = ""] =
      /^\/(file\/)?bot([^/]+)\/(.+)$/.exec(request.url ?? "") ?? [];
    if (file !== undefined) {
      const bytes = token === this.token ? this.files.get(decodeURIComponent(rest)) : undefined;
      response.writeHead(bytes === undefined ? 404 : 200, {
        "content-type": "application/octet-stream",
      });
      response.end(bytes);
      return;
    }
    const { payload, files } = await readPayload(request);
    const fault = this.#takeFault(rest);
    if (fault?.kind === "hang") return;
    if (fault?.kind === "gateway") {
      response
        .writeHead(fault.status, { "content-type": "text/html" })
        .end("<html>Bad Gateway</html>");
      return;
    }
    const answer =
      token !== this.token
        ? /^\d+:[\w-]{30,}$/.test(token ?? "")
          ? toError(401, "Unauthorized")
          : toError(404, "Not Found")
        : fault?.kind === "error"
          ? toError(fault.status, fault.description, fault)
          : await this.#do(rest, payload, files);
    this.calls.push({ method: rest, payload, files, ok: answer.status === 200 });
    if (fault?.kind === "break") {
      response.destroy();
      return;
    }
    response.writeHead(answer.status, { "content-type": "application/json" });
    response.end(JSON.stringify(answer.body));
  }

  #takeFault(method: string): FakeFault | undefined {
    const found = this.#faults.find(
      (fault) => fault.times > 0 && (fault.method === method || fault.method === "*"),
    );
    if (found === undefined) return undefined;
    if (found.after-- > 0) return undefined;
    found.times -= 1;
    return found.fault;
  }

  async #do(
    method: string,
    payload: Record<string, unknown>,
    files: FakeFiles,
  ): Promise<FakeAnswer> {
    switch (method) {
      case "getMe":
        return toResult(FAKE_ME);
      case "getUpdates":
        return this.#getUpdates(payload);
      case "sendMessage":
        return this.#keep(
          payload,
          checkText(payload["text"], payload["parse_mode"], 4_096),
          "text",
        );
      case "sendPhoto":
      case "sendAnimation":
      case "sendDocument":
        return this.#keep(
          payload,
          checkFile(method, files) ??
            checkText(payload["caption"] ?? "-", payload["parse_mode"], 1_024),
          "caption",
        );
      case "sendMediaGroup": {
        const media = listAt(payload, "media");
        if (media.length < 2 || media.length > 10)
          return toError(400, "Bad Request: wrong number of items in media group");
        const kept = media.map((item) =>
          this.#keep(
            payload,
            checkText(at(item, "caption") ?? "-", at(item, "parse_mode"), 1_024),
            "caption",
          ),
        );
        return (
          kept.find(({ status }) => status !== 200) ??
          toResult(kept.map(({ body }) => at(body, "result")))
        );
      }
      case "editMessageText":
        return this.#messages.edit(payload);
      case "setMessageReaction":
        return checkReaction(payload);
      case "getFile": {
        const id = String(payload["file_id"]);
        const bytes = this.files.get(id);
        if (bytes === undefined)
          return toError(400, "Bad Request: wrong file_id or the file is temporarily unavailable");
        if (bytes.length > 20 * 1024 * 1024) return toError(400, "Bad Request: file is too big");
        return toResult({ file_id: id, file_size: bytes.length, file_path: id });
      }
      case "answerCallbackQuery":
        return this.#answerTap(payload);
      case "sendChatAction":
      case "setMyCommands":
        return toResult(true);
      default:
        return toError(404, "Not Found");
    }
  }

  /** A higher offset forgets what is below it; a second poll ends the first one. */
  #getUpdates(payload: Record<string, unknown>): Promise<FakeAnswer> {
    this.#poll?.end(toError(409, CONFLICT));
    const offset = Number(payload["offset"] ?? 0);
    this.#updates = this.#updates.filter(({ id }) => id >= offset);
    return new Promise((resolve) => {
      const timer = setTimeout(
        () => poll.end(toResult([])),
        Number(payload["timeout"] ?? 0) * 1_000,
      );
      const poll: Poll = {
        offset,
        end: (answer) => {
          clearTimeout(timer);
          if (this.#poll === poll) this.#poll = undefined;
          resolve(answer);
        },
      };
      this.#poll = poll;
      this.#flush();
    });
  }

  #flush(): void {
    const ready = this.#updates.slice(0, 100).map(({ update }) => update);
    if (ready.length > 0) this.#poll?.end(toResult(ready));
  }

  #keep(
    payload: Record<string, unknown>,
    refusal: FakeAnswer | undefined,
    field: "text" | "caption",
  ): FakeAnswer {
    if (refusal !== undefined) return refusal;
    const buttons = listAt(payload, "reply_markup.inline_keyboard").flat();
    if (buttons.some((button) => Buffer.byteLength(textAt(button, "callback_data") ?? "") > 64)) {
      return toError(400, "Bad Request: BUTTON_DATA_INVALID");
    }
    const chatId = Number(payload["chat_id"]);
    if (!Number.isSafeInteger(chatId)) return toError(400, "Bad Request: chat not found");
    const id = this.#nextMessage++;
    const words = payload[field];
    if (typeof words === "string")
      this.#messages.keep(`${chatId}/${id}`, words, payload["reply_markup"]);
    return toResult({
      message_id: id,
      date: 1,
      chat: { id: chatId, type: "private" },
      from: FAKE_ME,
    });
  }

  /** A query can be answered once, with at most 200 characters. */
  #answerTap(payload: Record<string, unknown>): FakeAnswer {
    const id = String(payload["callback_query_id"]);
    if (String(payload["text"] ?? "").length > 200)
      return toError(400, "Bad Request: MESSAGE_TOO_LONG");
    if (this.#answeredTaps.has(id))
      return toError(
        400,
        "Bad Request: query is too old and response timeout expired or query ID is invalid",
      );
    this.#answeredTaps.add(id);
    return toResult(true);
  }
}
