/**
 * A server that speaks Slack as far as the channel does: Web API, Socket Mode and files, with their errors.
 *
 * Owns: the methods, tokens and people, faults on demand. Never: used by a hub at work; what is kept (fake-workspace.ts).
 * https://docs.slack.dev/reference/methods
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { listAt, textAt } from "../../../src/sdk/json.ts";
import { checkView } from "./check-blocks.ts";
import { FakeFiles } from "./fake-files.ts";
import { toCommand, toSubmission, toTap } from "./fake-payloads.ts";
import { FakeSockets } from "./fake-sockets.ts";
import { type FakeMessage, type FakeReply, FakeWorkspace, ME, toFault } from "./fake-workspace.ts";

export { ME, type FakeMessage };

export type FakeCall = {
  method: string;
  args: Record<string, unknown>;
  ok: boolean;
  token: string;
};

export type FakeFault =
  | { kind: "error"; error: string; needed?: string }
  /** 429. Without seconds there is no header. */
  | { kind: "limited"; seconds?: number }
  /** An answer that is none of Slack's, as from a gateway. */
  | { kind: "gateway"; status: number }
  /** Taken, never answered. */
  | { kind: "hang" }
  /** Carried out, and then the connection breaks. */
  | { kind: "break" };

export const BOT_TOKEN = "xoxb-1111-2222-FakeFakeFakeFakeFake";
export const APP_TOKEN = "xapp-1-A0FAKE-3333-fakefakefakefake";
/** The direct conversation with Ann. */
export const ANN = { id: "U0ANN", dm: "D0ANN" };
export const GENERAL = "C0GENERAL";

export class FakeSlack extends FakeWorkspace {
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  readonly sockets = new FakeSockets();
  readonly files = new FakeFiles();
  readonly calls: FakeCall[] = [];
  /** What Slack says of people, over what it says of everybody. */
  readonly people = new Map<string, object>();
  readonly ephemeral: { channel: string; user: string; text: string }[] = [];
  readonly views: object[] = [];
  scopes: string[] | undefined;
  botToken = BOT_TOKEN;
  appToken = APP_TOKEN;
  #faults: { method: string; fault: FakeFault; times: number; after: number }[] = [];

  private constructor() {
    super();
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
    this.#server.on("upgrade", (request, socket, head) =>
      this.sockets.upgrade(request, socket, head),
    );
    this.#server.on("connection", (socket: Socket) => {
      this.#open.add(socket);
      socket.once("close", () => this.#open.delete(socket));
    });
    this.conversations.set(ANN.dm, { is_im: true, user: ANN.id });
    this.conversations.set(GENERAL, { name: "general" });
  }

  static async open(): Promise<FakeSlack> {
    const fake = new FakeSlack();
    await new Promise<void>((resolve) => fake.#server.listen(0, "127.0.0.1", resolve));
    return fake;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** For the setting `api-root`. */
  get root(): string {
    return `${this.origin}/api`;
  }

  get openCount(): number {
    return this.#open.size;
  }

  /** Somebody writes: it is kept in the workspace, and told to who listens. */
  say(text: string, fields: Record<string, unknown> = {}, outer: object = {}): FakeMessage {
    const channel = String(fields["channel"] ?? ANN.dm);
    const message: FakeMessage = {
      type: "message",
      user: ANN.id,
      team: ME.team,
      text,
      ts: this.newTs(),
      ...fields,
      channel,
    };
    this.messages.push(message);
    const channel_type = channel.startsWith("D") ? "im" : "channel";
    this.event({ ...message, channel_type, event_ts: message.ts }, outer);
    return message;
  }

  /** An event of any kind, in its wrapper. */
  event(event: object, outer: object = {}): string {
    return this.sockets.send("events_api", this.toWrapper(event, outer));
  }

  toWrapper(event: object, outer: object = {}): object {
    return {
      token: "verification",
      team_id: ME.team,
      api_app_id: "A0FAKE",
      event,
      type: "event_callback",
      event_id: `Ev${this.newNumber()}`,
      event_time: this.now,
      authorizations: [
        {
          enterprise_id: null,
          team_id: ME.team,
          user_id: ME.user,
          is_bot: true,
          is_enterprise_install: false,
        },
      ],
      is_ext_shared_channel: false,
      ...outer,
    };
  }

  /** Somebody taps the button with this label. */
  tap(message: FakeMessage, label: string, user: string = ANN.id): void {
    const action = this.buttons(message).find((one) => textAt(one, "text.text") === label);
    if (action === undefined) throw new Error(`no button "${label}" under ${message.text}`);
    this.act(message, action, user);
  }

  /** A tap on a button, also one that an old copy of the message still shows. */
  act(message: FakeMessage, action: object, user: string = ANN.id, more: object = {}): void {
    const stamped = { ...action, action_ts: this.newTs() };
    this.sockets.send("interactive", {
      ...toTap(message, stamped, user, this.newNumber()),
      ...more,
    });
  }

  buttons(message: FakeMessage): object[] {
    return listAt(message, "blocks").flatMap((block) => listAt(block, "elements")) as object[];
  }

  /** Somebody sends the form in that was opened last. */
  submit(words: string, user: string = ANN.id): void {
    this.sockets.send(
      "interactive",
      toSubmission(this.views.at(-1), words, user, this.newNumber()),
    );
  }

  command(text: string, fields: object = {}): string {
    const command = toCommand(text, { user: ANN.id, channel: ANN.dm }, this.newNumber());
    return this.sockets.send("slash_commands", { ...command, ...fields });
  }

  /** Goes wrong `times` times when `method` (`*` is any) is called, from the call behind the next `after` ones. */
  fail(method: string, fault: FakeFault, times = 1, after = 0): void {
    this.#faults.push({ method, fault, times, after });
  }

  heal(): void {
    this.#faults = [];
  }

  /** What was carried out, by method. */
  done(method: string): FakeCall[] {
    return this.calls.filter((call) => call.method === method && call.ok);
  }

  /** What the bot wrote, oldest first. */
  written(channel: string = ANN.dm): FakeMessage[] {
    return this.messages.filter((one) => one.user === ME.user && one.channel === channel);
  }

  async close(): Promise<void> {
    this.sockets.close();
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#open) socket.destroy();
    await closed;
  }

  /** Slack tells the bot of its own words as well. */
  #tell(message: FakeMessage): void {
    const channel_type = message.channel.startsWith("D") ? "im" : "channel";
    this.event({ ...message, channel_type, event_ts: message.ts });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(`http://fake${request.url}`);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    if (!url.pathname.startsWith("/api/"))
      return this.files.serve(url.pathname, { request, response, body, token: this.botToken });
    const method = url.pathname.slice("/api/".length);
    const token = (request.headers.authorization ?? "").replace(/^Bearer /, "");
    const args = toArgs(body.toString("utf8"));
    const fault = this.#takeFault(method);
    if (fault?.kind === "hang") return;
    if (fault?.kind === "gateway")
      return void response
        .writeHead(fault.status, { "content-type": "text/html" })
        .end("<html>Bad Gateway</html>");
    if (fault?.kind === "limited") {
      this.calls.push({ method, args, ok: false, token });
      const after = fault.seconds === undefined ? {} : { "retry-after": String(fault.seconds) };
      return void response
        .writeHead(429, { "content-type": "application/json", ...after })
        .end('{"ok":false,"error":"ratelimited"}');
    }
    const answer =
      fault?.kind === "error"
        ? {
            ok: false,
            error: fault.error,
            ...(fault.needed && { needed: fault.needed, provided: "chat:write" }),
          }
        : this.#answer(method, args, token);
    this.calls.push({ method, args, ok: answer.ok, token });
    if (fault?.kind === "break") return void response.destroy();
    const scopes = this.scopes === undefined ? {} : { "x-oauth-scopes": this.scopes.join(",") };
    response.writeHead(200, { "content-type": "application/json", ...scopes });
    response.end(JSON.stringify(answer));
  }

  #takeFault(method: string): FakeFault | undefined {
    const found = this.#faults.find(
      (one) => one.times > 0 && (one.method === method || one.method === "*"),
    );
    if (found === undefined || found.after-- > 0) return undefined;
    found.times -= 1;
    return found.fault;
  }

  #answer(method: string, args: Record<string, unknown>, token: string): FakeReply {
    const wanted = method === "apps.connections.open" ? this.appToken : this.botToken;
    if (token === "") return { ok: false, error: "not_authed" };
    if (token !== wanted)
      return {
        ok: false,
        error: token.startsWith(wanted.slice(0, 5)) ? "invalid_auth" : "not_allowed_token_type",
      };
    const text = (name: string): string => String(args[name] ?? "");
    switch (method) {
      case "auth.test":
        return {
          ok: true,
          url: "https://fake.slack.com/",
          team: "Fake",
          user: "sluice",
          team_id: ME.team,
          user_id: ME.user,
          bot_id: ME.bot,
          is_enterprise_install: false,
        };
      case "apps.connections.open":
        return {
          ok: true,
          url: `${this.origin.replace("http", "ws")}/link/?ticket=${this.sockets.newTicket()}&app_id=A0FAKE`,
        };
      case "users.info":
        return {
          ok: true,
          user: {
            id: text("user"),
            team_id: ME.team,
            name: "ann",
            real_name: "Ann Lee",
            profile: { display_name: "Ann" },
            deleted: false,
            is_bot: false,
            is_restricted: false,
            is_ultra_restricted: false,
            ...this.people.get(text("user")),
          },
        };
      case "conversations.info": {
        const found = this.conversations.get(text("channel"));
        return found === undefined
          ? { ok: false, error: "channel_not_found" }
          : { ok: true, channel: { id: text("channel"), ...found } };
      }
      case "conversations.open": {
        const found = [...this.conversations].find(([, one]) => one.user === text("users"));
        return found === undefined
          ? { ok: false, error: "user_not_found" }
          : { ok: true, channel: { id: found[0] } };
      }
      case "users.conversations":
        return {
          ok: true,
          channels: [...this.conversations].map(([id, one]) => ({ id, ...one })),
          response_metadata: { next_cursor: "" },
        };
      case "conversations.history":
      case "conversations.replies":
        return this.history(method, args);
      case "chat.postMessage":
        return this.post(args, (message) => this.#tell(message));
      case "chat.update":
        return this.update(args);
      case "chat.postEphemeral":
        this.ephemeral.push({ channel: text("channel"), user: text("user"), text: text("text") });
        return { ok: true, message_ts: this.newTs() };
      case "views.open": {
        const fault = checkView(args["view"]);
        if (fault !== undefined) return toFault(fault);
        this.views.push(args["view"] as object);
        return { ok: true };
      }
      case "reactions.add":
      case "reactions.remove":
        return this.react(method, args);
      case "reactions.get":
        return {
          ok: true,
          type: "message",
          message: {
            reactions: [
              ...(this.reactions.get(`${text("channel")}/${text("timestamp")}`) ?? []),
            ].map((name) => ({ name, users: [ME.user], count: 1 })),
          },
        };
      case "files.getUploadURLExternal":
        return this.files.begin(text("filename"), Number(text("length")), this.origin);
      case "files.completeUploadExternal":
        return this.files.complete(args);
      case "files.info":
        return this.files.info(text("file"), this.origin);
      default:
        return { ok: false, error: "unknown_method" };
    }
  }
}

/** A form; what looks like JSON is read as such, as Slack does. */
function toArgs(body: string): Record<string, unknown> {
  const args: Record<string, unknown> = {};
  for (const [name, value] of new URLSearchParams(body)) {
    const isJson = ["blocks", "view", "files"].includes(name);
    args[name] = isJson ? (JSON.parse(value) as unknown) : value;
  }
  return args;
}
