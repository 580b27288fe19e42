/**
 * The server of MCP Events on a real database and a real port, and a client that speaks to it by hand.
 *
 * Owns: putting both together for one test. Never: claims.
 */
import { randomBytes } from "node:crypto";
import { onTestFinished } from "vitest";
import { systemClock, type Clock } from "../sdk/clock.ts";
import type { ChannelDefinition } from "../sdk/channel.ts";
import type { Arrival } from "../sdk/event.ts";
import { addEventClient, type EventClient } from "../store/clients/event-clients.ts";
import { addEvent } from "../store/events/add-event.ts";
import type { Database } from "../store/file/database.ts";
import { openDatabase, toArrival } from "../store/sample.fixture.ts";
import type { CallbacksOptions } from "./callbacks.ts";
import { hashToken } from "./listener.ts";
import { openEvents } from "./open.ts";

export const MODERN = "2026-07-28";
const KINDS: Readonly<Record<string, Pick<ChannelDefinition, "title" | "events">>> = {
  github: {
    title: "GitHub",
    events: [{ name: "workflow_run" }, { name: "issues", meta: ["state"] }],
  },
  webhook: { title: "Webhook" },
};

export type StageOptions = {
  db?: Database;
  clock?: Clock;
  port?: number;
  channels?: { name: string; kind: string }[];
  client?: Partial<EventClient>;
  resolve?: CallbacksOptions["resolve"];
};

export type Rpc = {
  status: number;
  result?: Record<string, never>;
  error?: { code: number; message: string; data?: unknown };
};

export async function openStage(options: StageOptions = {}) {
  const { db = openDatabase(), clock = systemClock, port = 0, resolve } = options;
  const channels = options.channels ?? [
    { name: "github", kind: "github" },
    { name: "alerts", kind: "webhook" },
  ];
  const changed = new Set<() => void>();
  const log: string[] = [];
  const note = (_: object, message: string): void => void log.push(message);
  const queue = new Map<string, Promise<unknown>>();
  const server = await openEvents({
    db,
    clock,
    log: { debug: () => {}, info: () => {}, warn: note, error: note },
    version: "0.0.0",
    port,
    listChannels: () => channels,
    loadKind: async (kind) => {
      const found = KINDS[kind];
      if (found === undefined) throw new Error(`no kind ${kind}`);
      return found;
    },
    serial: (key, work) => {
      const next = (queue.get(key) ?? Promise.resolve()).then(work, work);
      queue.set(key, next);
      return next;
    },
    onOffersChanged: (tell) => {
      changed.add(tell);
      return () => changed.delete(tell);
    },
    ...(resolve === undefined ? {} : { resolve }),
  });
  onTestFinished(() => server.close());
  const url = `http://127.0.0.1:${server.port}${server.path}`;

  /** A client, with its token. */
  const addClient = async (changes: Partial<EventClient> = {}): Promise<string> => {
    const token = `sle_${randomBytes(16).toString("hex")}`;
    const client = {
      name: "ci",
      channels: ["*"],
      unverified: false,
      loopback: true,
      createdAt: 1,
      ...changes,
    };
    await db.write(() => addEventClient(db, client, hashToken(token)));
    return token;
  };
  const token = options.db === undefined ? await addClient(options.client) : "";
  const caller = toCaller(url, token);
  return {
    ...caller,
    db,
    server,
    url,
    token,
    log,
    channels,
    addClient,
    as: (other: string) => toCaller(url, other),
    offersChanged: () => changed.forEach((tell) => tell()),
    add: (...changes: Partial<Arrival>[]) => addAll(db, changes),
  };
}

export type EventsStage = Awaited<ReturnType<typeof openStage>>;

/** Stored as the hub stores them; resolves to their ids. */
export function addAll(db: Database, changes: Partial<Arrival>[]): Promise<string[]> {
  return db.write(() =>
    changes.map((change) => {
      const now = Date.now();
      return addEvent(db, toArrival(change), "source", now, now).id;
    }),
  );
}

let nextId = 1;

function toCaller(url: string, token: string) {
  const request = (method: string, params: object = {}, init: RequestInit = {}) =>
    fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        authorization: `Bearer ${token}`,
        "mcp-protocol-version": MODERN,
        "mcp-method": method,
      },
      body: JSON.stringify({ jsonrpc: "2.0", id: nextId++, method, params: toModern(params) }),
      ...init,
    });
  const ask = async (method: string, params: object = {}): Promise<Rpc> => {
    const answer = await request(method, params);
    return { status: answer.status, ...((await answer.json()) as Omit<Rpc, "status">) };
  };
  return { request, ask, stream: (params: object) => openFrames(request, params) };
}

export function toModern(params: object): object {
  return {
    ...params,
    _meta: {
      "io.modelcontextprotocol/protocolVersion": MODERN,
      "io.modelcontextprotocol/clientCapabilities": {},
    },
  };
}

export type Frame = {
  method?: string;
  id?: number;
  params?: Record<string, never>;
  result?: unknown;
};

async function openFrames(
  request: (method: string, params: object, init: RequestInit) => Promise<Response>,
  { method = "events/stream", ...params }: { method?: string } & object,
) {
  const left = new AbortController();
  onTestFinished(() => left.abort());
  const answer = await request(method, params, { signal: left.signal });
  const frames: Frame[] = [];
  const ended = (async () => {
    let text = "";
    for await (const chunk of answer.body ?? []) {
      text += Buffer.from(chunk).toString("utf8");
      for (let end = text.indexOf("\n\n"); end !== -1; end = text.indexOf("\n\n")) {
        const data = /^data: (.*)$/m.exec(text.slice(0, end))?.[1];
        if (data !== undefined) frames.push(JSON.parse(data) as Frame);
        text = text.slice(end + 2);
      }
    }
  })().catch(() => undefined);
  return { status: answer.status, frames, ended, leave: () => left.abort() };
}
