/**
 * The browser's port: a literal loopback address, never the ingress port, with its guard in front.
 *
 * Owns: the socket, limits of size and time, refusals before any route. Never: the answers to a page (app.ts).
 *
 * PAGEPORT-1 Only 127.0.0.1 is bound, by number: a name may stand for one address family only, and we never ask for another address.
 * PAGEPORT-2 If the port is taken, a free one is used: nobody outside knows the port, except a tunnel of the owner, who is then told
 *    (web.ts).
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { readFileLimit, toConnectionCaps } from "../../local/file-limit.ts";
import type { Env } from "../../local/home.ts";
import type { ListenerView } from "../../api/wire/wire.ts";
import { SluiceError, toMessage } from "../../sdk/errors.ts";
import type { Logger } from "../../sdk/log.ts";
import { SECURITY_HEADERS, toMaxBytes, type WebApp } from "./app.ts";
import { findRefusal } from "./guard.ts";
import type { RemoteOrigin } from "./sign-in/remote.ts";

const HOST = "127.0.0.1";
const DEFAULT_PORT = 8787;

export class WebListener {
  readonly #log: Logger;
  readonly #wanted: number;
  readonly #readRemote: () => RemoteOrigin | undefined;
  readonly #maxConnections = toConnectionCaps(readFileLimit()).page;
  #view: ListenerView;
  #server: Server | undefined;

  /** @throws SluiceError `bad_config` for a SLUICE_WEB_PORT that is none. */
  constructor(env: Env, log: Logger, readRemote: () => RemoteOrigin | undefined = () => undefined) {
    this.#log = log;
    this.#readRemote = readRemote;
    this.#wanted = readPort(env);
    this.#view = { state: "off", host: HOST, port: this.#wanted };
  }

  get view(): ListenerView {
    return this.#view;
  }

  /** The port that was wanted is another program's, which a tunnel may still lead to. */
  get hasMoved(): boolean {
    return this.#view.state === "up" && this.#wanted !== 0 && this.#view.port !== this.#wanted;
  }

  get url(): string {
    return `http://${HOST}:${this.#view.port}`;
  }

  /** A fault is kept in the view, not thrown: the hub works without a page. */
  async open(app: WebApp): Promise<void> {
    const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
    const server = createServer({ maxHeaderSize: 16 * 1024, requestTimeout: 120_000 });
    server.maxConnections = this.#maxConnections;
    server.on("request", (incoming, outgoing) => {
      if (this.#refuse(incoming, outgoing)) return;
      void listener(incoming, outgoing);
    });
    try {
      await listen(server, this.#wanted).catch(async (thrown: unknown) => {
        this.#log.warn(
          { port: this.#wanted, reason: toMessage(thrown) },
          "the page takes another port",
        );
        await listen(server, 0);
      });
      // A server that listens on a TCP port has an AddressInfo.
      const { port } = server.address() as AddressInfo;
      this.#server = server;
      this.#view = { state: "up", host: HOST, port };
    } catch (thrown) {
      this.#view = { ...this.#view, state: "down", reason: toMessage(thrown) };
      this.#log.error({ reason: toMessage(thrown) }, "the page is down");
    }
  }

  async close(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  }

  #refuse(incoming: IncomingMessage, outgoing: ServerResponse): boolean {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) outgoing.setHeader(name, value);
    const refusal = findRefusal(incoming, this.#view.port, this.#readRemote());
    if (refusal !== undefined) return end(outgoing, refusal.status, refusal.reason);
    const length = Number(incoming.headers["content-length"] ?? Number.NaN);
    const hasBody = incoming.method !== "GET" && incoming.method !== "HEAD";
    // Every client of this page says how long its body is; node holds it to that.
    if (hasBody && !Number.isSafeInteger(length)) return end(outgoing, 411, "length");
    if (hasBody && length > toMaxBytes(incoming.url ?? "")) return end(outgoing, 413, "length");
    return false;
  }
}

function end(outgoing: ServerResponse, status: number, reason: string): true {
  outgoing.writeHead(status, { "Content-Type": "application/json", Connection: "close" });
  outgoing.end(
    JSON.stringify({
      error: { code: "bad_input", message: `refused: ${reason}`, retryable: false },
    }),
  );
  return true;
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: HOST, port }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function readPort(env: Env): number {
  const wanted = env["SLUICE_WEB_PORT"];
  if (wanted === undefined || wanted === "") return DEFAULT_PORT;
  const port = Number(wanted);
  if (!Number.isSafeInteger(port) || port < 0 || port > 65_535) {
    throw new SluiceError(
      "bad_config",
      `SLUICE_WEB_PORT is "${wanted}"; give a port from 0 to 65535`,
    );
  }
  return port;
}
