/**
 * People who are asked: sessions on a real store with a virtual clock, and approvers on a fake Telegram over real HTTP.
 *
 * Owns: that scene. Never: the behaviour under test.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { toHome } from "../local/home.ts";
import { openConnection } from "../channels/telegram/connection.ts";
import { FAKE_TOKEN, FakeTelegram } from "../../test/fakes/telegram/fake-telegram.ts";
import { QUICK } from "../channels/telegram/rig.fixture.ts";
import { AccessPolicy } from "../flow/access/policy.ts";
import { gate } from "../flow/intake/gate.ts";
import type { Away } from "../flow/prompt/notify/away.ts";
import { toPostButtons } from "../flow/prompt/chat/post-buttons.ts";
import { PromptRig } from "../flow/prompt/prompt-rig.fixture.ts";
import type { Session } from "../flow/rig.fixture.ts";
import { Sending } from "../flow/send/send.ts";
import { settle, type VirtualClock } from "../flow/virtual-clock.fixture.ts";
import type { ChannelConnection } from "../sdk/channel.ts";
import { systemClock } from "../sdk/clock.ts";
import type { Arrival } from "../sdk/event.ts";
import type { Prompt } from "../sdk/prompt.ts";
import { Secret } from "../sdk/secret.ts";
import type { PersonRole } from "../store/access/access.ts";
import type { Database } from "../store/file/database.ts";
import { toDefaultConfig } from "./settings/config.ts";
import type { Channels } from "./channels/channels.ts";
import { openAway } from "./prompts.ts";
import { ChatApprovals } from "./chat-approvals.ts";

export const ADA = 77;
export const BO = 88;
const log = { debug() {}, info() {}, warn() {}, error() {} };

export class OutRig {
  readonly fake: FakeTelegram;
  readonly folder: string;
  rig: PromptRig;
  policy!: AccessPolicy;
  out!: ChatApprovals;
  away!: Away;
  sending!: Sending;
  connection!: ChannelConnection;
  /** What is so of the channel besides. */
  entry: { carriesVerdicts?: false } = {};
  /** What went on to the gate. */
  readonly passed: Arrival[] = [];
  readonly logged: string[] = [];
  #cursor: string | undefined;
  #nextMessage = 1;
  #closeConnection: () => Promise<void> = async () => {};

  private constructor(fake: FakeTelegram) {
    this.fake = fake;
    this.folder = mkdtempSync(join(tmpdir(), "sluice-out-"));
    this.rig = new PromptRig();
    onTestFinished(() => rmSync(this.folder, { recursive: true, force: true }));
  }

  /** `prompts` are settings of config.json. */
  static async open(prompts: object = {}): Promise<OutRig> {
    const fake = await FakeTelegram.open();
    onTestFinished(() => fake.close());
    const rig = new OutRig(fake);
    const config = { ...toDefaultConfig(), prompts };
    writeFileSync(toHome(rig.folder).config, JSON.stringify(config), { mode: 0o600 });
    rig.#compose();
    await rig.allow(ADA, ["chatter", "approver"]);
    await rig.#connect();
    return rig;
  }

  get db(): Database {
    return this.rig.rig.db;
  }

  get clock(): VirtualClock {
    return this.rig.rig.clock;
  }

  /** Lets someone in, in a direct chat of their own. */
  async allow(id: number, roles: readonly PersonRole[]): Promise<void> {
    const person = { channel: "tg", account: "4242", id: String(id), name: `P${id}` };
    const link = { ...person, kind: "link", chatId: String(id), roles } as const;
    await this.db.write(() => this.policy.write(link, "owner"));
    if (roles.includes("approver")) this.rig.approvers.add(String(id));
    else this.rig.approvers.delete(String(id));
  }

  async revoke(id: number): Promise<void> {
    const change = { kind: "revoke", channel: "tg", id: String(id), block: false } as const;
    await this.db.write(() => this.policy.write(change, "owner"));
    this.rig.approvers.delete(String(id));
  }

  /** Another life of the hub on the same file, while messages stand in the chats. */
  async restart(options: { offline?: boolean } = {}): Promise<void> {
    await this.#closeConnection();
    this.out.close();
    this.away.close();
    await this.sending.close(50);
    this.rig = this.rig.restart();
    this.#compose();
    if (options.offline !== true) await this.#connect();
  }

  /** A session asks, and people are told at once: the user is away. */
  async askAway(session: Session, input: object = {}, tool = "Bash"): Promise<Prompt> {
    await this.away.set("on", "test");
    await this.rig.ask(session, { tool, input: { command: "npm test", ...input } });
    const [prompt] = this.rig.prompts.list({ state: "pending" });
    if (prompt === undefined) throw new Error("nothing waits");
    await this.pass(1_000);
    await this.sent(prompt.code);
    return prompt;
  }

  /** Time passes; what is sent meanwhile arrives. */
  async pass(ms: number): Promise<void> {
    await this.clock.advance(ms);
    for (let i = 0; i < 4; i++) {
      await new Promise((resolve) => setTimeout(resolve, 15));
      await settle();
    }
  }

  /** Waits for something that takes a moment of real time. */
  async until(what: () => unknown, limitMs = 60_000): Promise<void> {
    const end = Date.now() + limitMs;
    while (!what()) {
      if (Date.now() > end) throw new Error(`not so: ${what.toString()}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
      await settle();
    }
  }

  /** The message in this chat that names a code, once it is there and known to the hub. */
  async sent(code: string, chat: number = ADA): Promise<string> {
    await this.until(() => this.find(code, chat) !== undefined);
    await this.until(() =>
      this.db.get("SELECT 1 FROM prompt_posts WHERE message = ?", this.find(code, chat) ?? ""),
    );
    return this.find(code, chat) ?? "";
  }

  find(code: string, chat: number = ADA): string | undefined {
    for (let id = 500; id < 900; id++)
      if (this.read(String(id), chat)?.text.includes(code)) return String(id);
    return undefined;
  }

  read(message: string, chat: number = ADA) {
    return this.fake.read(String(chat), message);
  }

  /** How many messages of ours stand in a chat. */
  count(chat: number = ADA): number {
    return this.fake
      .sent("sendMessage")
      .filter(({ payload }) => String(payload["chat_id"]) === String(chat)).length;
  }

  /** All that people were shown as an answer to a tap. */
  get tapAnswers(): string[] {
    return this.fake
      .sent("answerCallbackQuery")
      .map(({ payload }) => String(payload["text"] ?? ""));
  }

  /** All texts that were sent to a chat, in order. */
  texts(chat: number = ADA): string[] {
    return this.fake
      .sent("sendMessage")
      .filter(({ payload }) => String(payload["chat_id"]) === String(chat))
      .map(({ payload }) => String(payload["text"]));
  }

  /** A person writes, in a direct chat unless `more` says otherwise. Resolves once it was looked at. */
  async write(
    text: string,
    { from = ADA, more = {}, edited = false, ageMs = 0 } = {},
  ): Promise<void> {
    const before = this.fake.waiting;
    const message = {
      message_id: this.#nextMessage++,
      date: Math.floor((this.clock.now() - ageMs) / 1_000),
      text,
      from: { id: from, is_bot: false, first_name: "Ann" },
      chat: { id: from, type: "private" },
      ...more,
    };
    this.fake.push(
      edited ? { edited_message: { ...message, edit_date: message.date } } : { message },
    );
    await this.until(() => this.fake.waiting <= before);
    await this.pass(0);
  }

  async tap(message: string, label: string, { chat = ADA, from = ADA } = {}): Promise<void> {
    this.fake.tap(String(chat), message, label, from);
    await this.until(() => this.fake.waiting === 0);
    await this.pass(0);
  }

  #compose(): void {
    const { db, clock } = this;
    this.policy = new AccessPolicy({ db, clock, isStatic: false });
    this.sending = new Sending({
      db,
      clock,
      log,
      connected: () => ["tg"],
      connection: () => this.connection,
      toButtons: (row) => toPostButtons(db, row),
    });
    const entry = { config: { name: "tg", kind: "telegram", twoWay: false }, isConnected: true };
    const core = {
      db,
      clock,
      log: {
        ...log,
        error: (facts: object, text: string) =>
          this.logged.push(`${text} ${JSON.stringify(facts)}`),
      },
      home: toHome(this.folder),
    };
    this.away = openAway(core, { access: { policy: this.policy, notifyOwner: () => {} } });
    this.out = new ChatApprovals(core, {
      delivery: this.rig.rig.delivery,
      channels: {
        list: () => [{ ...entry, ...this.entry }] as unknown as ReturnType<Channels["list"]>,
      },
      connections: { find: () => this.connection },
      access: {
        of: () => ({ paused: false, allowUnsigned: false, chat: this.policy.toChatRules("tg") }),
        policy: this.policy,
      },
      prompts: this.rig.prompts,
      away: this.away,
      outbox: {
        queued: () => this.sending.changed(),
        settled: (id, waitMs) => this.sending.settled(id, waitMs),
      },
      status: { describeForChat: () => ["tg is connected.", "1 session open, 0 at work."] },
    });
    const { out, away, sending } = this;
    onTestFinished(async () => {
      out.close();
      away.close();
      await sending.close(50);
    });
  }

  async #connect(): Promise<void> {
    const abort = new AbortController();
    const connection = await openConnection(
      {
        name: "tg",
        secret: new Secret(FAKE_TOKEN),
        settings: { "api-root": this.fake.root },
        cursor: this.#cursor,
        take: async (arrivals, cursor) => {
          const handled = [];
          for (const arrival of arrivals) handled.push(await this.out.handle(arrival));
          for (const one of handled) if (one.kind === "pass") this.passed.push(one.arrival);
          this.#cursor = cursor;
          return handled.map((one) => (one.kind === "handled" ? one.answer : undefined));
        },
        admits: (arrival) =>
          gate(arrival, {
            paused: false,
            allowUnsigned: false,
            chat: this.policy.toChatRules("tg"),
          }).kind === "admit",
        report: () => {},
        clock: systemClock,
        log,
        signal: abort.signal,
      },
      QUICK,
    );
    this.connection = connection;
    let isClosed = false;
    this.#closeConnection = async () => {
      if (isClosed) return;
      isClosed = true;
      abort.abort();
      await connection.close();
    };
    const close = this.#closeConnection;
    onTestFinished(() => close());
    await this.sending.open();
    this.out.open([]);
  }
}
