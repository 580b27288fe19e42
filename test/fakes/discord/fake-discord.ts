/**
 * A server that speaks Discord's API and gateway as far as the channel does, with its limits and its errors.
 *
 * Owns: chats and their messages, interactions, faults on demand. Never: used by a hub at work.
 * https://docs.discord.com/developers/reference
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { listAt, textAt } from "../../../src/sdk/json.ts";
import { FakeGateway } from "./fake-gateway.ts";
import {
  checkCallback,
  checkMessage,
  type FakeAnswer,
  type FakeUpload,
  readPayload,
  toError,
} from "./fake-wire.ts";

/** A call that was carried out, or refused. */
export type FakeCall = {
  method: string;
  path: string;
  payload: Record<string, unknown>;
  files: FakeUpload[];
  headers: IncomingMessage["headers"];
  status: number;
};

export type FakeFault =
  | { kind: "status"; status: number; code?: number; message?: string }
  | { kind: "limit"; seconds: number; scope?: "user" | "global" | "shared"; isBare?: boolean }
  /** An answer that is no JSON, as from a gateway. */
  | { kind: "page"; status: number }
  /** Carried out, and then the connection breaks, or the answer is a page. */
  | { kind: "break" }
  | { kind: "hang" };

export const FAKE_TOKEN =
  "MTA0MjQyNDI0MjQyNDI0MjQyNDI.GfAkEt.fake-fake-fake-fake-fake-fake-fake-fa";
export const BOT = "104242424242424242";
export const ANN = "77000000000000077";
export const DIRECT = "88000000000000088";
export const SERVER = "55000000000000055";
export const CHANNEL = "55000000000000100";
export const THREAD = "55000000000000200";
export const FORUM = "55000000000000300";

type Armed = { fits: RegExp; fault: FakeFault };

export class FakeDiscord {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly gateway: FakeGateway;
  readonly calls: FakeCall[] = [];
  readonly files = new Map<string, Buffer>();
  /** By chat: its messages, oldest first, as the API tells them. */
  readonly chats = new Map<string, Record<string, unknown>[]>();
  token = FAKE_TOKEN;
  /** GATEWAY_MESSAGE_CONTENT_LIMITED. */
  flags = 1 << 19;
  endpoint: string | null = null;
  /** Close code for intents that were not switched on. */
  refusedIntent: number | undefined;
  remaining = 1_000;
  commands: unknown[] = [];
  /** Requests of a route in its five seconds; 0: no limit. */
  perRoute = 0;
  readonly #counts = new Map<string, number>();
  #armed: Armed[] = [];
  #nextId = 0n;
  readonly #nonces = new Map<string, Record<string, unknown>>();
  readonly #answered = new Set<string>();

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
    this.gateway = new FakeGateway({
      token: () => this.token,
      refuse: (intents) =>
        this.refusedIntent !== undefined && (intents & (1 << 15)) !== 0
          ? this.refusedIntent
          : undefined,
      me: { id: BOT, username: "sluice_bot" },
      guilds: () => [GUILD],
    });
    this.#server.on("upgrade", (request, socket, head) =>
      this.gateway.upgrade(request, socket, head),
    );
    this.#server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
  }

  static async open(): Promise<FakeDiscord> {
    const fake = new FakeDiscord();
    await new Promise<void>((resolve) => {
      fake.#server.listen(0, "127.0.0.1", resolve);
    });
    fake.gateway.resumeUrl = `ws://127.0.0.1:${fake.port}`;
    return fake;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** For the setting `api-root`. */
  get root(): string {
    return `http://127.0.0.1:${this.port}/api/v10`;
  }

  /** Ids ascend, as of now. */
  newId(): string {
    this.#nextId += 1n;
    return String(((BigInt(Date.now()) - 1_420_070_400_000n) << 22n) + (this.#nextId % 4_194_304n));
  }

  /** Somebody writes: the chat has it, and the gateway tells it. Returns its id. */
  write(text: string, more: Record<string, unknown> = {}): string {
    const message = toMessage(this.newId(), text, more);
    this.#keep(message);
    this.gateway.push("MESSAGE_CREATE", message);
    return String(message["id"]);
  }

  /** Written while the gateway tells nothing of it. */
  writeUnheard(text: string, more: Record<string, unknown> = {}): string {
    const message = toMessage(this.newId(), text, more);
    this.#keep(message);
    return String(message["id"]);
  }

  /** The next requests whose `METHOD /path` fits fare so. */
  fail(fits: RegExp, fault: FakeFault, times = 1): void {
    for (let turn = 0; turn < times; turn++) this.#armed.push({ fits, fault });
  }

  heal(): void {
    this.#armed = [];
  }

  /** Calls that were carried out. */
  done(fits: RegExp): FakeCall[] {
    return this.calls.filter(
      ({ method, path, status }) => status < 300 && fits.test(`${method} ${path}`),
    );
  }

  /** Messages of the bot in a chat, as they are now. */
  ours(chat: string = DIRECT): Record<string, unknown>[] {
    return (this.chats.get(chat) ?? []).filter((one) => textAt(one, "author.id") === BOT);
  }

  read(chat: string, id: string): Record<string, unknown> | undefined {
    return this.chats.get(chat)?.find((one) => one["id"] === id);
  }

  /** Somebody presses what has this label under a message; returns the interaction's id. */
  press(id: string, label: string, { chat = DIRECT, by = ANN, ...more }: Press = {}): string {
    const message = this.read(chat, id);
    const parts = listAt(message, "components").flatMap((row) => listAt(row, "components"));
    const button = parts.find((one) => textAt(one, "label") === label);
    const menu = parts.find((one) =>
      listAt(one, "options").some((option) => textAt(option, "label") === label),
    );
    const value = listAt(menu, "options").find((option) => textAt(option, "label") === label);
    if (button === undefined && menu === undefined)
      throw new Error(`message ${id} has no ${label}`);
    const data =
      menu === undefined
        ? { component_type: 2, custom_id: textAt(button, "custom_id") }
        : {
            component_type: 3,
            custom_id: textAt(menu, "custom_id"),
            values: [textAt(value, "value")],
          };
    return this.interact({ type: 3, data, message, channel_id: chat, by, ...more });
  }

  /** An interaction, in the direct chat unless `more` says otherwise. */
  interact({ by = ANN, ...more }: Record<string, unknown> & { by?: string }): string {
    const id = this.newId();
    this.gateway.push("INTERACTION_CREATE", {
      id,
      application_id: BOT,
      token: `token-${id}`,
      version: 1,
      channel_id: DIRECT,
      channel: { id: DIRECT, type: 1 },
      context: 1,
      user: { id: by, username: "ann", global_name: "Ann" },
      ...more,
    });
    return id;
  }

  /** The bot's own reactions on a message. */
  reactions(id: string): string[] {
    const shown = new Set<string>();
    for (const { method, path } of this.done(new RegExp(`/messages/${id}/reactions/`))) {
      const emoji = decodeURIComponent(path.split("/").at(-2) ?? "");
      if (method === "PUT") shown.add(emoji);
      else shown.delete(emoji);
    }
    return [...shown];
  }

  /** What was answered to an interaction: callbacks and what followed. */
  answers(interaction: string): unknown[] {
    return this.calls
      .filter(({ path, status }) => status < 300 && path.includes(`token-${interaction}`))
      .map(({ payload }) => payload);
  }

  get openCount(): number {
    return this.gateway.openCount;
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => {
      this.#server.close(resolve);
    });
    this.gateway.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, path = ""] = /^\/api\/v10(\/.*)$/.exec(request.url ?? "") ?? [];
    const { method = "GET" } = request;
    if (path === "") return this.#serveFile(request, response);
    const { payload, files } = await readPayload(request);
    const armed = this.#armed.find(({ fits }) => fits.test(`${method} ${path}`));
    this.#armed = this.#armed.filter((one) => one !== armed);
    const fault = armed?.fault;
    if (fault?.kind === "hang") return;
    const isOpen = /^\/(?:interactions|webhooks)\//.test(path);
    const answer =
      toFaultAnswer(fault) ??
      (request.headers.authorization !== `Bot ${this.token}` && !isOpen
        ? toError(401, 0, "401: Unauthorized")
        : (this.#limit(method, path) ?? this.#do(method, path, payload, files)));
    const { headers } = request;
    this.calls.push({ method, path, payload, files, headers, status: answer.status });
    if (fault?.kind === "break") {
      response.destroy();
      return;
    }
    const bucket = this.perRoute === 0 ? {} : this.#toHeaders(method, path);
    const type = answer.text === undefined ? "application/json" : "text/html";
    response.writeHead(answer.status, { "content-type": type, ...bucket, ...answer.headers });
    response.end(
      answer.text ?? (answer.body === undefined ? undefined : JSON.stringify(answer.body)),
    );
  }

  /** A file's address holds no secret of ours, and none may come with it. */
  #serveFile(request: IncomingMessage, response: ServerResponse): void {
    const bytes = this.files.get((request.url ?? "").replace(/\?.*$/, ""));
    const isLeak = request.headers.authorization !== undefined;
    response.writeHead(isLeak ? 400 : bytes === undefined ? 404 : 200);
    response.end(isLeak ? undefined : bytes);
  }

  #limit(method: string, path: string): FakeAnswer | undefined {
    if (this.perRoute === 0 || !path.endsWith("/messages")) return undefined;
    const key = `${method} ${path}`;
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    if (count === 1) setTimeout(() => this.#counts.delete(key), 1_000).unref();
    return count > this.perRoute ? toFaultAnswer({ kind: "limit", seconds: 1 }) : undefined;
  }

  #toHeaders(method: string, path: string): Record<string, string> {
    const left = Math.max(0, this.perRoute - (this.#counts.get(`${method} ${path}`) ?? 0));
    return {
      "x-ratelimit-limit": String(this.perRoute),
      "x-ratelimit-remaining": String(left),
      "x-ratelimit-reset-after": "1",
      "x-ratelimit-bucket": "abcd1234",
    };
  }

  #do(
    method: string,
    path: string,
    payload: Record<string, unknown>,
    files: readonly FakeUpload[],
  ): FakeAnswer {
    const [bare = "", query = ""] = path.split("?");
    const [, head, chat = "", kind, id = "", more] =
      /^\/([a-z@]+)(?:\/([^/]+))?(?:\/([^/]+))?(?:\/([^/]+))?(\/.*)?$/.exec(bare) ?? [];
    const route = `${method} ${head}/${kind ?? ""}`;
    if (bare === "/applications/@me") return ok(this.#application());
    if (bare === "/gateway/bot")
      return ok({
        url: `ws://127.0.0.1:${this.port}`,
        shards: 1,
        session_start_limit: {
          total: 1_000,
          remaining: this.remaining,
          reset_after: 500,
          max_concurrency: 1,
        },
      });
    if (head === "applications") return this.#command(method, payload);
    if (head === "interactions") return this.#callback(chat, payload);
    if (head === "webhooks")
      return checkMessage(payload, files) ?? ok(toMessage(this.newId(), "", {}));
    if (route === "GET channels/") return this.#channel(chat);
    if (route === "POST channels/messages") return this.#post(chat, payload, files);
    if (route === "POST channels/threads") return this.#openPost(chat, payload, files);
    if (route === "POST channels/typing") return { status: 204 };
    if (route === "GET channels/messages")
      return id === "" ? this.#history(chat, new URLSearchParams(query)) : this.#one(chat, id);
    if (route === "PATCH channels/messages") return this.#patch(chat, id, payload, files);
    if ((more ?? "").startsWith("/reactions/")) return this.#react(chat, id, more ?? "");
    return toError(404, 0, "404: Not Found");
  }

  #application(): object {
    return {
      id: BOT,
      name: "Sluice",
      flags: this.flags,
      interactions_endpoint_url: this.endpoint,
      bot: { id: BOT, username: "sluice_bot", bot: true },
    };
  }

  #command(method: string, payload: Record<string, unknown>): FakeAnswer {
    if (method === "GET") return ok(this.commands);
    this.commands = [
      ...this.commands.filter((one) => textAt(one, "name") !== payload["name"]),
      { id: this.newId(), ...payload },
    ];
    return { status: 201, body: payload };
  }

  /** Answered once, within its limits. */
  #callback(id: string, payload: Record<string, unknown>): FakeAnswer {
    if (this.#answered.has(id))
      return toError(400, 40060, "Interaction has already been acknowledged.");
    const refused = checkCallback(payload);
    if (refused !== undefined) return refused;
    this.#answered.add(id);
    return { status: 204 };
  }

  #channel(id: string): FakeAnswer {
    const found = [...listAt(GUILD, "channels"), ...listAt(GUILD, "threads")].find(
      (one) => textAt(one, "id") === id,
    );
    if (found !== undefined) return ok({ ...(found as object), guild_id: SERVER });
    return this.chats.has(id) ? ok({ id, type: 1 }) : toError(404, 10003, "Unknown Channel");
  }

  #post(chat: string, payload: Record<string, unknown>, files: readonly FakeUpload[]): FakeAnswer {
    const refused = checkMessage(payload, files);
    if (refused !== undefined) return refused;
    if (chat === FORUM) return toError(400, 50008, "Cannot send messages in a non-text channel");
    const nonce = payload["enforce_nonce"] === true ? String(payload["nonce"]) : undefined;
    const known = nonce === undefined ? undefined : this.#nonces.get(nonce);
    if (known !== undefined) return ok(known);
    const message = toMessage(this.newId(), String(payload["content"] ?? ""), {
      channel_id: chat,
      author: { id: BOT, username: "sluice_bot", bot: true },
      embeds: payload["embeds"] ?? [],
      components: payload["components"] ?? [],
      attachments: files.map(({ name, bytes }) => ({
        id: this.newId(),
        filename: name,
        size: bytes.length,
      })),
      ...(nonce === undefined ? {} : { nonce }),
      ...(payload["message_reference"] === undefined
        ? {}
        : { type: 19, message_reference: payload["message_reference"] }),
    });
    if (nonce !== undefined) this.#nonces.set(nonce, message);
    this.#keep(message);
    this.gateway.push("MESSAGE_CREATE", message);
    return ok(message);
  }

  #openPost(
    chat: string,
    payload: Record<string, unknown>,
    files: readonly FakeUpload[],
  ): FakeAnswer {
    const name = payload["name"];
    if (chat !== FORUM || typeof name !== "string" || name.length < 1 || name.length > 100)
      return toError(400, 50035, "Invalid Form Body");
    const id = this.newId();
    const refused = checkMessage(payload["message"] as Record<string, unknown>, files);
    if (refused !== undefined) return refused;
    this.chats.set(id, []);
    return { status: 201, body: { id, type: 11, parent_id: FORUM, guild_id: SERVER, name } };
  }

  #patch(
    chat: string,
    id: string,
    payload: Record<string, unknown>,
    files: readonly FakeUpload[],
  ): FakeAnswer {
    const message = this.read(chat, id);
    if (message === undefined) return toError(404, 10008, "Unknown Message");
    if (textAt(message, "author.id") !== BOT)
      return toError(403, 50005, "Cannot edit a message authored by another user");
    const refused = checkMessage({ ...message, ...payload }, files);
    if (refused !== undefined) return refused;
    Object.assign(message, payload, { edited_timestamp: new Date().toISOString() });
    return ok(message);
  }

  #react(chat: string, id: string, more: string): FakeAnswer {
    if (this.read(chat, id) === undefined) return toError(404, 10008, "Unknown Message");
    const emoji = decodeURIComponent(/^\/reactions\/([^/]+)/.exec(more)?.[1] ?? "");
    return /^\w+:\d+$|^\P{L}+$/u.test(emoji)
      ? { status: 204 }
      : toError(400, 10014, "Unknown Emoji");
  }

  #one(chat: string, id: string): FakeAnswer {
    const message = this.read(chat, id);
    return message === undefined ? toError(404, 10008, "Unknown Message") : ok(message);
  }

  /** Newest first, whatever was asked for. Nothing of it names the server. */
  #history(chat: string, query: URLSearchParams): FakeAnswer {
    const messages = this.chats.get(chat);
    if (messages === undefined) return toError(404, 10003, "Unknown Channel");
    const after = BigInt(query.get("after") ?? "0");
    const page = messages
      .filter((one) => BigInt(String(one["id"])) > after)
      .slice(0, Number(query.get("limit") ?? "50"))
      .toReversed();
    return ok(page.map((one) => ({ ...one, guild_id: undefined, channel_type: undefined })));
  }

  #keep(message: Record<string, unknown>): void {
    const chat = String(message["channel_id"]);
    this.chats.set(chat, [...(this.chats.get(chat) ?? []), message]);
  }
}

type Press = { chat?: string; by?: string } & Record<string, unknown>;

const GUILD = {
  id: SERVER,
  name: "Workshop",
  premium_tier: 0,
  roles: [{ id: "55000000000000900", name: "sluice_bot", tags: { bot_id: BOT } }],
  channels: [
    { id: CHANNEL, type: 0, name: "general" },
    { id: FORUM, type: 15, name: "ideas" },
  ],
  threads: [{ id: THREAD, type: 11, name: "the build", parent_id: CHANNEL }],
};

function ok(body: unknown): FakeAnswer {
  return { status: 200, body };
}

/** A message in the direct chat with Ann, unless `more` says otherwise. */
function toMessage(
  id: string,
  text: string,
  more: Record<string, unknown>,
): Record<string, unknown> {
  return {
    id,
    type: 0,
    channel_id: DIRECT,
    author: { id: ANN, username: "ann", global_name: "Ann", bot: false },
    content: text,
    timestamp: new Date().toISOString(),
    edited_timestamp: null,
    mentions: [],
    mention_roles: [],
    mention_everyone: false,
    attachments: [],
    embeds: [],
    components: [],
    ...more,
  };
}

function toFaultAnswer(fault: FakeFault | undefined): FakeAnswer | undefined {
  if (fault?.kind === "status")
    return toError(fault.status, fault.code ?? 0, fault.message ?? `${fault.status}: refused`);
  if (fault?.kind === "page")
    return { status: fault.status, text: "<html>upstream connect error</html>" };
  if (fault?.kind !== "limit") return undefined;
  const { seconds, scope = "user", isBare = false } = fault;
  if (isBare) return { status: 429, text: "error code: 1015" };
  const global = scope === "global";
  return {
    status: 429,
    body: { message: "You are being rate limited.", retry_after: seconds, global },
    headers: {
      "retry-after": String(Math.ceil(seconds)),
      "x-ratelimit-scope": scope,
      ...(global ? { "x-ratelimit-global": "true" } : {}),
    },
  };
}
