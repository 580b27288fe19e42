// What the chat page sends, sent without a browser. Owns one sign-in and the wire;
// never asserts anything.
import type { FileView, MessageView } from "../../src/api/wire/web-wire.ts";
import { toMessageId } from "../../src/sdk/page.ts";

export type Typed = { files?: string[]; replyTo?: string };

export class PageByHand {
  readonly #origin: string;
  readonly #headers: Record<string, string>;

  private constructor(origin: string, headers: Record<string, string>) {
    this.#origin = origin;
    this.#headers = headers;
  }

  /** Opens what `sluice open --print` printed. */
  static async open(link: string): Promise<PageByHand> {
    const { origin, hash } = new URL(link);
    const answer = await fetch(`${origin}/v1/sign-in`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ token: hash.replace("#open=", "") }),
    });
    const { key } = (await answer.json()) as { key: string };
    const cookie = answer.headers.get("set-cookie")?.split(";", 1)[0] ?? "";
    const page = new PageByHand(origin, { "x-sluice-key": key, cookie });
    // There is a chat once somebody has looked.
    await page.#carry("page");
    return page;
  }

  /** Resolves to the id of the message. */
  async say(text: string, typed: Typed = {}): Promise<string> {
    const key = crypto.randomUUID();
    await this.#post("chats/chat-1/messages", { key, text, ...typed });
    return toMessageId(key);
  }

  async edit(id: string, text: string): Promise<void> {
    const key = crypto.randomUUID();
    await this.#post(`chats/chat-1/messages/${id}/text`, { key, text });
  }

  /** Resolves to the id of the file. */
  async upload(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
    const type = { "content-type": "application/octet-stream" };
    const init = { method: "POST", body: bytes, headers: type };
    const kept = await this.#carry(`files?name=${encodeURIComponent(name)}`, init);
    return ((await kept.json()) as FileView).id;
  }

  async download(id: string): Promise<string> {
    return (await this.#carry(`files/${id}`)).text();
  }

  async list(): Promise<MessageView[]> {
    return (await (await this.#carry("chats/chat-1/messages")).json()) as MessageView[];
  }

  async #post(path: string, body: unknown): Promise<void> {
    const headers = { "content-type": "application/json" };
    await this.#carry(path, { method: "POST", headers, body: JSON.stringify(body) });
  }

  async #carry(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { ...(init.headers as Record<string, string>), ...this.#headers };
    const answer = await fetch(`${this.#origin}/v1/${path}`, { ...init, headers });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }
}
