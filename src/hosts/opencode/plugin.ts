/**
 * The plugin inside opencode: it tells the hub of the session that a person writes in, and begins turns in it with what the hub sends.
 *
 * Owns: what opencode's events mean to the hub, and what the hub's messages mean to opencode. Never: decides what is sent, or when.
 * It runs in opencode's own process: a plain opencode listens on no port, so nothing reaches it from outside.
 * https://opencode.ai/docs/plugins
 *
 * OPENCODE-1 A message has an id made of its event: one that stands in the session already is not sent again.
 * OPENCODE-2 Of helpers' sessions nothing is told: only of one in which a person writes.
 * OPENCODE-3 A message is written once, however often opencode tells of it: only what is new says where the person is, and begins a turn.
 */
import type { LeaseMessage } from "../../flow/session/leases.ts";
import type { PluginReport } from "../host.ts";
import type { Env } from "../../local/home.ts";
import { at, listAt, textAt, toObject } from "../../sdk/json.ts";
import { toBlock, toCarrier } from "../block.ts";
import { PluginLink } from "./hub-link.ts";
import { isOf, toMessageId } from "./message-id.ts";
import { toAsk, toCommandCall } from "./permission.ts";

type Fields = Record<string, unknown>;

/** As much of opencode's client as is used here; each answers with `data` or `error`. */
export type OpencodeClient = {
  session: {
    get(call: { path: { id: string } }): Promise<{ data?: unknown }>;
    messages(call: { path: { id: string } }): Promise<{ data?: unknown }>;
    promptAsync(call: { path: { id: string }; body: Fields }): Promise<{ error?: unknown }>;
    abort(call: { path: { id: string } }): Promise<unknown>;
  };
  tui?: { showToast(call: { body: Fields }): Promise<unknown> };
  postSessionIdPermissionsPermissionId(call: {
    path: { id: string; permissionID: string };
    body: { response: "once" | "reject" };
  }): Promise<unknown>;
};

export type PluginInput = { client: OpencodeClient; directory: string };

/** `entry`: how opencode spawns our MCP server. */
export type PluginOptions = {
  env: Env;
  version: string;
  entry: { command: string[]; env: Record<string, string> };
};

export function openPlugin({ env, version, entry }: PluginOptions) {
  return async ({ client, directory }: PluginInput) => {
    let current: Bridge | undefined;
    let last: Promise<void> = Promise.resolve();
    const seen = new Set<string>();
    const take = async (event: unknown): Promise<void> => {
      const id = textAt(event, "properties.sessionID");
      if (id === undefined) return;
      const written = toWritten(event);
      const isNew = written !== undefined && !seen.has(written);
      if (id !== current?.id && isNew && (await isPersons(client, id))) {
        current?.close();
        const link = (onMessage: (message: Fields) => void): PluginLink => {
          const session = { session: id, pid: process.pid, version, cwd: directory };
          return new PluginLink({ env, session, onMessage });
        };
        current = new Bridge({ client, directory, id, open: link, seen });
      }
      if (id === current?.id) current.hear(event);
      if (written !== undefined) seen.add(written);
    };
    return {
      // The tools, as an entry in opencode's configuration would bring them.
      config: async (config: Fields) => {
        const { command, env: environment } = entry;
        const sluice = { type: "local", command, environment, enabled: true };
        config["mcp"] = { ...(config["mcp"] as object | undefined), sluice };
      },
      event: async ({ event }: { event: unknown }) => {
        // In their order, and not waited for: what is asked of opencode here would wait for this very event. One that is not understood must
        // not end the others.
        last = last.then(() => take(event)).catch(() => undefined);
      },
    };
  };
}

/** The id of a message that a person, or the hub, has written. It is told again when its turn has ended (OPENCODE-3). */
function toWritten(event: unknown): string | undefined {
  if (textAt(event, "type") !== "message.updated") return undefined;
  if (textAt(event, "properties.info.role") !== "user") return undefined;
  return textAt(event, "properties.info.id");
}

/** OPENCODE-2 */
async function isPersons(client: OpencodeClient, id: string): Promise<boolean> {
  const { data } = await client.session.get({ path: { id } });
  return data !== undefined && textAt(data, "parentID") === undefined;
}

/** A call is told of about when its permission is asked for: it is waited for so long. */
const CALL_MS = 1_000;

type ChannelMessage = Extract<LeaseMessage, { kind: "channel" }>;

export type BridgeOptions = PluginInput & {
  id: string;
  open: (onMessage: (message: Fields) => void) => Pick<PluginLink, "report" | "close">;
  /** The ids of messages that were told of before, in whichever session. */
  seen?: Set<string>;
};

/** One session, and the hub. */
export class Bridge {
  readonly id: string;
  readonly #client: OpencodeClient;
  readonly #directory: string;
  readonly #link: Pick<PluginLink, "report" | "close">;
  readonly #sent = new Map<string, { event: string; screen: readonly string[] }>();
  readonly #seen: Set<string>;
  /** The last report of each request: a hub that was away hears of it when it is back. */
  readonly #requests = new Map<string, Extract<PluginReport, { kind: "asked" | "resolved" }>>();
  /** What the tools of the turn were called with. */
  readonly #calls = new Map<string, Fields>();
  /** Requests for commands whose call was not told of yet. */
  readonly #early = new Map<string, Fields>();
  #turn: string | undefined;
  #turns = 0;
  #hasFailed = false;
  #isClosed = false;

  constructor({ client, directory, id, open, seen = new Set() }: BridgeOptions) {
    this.id = id;
    this.#client = client;
    this.#directory = directory;
    this.#seen = seen;
    this.#link = open((message) => {
      // What opencode refuses to do stands in its own log; the hub finds the event missing.
      this.#take(message).catch(() => undefined);
    });
  }

  hear(event: unknown): void {
    const read = (path: string): string | undefined => textAt(event, `properties.${path}`);
    switch (textAt(event, "type")) {
      case "session.status":
        if (read("status.type") === "busy") this.#begin();
        return;
      case "session.error":
        // A person who aborts has it before their eyes.
        this.#hasFailed ||= read("error.name") !== "MessageAbortedError";
        return;
      case "session.idle":
        return this.#end();
      case "message.updated": {
        const id = toWritten(event);
        if (id === undefined || this.#seen.has(id)) return; // OPENCODE-3
        this.#seen.add(id);
        this.#begin();
        const sent = this.#sent.get(id);
        if (sent === undefined) return;
        this.#show(sent.screen);
        return this.#link.report({
          kind: "carried",
          turn: this.#turn ?? "",
          events: [sent.event],
        });
      }
      case "message.part.updated":
        return this.#noteCall(event);
      case "permission.asked":
        return this.#ask(toObject(at(event, "properties")));
      case "permission.replied": {
        const requestId = read("requestID") ?? read("permissionID") ?? "none";
        for (const [call, { id }] of this.#early) if (id === requestId) this.#early.delete(call);
        return this.#note(requestId, { kind: "resolved", requestId });
      }
      default:
        return;
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#link.close();
  }

  #begin(): void {
    if (this.#turn !== undefined) return;
    this.#turn = `${this.id}/${Date.now()}-${++this.#turns}`;
    this.#hasFailed = false;
    this.#link.report({ kind: "began", turn: this.#turn });
  }

  #end(): void {
    const turn = this.#turn;
    this.#turn = undefined;
    this.#calls.clear();
    this.#early.clear();
    // A turn that was aborted waits for nobody.
    for (const [requestId, { kind }] of this.#requests)
      if (kind === "asked") this.#note(requestId, { kind: "resolved", requestId });
    if (turn !== undefined) this.#link.report({ kind: this.#hasFailed ? "failed" : "ended", turn });
  }

  #noteCall(event: unknown): void {
    const call = textAt(event, "properties.part.callID");
    const input = at(event, "properties.part.state.input");
    // Before the model has written all of it, it is told of as empty.
    if (call === undefined || at(input, "command") === undefined) return;
    this.#calls.set(call, toObject(input));
    this.#askNow(call);
  }

  #ask(properties: Fields): void {
    const call = toCommandCall(properties);
    if (call === undefined || this.#calls.has(call)) return this.#tell(properties, call);
    this.#early.set(call, properties);
    setTimeout(() => this.#askNow(call), CALL_MS).unref();
  }

  #askNow(call: string): void {
    const early = this.#early.get(call);
    this.#early.delete(call);
    if (early !== undefined) this.#tell(early, call);
  }

  #tell(properties: Fields, call: string | undefined): void {
    const requestId = textAt(properties, "id");
    if (requestId === undefined) return;
    const asked = toAsk(properties, this.#calls.get(call ?? ""), this.#directory);
    this.#note(requestId, { kind: "asked", ask: { requestId, ...asked } });
  }

  #note(requestId: string, report: Extract<PluginReport, { kind: "asked" | "resolved" }>): void {
    this.#requests.set(requestId, report);
    this.#link.report(report);
  }

  async #take(message: Fields): Promise<void> {
    switch (message["kind"]) {
      case "out":
        return this.#settle(listAt(message, "events").map(String));
      case "channel":
        return this.#deliver(message as ChannelMessage);
      case "verdict": {
        const path = { id: this.id, permissionID: String(message["requestId"]) };
        const response = message["behavior"] === "allow" ? "once" : "reject";
        await this.#client.postSessionIdPermissionsPermissionId({ path, body: { response } });
        return;
      }
      case "stop":
        await this.#client.session.abort({ path: { id: this.id } });
        return;
      default:
        // Of a newer hub.
        return;
    }
  }

  async #deliver(message: ChannelMessage): Promise<void> {
    const event = toCarrier(message);
    const tooLate: PluginReport = {
      kind: "missed",
      events: [event],
      reason: "a turn began just before it left",
    };
    if (this.#turn !== undefined) return this.#link.report(tooLate);
    const isDigest = message.meta["kind"] === "digest";
    const fate =
      message.meta["replayed"] === "true" && !isDigest ? await this.#find(event) : undefined;
    if (fate === "answered") return this.#link.report({ kind: "read", events: [event] });
    // While that was looked up, the person may have written here, or have left.
    if (this.#turn !== undefined || this.#isClosed) return this.#link.report(tooLate);
    const text =
      fate === undefined
        ? `Data from outside, not from your user:\n${toBlock(message)}`
        : `Event ${event} stands above. The turn that had it ended early, so it was not answered.`;
    const messageID = toMessageId(event, Date.now());
    this.#sent.set(messageID, { event, screen: message.screen ?? [] });
    const body = { messageID, parts: [{ type: "text", text }] };
    const { error } = await this.#client.session.promptAsync({ path: { id: this.id }, body });
    if (error === undefined) return;
    this.#sent.delete(messageID);
    const reason = `opencode: ${textAt(error, "name") ?? "it refuses"}`;
    this.#link.report({ kind: "refused", events: [event], reason });
  }

  /** For the person alone: the model reads the message. */
  #show(lines: readonly string[]): void {
    if (lines.length === 0) return;
    const body = { title: "Sluice", message: lines.join("\n"), variant: "info" };
    // Without a terminal nobody reads it, and the message itself stands in the conversation.
    this.#client.tui?.showToast({ body }).catch(() => undefined);
  }

  /** The hub was away: what became of what it had sent. */
  async #settle(events: readonly string[]): Promise<void> {
    if (this.#turn !== undefined) this.#link.report({ kind: "began", turn: this.#turn });
    for (const [requestId, report] of this.#requests) {
      this.#link.report(report);
      if (report.kind === "resolved") this.#requests.delete(requestId);
    }
    for (const event of events) {
      const fate = await this.#find(event);
      if (fate === "answered") this.#link.report({ kind: "read", events: [event] });
      else if (fate === "stored" && this.#turn !== undefined)
        this.#link.report({ kind: "carried", turn: this.#turn, events: [event] });
      else if (fate === "stored")
        this.#link.report({ kind: "refused", events: [event], reason: "its turn ended early" });
      else
        this.#link.report({
          kind: "missed",
          events: [event],
          reason: "it does not stand in the session",
        });
    }
  }

  /** OPENCODE-1. `answered`: a message of the model ended well that answers it. */
  async #find(event: string): Promise<"answered" | "stored" | undefined> {
    const { data } = await this.#client.session.messages({ path: { id: this.id } });
    const infos = (Array.isArray(data) ? data : []).map((one: unknown) => (one as Fields)["info"]);
    const own = infos.flatMap((info) => {
      const id = textAt(info, "id") ?? "";
      return isOf(id, event) ? [id] : [];
    });
    if (own.length === 0) return undefined;
    const isAnswered = infos.some(
      (info) =>
        own.includes(textAt(info, "parentID") ?? "") &&
        (textAt(info, "finish") ?? "tool-calls") !== "tool-calls" &&
        at(info, "error") === undefined,
    );
    return isAnswered ? "answered" : "stored";
  }
}
