/**
 * Hosts: agents that the hub speaks to over a connection of its own, without a shim between them.
 *
 * Owns: the interface of a host, and handling its reports. Never: speaks to one (the host's own folder); decides for one (its lane).
 */
import type { Clock } from "../../sdk/clock.ts";
import { toMessage } from "../../sdk/errors.ts";
import type { Database } from "../../store/file/database.ts";
import { saveSession } from "../../store/sessions/sessions.ts";
import {
  beginTurn,
  noteFailure,
  noteSign,
  noteStop,
  toSessionRecord,
} from "../session/attachment.ts";
import type { ClientFacts } from "../session/client.ts";
import { listOut, withdrawSent } from "../deliver/attempts.ts";
import type { Delivery } from "../deliver/deliver.ts";
import type { LeaseMessage } from "../session/leases.ts";
import type { Prompts } from "../prompt/prompt.ts";
import { type RelayAsk, toRelayKey } from "../prompt/create-prompt.ts";
import { AgentBudget, type AgentLimits } from "../agent/budget.ts";
import type { Lane } from "./lane.ts";

export type Host = {
  /** As it is shown, and part of the ids of its sessions; it never changes. */
  readonly name: string;
  /** How events get into its sessions. */
  readonly lane: Lane;
  /** Looks for sessions and tells of them at the door, until what it resolves with is called. It comes back by itself when the agent does. */
  open(door: HostDoor): Promise<() => Promise<void>>;
};

/** One thing that must be so for events to reach its sessions; `fix` where it is not. */
export type HostGate = {
  gate: string;
  isOpen: boolean;
  detail: string;
  fix?: string | undefined;
};

/** A session that a host has found. Only one that a person has open: what is sent to it starts a turn. */
export type FoundSession = {
  id: string;
  /** The process that runs its tools: nothing below it counts as a person at a terminal. */
  pid: number;
  version: string;
  /** The project folder. */
  cwd: string;
  /** It runs without a person: what it is given, and how much it may use in a day. */
  agent?: { channels: readonly string[]; limits: AgentLimits };
  /** Hands a message over. It cannot tell whether that arrived; what proves it comes back by `read`, or is found missing by the lane. */
  send: (message: LeaseMessage) => void;
};

export type HostDoor = { attach(found: FoundSession): HostSession };

/** What a host tells of a session that it has found. */
export type HostSession = {
  /** Under which the hub's other routes know it. */
  readonly attachment: string;
  turnBegan(turn: string): void;
  turnEnded(turn: string): Promise<void>;
  turnFailed(turn: string): Promise<void>;
  /** The ids by which messages went that are out and not proven, oldest first: what an earlier life of the hub has sent is among them. */
  out(): readonly string[];
  /** These stand in the conversation, and the end of this turn, or of a later one, proves that the model had them. */
  carried(turn: string, events: readonly string[]): Promise<void>;
  /** The model has these now. Late is well: until the event has gone again it counts. */
  read(events: readonly string[]): Promise<void>;
  /** These did not arrive, for certain: as if they had never been sent, they wait again. */
  missed(events: readonly string[], reason: string): Promise<void>;
  /** The agent does not take these: that was an attempt, and the next one waits a while. */
  refused(events: readonly string[], reason: string): Promise<void>;
  /** Nobody knows whether these arrived: that was an attempt, and they wait again. */
  lost(events: readonly string[], reason: string): Promise<void>;
  /** What a turn of an agent without a person has used. */
  spent(use: { tokens: number; dollars: number }): Promise<void>;
  /**
   * The session asks for permission, or a question. The answer comes by `send`, for this request id, which has no spaces. False: what had
   * this id before is over, so it has no answer to come.
   */
  asked(ask: Omit<RelayAsk, "session">): Promise<boolean>;
  /** Somebody has answered that elsewhere, or nobody can any more. */
  resolved(requestId: string): Promise<void>;
  /** It is not there any more: what it has not read goes to others. */
  gone(reason: string): void;
};

export type HostOptions = { db: Database; clock: Clock; delivery: Delivery; prompts: Prompts };

/** Opens the hosts; resolves with how to close them. */
export async function openHosts(
  hosts: readonly Host[],
  options: HostOptions,
): Promise<() => Promise<void>> {
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(closers.map((one) => one()));
  };
  try {
    for (const host of hosts) closers.push(await host.open(openDoor(host, options)));
  } catch (thrown) {
    await close();
    throw thrown;
  }
  return close;
}

function openDoor(host: Host, options: HostOptions): HostDoor {
  const { db, clock, delivery, prompts } = options;
  return {
    attach(found) {
      const budget = found.agent && new AgentBudget(options, found.agent.limits);
      const client = toClientFacts(host, found, budget);
      const nothing = { session: undefined, promptId: undefined, stops: 0 };
      const push = budget === undefined ? found.send : toCounted(budget, found.send, () => session);
      const link = { plugin: false, push };
      const save = (): void => {
        // For people only, and the next turn writes it again: nothing waits for it.
        db.write(() => saveSession(db, toSessionRecord(attachment, clock.now()))).catch(() => {});
      };
      const { attachment, end } = delivery.leases.attach(client, nothing, link, host.lane);
      noteSign(attachment, clock.now());
      save();
      prompts.attached(attachment);
      const giveBack = async (events: readonly string[], reason: string): Promise<void> => {
        const out = listOut(db, attachment).filter(({ carriedBy }) => events.includes(carriedBy));
        const deliveries = out.map(({ id }) => id);
        await delivery.receive(attachment, { kind: "lost", deliveries, reason });
      };
      const session: HostSession = {
        attachment: attachment.id,
        turnBegan(turn) {
          noteSign(attachment, clock.now());
          save();
          beginTurn(attachment, turn, clock.now());
          delivery.changed(attachment);
        },
        async turnEnded(turn) {
          const { turn: ended } = attachment;
          const turnSince = ended.kind === "busy" ? ended.since : 0;
          noteStop(attachment, clock.now());
          await delivery.ended(attachment, turn, turnSince);
        },
        async turnFailed(turn) {
          noteFailure(attachment, clock.now());
          await delivery.receive(attachment, { kind: "stop-failure", promptId: turn });
        },
        out: () => listOut(db, attachment).flatMap(({ carriedBy }) => carriedBy),
        async carried(turn, events) {
          await delivery.receive(attachment, { kind: "carried", promptId: turn, events });
        },
        async read(events) {
          await delivery.receive(attachment, { kind: "read", events });
        },
        async missed(events, reason) {
          await db.write(() => withdrawSent({ db, clock }, attachment, events, reason));
          delivery.changed();
        },
        async refused(events, reason) {
          noteFailure(attachment, clock.now());
          await giveBack(events, reason);
        },
        lost: giveBack,
        async spent(use) {
          await budget?.spend(use);
        },
        asked: (ask) => prompts.relay(attachment, { ...ask, session: attachment.session }),
        resolved: (requestId) =>
          prompts.cancel(toRelayKey(attachment.id, attachment.session, requestId)),
        gone: end,
      };
      return session;
    },
  };
}

function toClientFacts(
  { name }: Host,
  { pid, version, id, cwd, agent }: FoundSession,
  budget: AgentBudget | undefined,
): ClientFacts {
  const facts: ClientFacts = {
    host: name,
    name,
    version,
    pid,
    startTime: "",
    argv: [],
    plugin: false,
    interactive: true,
    session: id,
    cwd,
    forcedLane: undefined,
  };
  if (agent === undefined || budget === undefined) return facts;
  const { channels } = agent;
  return { ...facts, agent: { channels, hold: (now) => budget.hold(now) } };
}

/** BUDGET-1. Each message with events begins a turn; one that may not begin waits again, as if it had never left. */
function toCounted(
  budget: AgentBudget,
  send: (message: LeaseMessage) => void,
  session: () => HostSession,
): (message: LeaseMessage) => void {
  return (message) => {
    if (message.kind !== "channel") return send(message);
    const withhold = (reason: string): Promise<void> =>
      session().missed([message.meta["event_id"] ?? ""], reason);
    budget
      .begin()
      .then(
        (held) => (held === undefined ? send(message) : withhold(held.reason)),
        (thrown: unknown) => withhold(`its turn could not be counted: ${toMessage(thrown)}`),
      )
      // The store fails: what is out stays so, and goes back with the session.
      .catch(() => {});
  };
}
