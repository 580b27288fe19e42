/**
 * The plugin's way to the hub: a stream of server-sent events that brings messages, and reports, in their order.
 *
 * Owns: connecting again. Never: knows what a message means. It runs inside opencode, in Bun: nothing but Node's http is used.
 */
import { type ClientRequest, type IncomingMessage, request } from "node:http";
import { type Env, locateSocket } from "../../local/home.ts";
import { parseObject } from "../../sdk/json.ts";
import type { PluginReport } from "../host.ts";

type Fields = Record<string, unknown>;

export type HubLinkOptions = {
  env: Env;
  session: Fields & { session: string };
  onMessage: (message: Fields) => void;
};

const AGAIN_MS = 1_000;
const REPORT_MS = 10_000;

export class PluginLink {
  readonly #options: HubLinkOptions;
  #isClosed = false;
  /** The hub has taken the session: before, it would refuse what is told of it. */
  #isTaken = false;
  #stream: ClientRequest | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(options: HubLinkOptions) {
    this.#options = options;
    this.#connect();
  }

  /** What cannot be told is lost: after the next connection the history is asked. */
  report(report: PluginReport): void {
    if (!this.#isTaken) return;
    this.#last = this.#last.then(() => this.#post(report));
  }

  close(): void {
    this.#isClosed = true;
    this.#stream?.destroy();
  }

  #connect(): void {
    if (this.#isClosed) return;
    const { session, onMessage } = this.#options;
    const again = (): void => {
      if (this.#stream !== stream) return;
      this.#stream = undefined;
      this.#isTaken = false;
      if (!this.#isClosed) setTimeout(() => this.#connect(), AGAIN_MS).unref();
    };
    const stream = this.#open("/v1/hosts/opencode/sessions", (answer) => {
      let rest = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => {
        const lines = (rest + chunk).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) {
          const message = parseObject(line.replace(/^data: ?/, ""));
          if (message === undefined || typeof message["kind"] !== "string") continue;
          this.#isTaken = true;
          onMessage(message);
        }
      });
      answer.once("close", again);
    });
    stream.once("error", again);
    stream.end(JSON.stringify(session));
    this.#stream = stream;
  }

  #post(report: PluginReport): Promise<void> {
    const { session } = this.#options;
    const path = `/v1/hosts/opencode/sessions/${encodeURIComponent(session.session)}/reports`;
    return new Promise((resolve) => {
      const posted = this.#open(path, (answer) => answer.resume().once("close", resolve));
      posted.setTimeout(REPORT_MS, () => posted.destroy());
      // No hub: it asks what became of what is out, once it is there again.
      posted.once("error", () => resolve());
      posted.end(JSON.stringify(report));
    });
  }

  #open(path: string, onAnswer: (answer: IncomingMessage) => void): ClientRequest {
    const headers = { "content-type": "application/json" };
    const socketPath = locateSocket(this.#options.env);
    return request({ socketPath, path, method: "POST", headers }, onAnswer);
  }
}
