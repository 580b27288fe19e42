// The chat platform's API: replace it by what yours has.
import { SluiceError } from "sluice";
import { z } from "zod";

const messages = z.array(
  z.object({ id: z.number(), chat: z.string(), from: z.string(), text: z.string() }),
);

export type Message = z.infer<typeof messages>[number];

export class Platform {
  readonly #root: string;
  readonly #headers: Record<string, string>;
  readonly #end = new AbortController();
  /** Aborts when the connection is closed. */
  readonly signal: AbortSignal = this.#end.signal;

  constructor(root: string, token: string) {
    this.#root = root;
    this.#headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  }

  /** Messages that came after that one, oldest first. */
  async readAfter(id: number): Promise<Message[]> {
    return messages.parse(await (await this.#ask(`/messages?after=${id}`)).json());
  }

  async send(chat: string, text: string): Promise<void> {
    await this.#ask("/messages", { method: "POST", body: JSON.stringify({ chat, text }) });
  }

  close(): void {
    this.#end.abort();
  }

  async #ask(path: string, init: RequestInit = {}): Promise<Response> {
    const { signal } = this;
    const url = `${this.#root}${path}`;
    const answer = await fetch(url, { ...init, headers: this.#headers, signal });
    // Not tried again: no waiting mends it.
    if (answer.status === 401)
      throw new SluiceError("unauthorized", "the platform refused MY_CHANNEL_TOKEN; give another");
    if (!answer.ok) throw new Error(`the platform answered ${answer.status}`);
    return answer;
  }
}
