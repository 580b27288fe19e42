/**
 * What the tests of access start from: a real file, a virtual clock, the access policy, its administration,
 * pairing, and a gate that uses them.
 *
 * Owns: samples. Never: behaviour.
 */
import type { Arrival, ChatFacts } from "../../sdk/event.ts";
import type { Database } from "../../store/file/database.ts";
import { InboxLimit } from "../../store/events/add-event.ts";
import { openDatabase, toArrival } from "../../store/sample.fixture.ts";
import { accept, type Accepted } from "../intake/accept.ts";
import { AccessPolicy } from "./policy.ts";
import { AccessAdmin, type Caller } from "./admin.ts";
import { LoopBreaker } from "../intake/loop.ts";
import { PairingHandler } from "../intake/pairing.ts";
import { VirtualClock } from "../virtual-clock.fixture.ts";

export const TERMINAL: Caller = { isTerminal: true, origin: "terminal" };
export const SESSION: Caller = { isTerminal: false, origin: "a session's shell (pid 7)" };

export class AccessRig {
  readonly db: Database;
  readonly clock = new VirtualClock();
  readonly policy: AccessPolicy;
  readonly admin: AccessAdmin;
  readonly pairing: PairingHandler;
  readonly loops: LoopBreaker;
  readonly notices: string[] = [];
  readonly said: { channel: string; chatId: string; text: string }[] = [];

  constructor(options: { db?: Database; isStatic?: boolean } = {}) {
    const { db = openDatabase(), isStatic = false } = options;
    const { clock } = this;
    this.db = db;
    const notifyOwner = (text: string): void => void this.notices.push(text);
    const say = (channel: string, chatId: string, text: string): void =>
      void this.said.push({ channel, chatId, text });
    this.policy = new AccessPolicy({ db, clock, isStatic });
    const { policy } = this;
    const hasChannel = (name: string): boolean => name === "chats";
    this.admin = new AccessAdmin({ db, clock, policy, hasChannel, notifyOwner, say });
    this.pairing = new PairingHandler({ db, clock, policy, notifyOwner, say });
    this.loops = new LoopBreaker({ db, clock, notifyOwner, say });
  }

  /** A direct message, through the gate. */
  write(from: string, text: string, facts: Partial<ChatFacts> = {}): Promise<Accepted> {
    return this.take(toMessage(from, text, facts));
  }

  take(arrival: Arrival): Promise<Accepted> {
    const { db, clock, pairing, loops } = this;
    const chat = this.policy.toChatRules("chats");
    return accept(arrival, clock.now(), {
      db,
      clock,
      pairing,
      loops,
      limit: new InboxLimit(db, clock),
      access: { get: () => ({ paused: false, allowUnsigned: false, chat }) },
      assign: () => ({ watchers: "" }),
      pressing: () => {},
    });
  }

  /** The reason for which a direct message was not let in; `in` where it was. */
  async drop(from: string, text: string, facts: Partial<ChatFacts> = {}): Promise<string> {
    const accepted = await this.write(from, text, facts);
    return accepted.kind === "dropped" ? accepted.reason : "in";
  }

  /** The code in what was said last. */
  readCode(): string {
    return /[0-9A-Z]{3}-[0-9A-Z]{3}/.exec(this.said.at(-1)?.text ?? "")?.[0] ?? "";
  }

  async invite(roles?: ("chatter" | "approver" | "owner")[]): Promise<string> {
    const change = { kind: "invite" as const, channel: "chats", ...(roles && { roles }) };
    const outcome = await this.admin.ask(change, TERMINAL);
    return outcome.kind === "invited" ? outcome.code : "";
  }

  async setPolicy(policy: "pairing" | "allowlist" | "invite" | "disabled"): Promise<void> {
    await this.admin.ask({ kind: "policy", channel: "chats", policy }, TERMINAL);
  }

  countRows(): number {
    const tables = this.db.all<{ name: string }>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    );
    return tables.reduce(
      (sum, { name }) =>
        sum + (this.db.get<{ n: number }>(`SELECT COUNT(*) AS n FROM "${name}"`)?.n ?? 0),
      0,
    );
  }
}

export function toMessage(from: string, text: string, facts: Partial<ChatFacts> = {}): Arrival {
  return toArrival({
    channel: "chats",
    verified: "platform",
    sender: { id: from, name: `Name of ${from}` },
    text: "A message",
    quotes: text === "" ? [] : [{ label: "message", text }],
    chatId: facts.groupId ?? from,
    chat: {
      place: "dm",
      account: "bot-1",
      isAddressed: true,
      isBot: false,
      isForwarded: false,
      isEdited: false,
      ...facts,
    },
  });
}
