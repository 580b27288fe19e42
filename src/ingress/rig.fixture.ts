/**
 * A running ingress for the tests of this folder, and a raw client.
 *
 * Owns: real listener, real verifiers, real channels; an inbox in memory that knows duplicates. Never: used by the product.
 */
import { once } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { github } from "../channels/github/index.ts";
import { webhook } from "../channels/webhook/index.ts";
import { Secret } from "../sdk/secret.ts";
import type { Arrival } from "../sdk/event.ts";
import { sign } from "../verify/sign.ts";
import { openVerifier } from "../verify/verifier.ts";
import { listenIngress } from "./listener.ts";
import type { IngressListener, ListenOptions } from "./listener.ts";
import { createIngressApp } from "./receive.ts";
import type { IngressChannel, IngressOptions } from "./contract.ts";

export const TOKEN = "tok_0123456789abcdef0123456789abcdef";
export const GITHUB_SECRET = "github-secret-of-a-good-length";
export const LISTEN_TOKEN = "listen_0123456789abcdef0123456789";

export type Ingress = {
  port: number;
  listener: IngressListener;
  arrivals: Arrival[];
  counts: string[];
  warnings: string[];
};

export type IngressChanges = {
  channel?: Partial<IngressChannel>;
  options?: Partial<IngressOptions>;
  listen?: Partial<ListenOptions>;
  heartbeatMs?: number;
};

/** Channels `alerts` (bearer), `gh` (GitHub) and `local` (unsigned); `channel` changes all of them. */
export async function openIngress(changes: IngressChanges = {}): Promise<Ingress> {
  const channels = new Map<string, IngressChannel>();
  for (const [name, definition, verifier] of [
    ["alerts", webhook, toVerifier("bearer", TOKEN)],
    ["gh", github, toVerifier("github", GITHUB_SECRET)],
    ["local", webhook, "unsigned"],
  ] as const) {
    channels.set(name, {
      name,
      definition,
      verifier,
      options: { name, twoWay: false },
      paused: false,
      ratePerSecond: 0,
      burst: 0,
      ...changes.channel,
    });
  }
  const arrivals: Arrival[] = [];
  const counts: string[] = [];
  const warnings: string[] = [];
  const stored = new Map<string, string>();
  const app = createIngressApp(
    {
      channels,
      accept: async (arrival) => {
        const key = arrival.deliveryId && `${arrival.channel} ${arrival.deliveryId}`;
        const known = key && stored.get(key);
        if (known) return { kind: "stored", id: known, duplicate: true };
        arrivals.push(arrival);
        const id = `evt_${arrivals.length}`;
        if (key) stored.set(key, id);
        return { kind: "stored", id, duplicate: false };
      },
      count: (channel, reason) => counts.push(`${channel} ${reason}`),
      replies: async function* () {},
      log: { info() {}, warn: (_fields, message) => warnings.push(message) },
      clock: Date.now,
      ...changes.options,
    },
    changes.heartbeatMs === undefined ? undefined : { heartbeatMs: changes.heartbeatMs },
  );
  const listener = await listenIngress(app, { port: 0, ...changes.listen });
  return { port: listener.port, listener, arrivals, counts, warnings };
}

function toVerifier(scheme: string, secret: string): IngressChannel["verifier"] {
  return openVerifier({ scheme, credentials: [{ keyId: "one", secret: new Secret(secret) }] });
}

/** Headers of a genuine GitHub delivery of `body`. */
export function signGithub(body: string | Buffer, id = "d-1"): Record<string, string> {
  const credential = { keyId: "one", secret: new Secret(GITHUB_SECRET) };
  return sign("github", credential, { id, sentAt: Date.now(), body: Buffer.from(body) });
}

export type RawAnswer = {
  status: number;
  headers: Record<string, string>;
  body: string;
  text: string;
};

/** Sends bytes as they are and gives the first answer, or what came before the connection ended. */
export async function sendRaw(port: number, bytes: string | Buffer): Promise<RawAnswer> {
  const socket = await openSocket(port);
  socket.write(bytes);
  try {
    return await readAnswer(socket);
  } finally {
    socket.destroy();
  }
}

export async function openSocket(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  // A reset is one of the ways in which a connection may end here; `readAnswer` sees the close.
  socket.on("error", () => {});
  return socket;
}

export async function readAnswer(socket: Socket): Promise<RawAnswer> {
  let text = "";
  for (;;) {
    const chunk = await new Promise<Buffer | undefined>((resolve) => {
      socket.once("data", resolve);
      socket.once("close", () => resolve(undefined));
      if (socket.destroyed) resolve(undefined);
    });
    if (chunk !== undefined) text += chunk.toString("latin1");
    const end = text.indexOf("\r\n\r\n");
    if (end === -1 && chunk !== undefined) continue;
    const [first = "", ...lines] = text.slice(0, Math.max(0, end)).split("\r\n");
    const headers = Object.fromEntries(
      lines.map((line) => [
        line.split(":")[0]?.toLowerCase(),
        line.slice(line.indexOf(":") + 1).trim(),
      ]),
    );
    const body = text.slice(end + 4);
    if (chunk !== undefined && body.length < Number(headers["content-length"] ?? 0)) continue;
    return { status: Number(first.split(" ")[1] ?? 0), headers, body, text };
  }
}

/** A request in its bytes: `headers` are lines of their own, so that they can be doubled or wrong. */
export function toRequest(
  line: string,
  headers: readonly string[],
  body: string | Buffer = "",
): Buffer {
  const head = [`${line} HTTP/1.1`, ...headers, "", ""].join("\r\n");
  return Buffer.concat([Buffer.from(head, "latin1"), Buffer.from(body)]);
}
