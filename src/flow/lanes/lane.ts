/**
 * A lane: how events get into a session, and what proves that they were read.
 *
 * Owns: the questions that a lane answers. All differences between lanes stand in the lanes' own files; other files ask here and never
 * compare a lane's name. Lanes decide and do nothing themselves.
 */
import type { LaneName } from "../../sdk/event.ts";
import type { OpenDelivery } from "../../store/events/deliveries.ts";
import type { SessionFacts } from "./contract.ts";
import type { ClientFacts } from "../session/client.ts";
import type { Pace, PaceInput } from "../deliver/pace.ts";
import type { LaneSignal, ReceiptOutcome } from "./contract.ts";

/** What has become of what is out on a lane. */
export type LaneHealth =
  /** As far as is known it is on its way. Ask again at `until` (epoch ms; infinite: not while nothing changes). */
  | { kind: "open"; until: number }
  /** These will not be read any more: they wait again. */
  | { kind: "lost"; deliveries: readonly OpenDelivery[]; reason: string }
  /** The client does not listen: the session goes on by another lane. */
  | { kind: "closed"; reason: string };

/** One line without any text, and the events follow in the hook that it causes; the events themselves; or nothing: they are asked for. */
export type Sends = { kind: "bell" } | SendsEvents | { kind: "nothing" };

/** Events leave over the session's connection, each as one message. */
export type SendsEvents = {
  kind: "events";
  /** How many may leave now, with `inFlight` out and not proven, oldest first. */
  room(attachment: SessionFacts, inFlight: readonly OpenDelivery[], now: number): number;
  /** What will prove those that leave now. */
  toReceipt(attachment: SessionFacts, now: number): string | null;
  /** Those that leave now start a turn, and nobody tells of it. */
  startsTurn(attachment: SessionFacts): boolean;
  /** While a turn runs: those that leave now come with others that wait for the next one, and start none. Absent: never. */
  joinsTurn?(attachment: SessionFacts, inFlight: readonly OpenDelivery[]): boolean;
  /** The host has a place for lines that the person reads and the model does not. Absent: it has none. */
  showsLines?: true;
};

/** What can be expected of a session on a lane, in words for people: the table of docs/hosts.md, and doctor's. */
export type LaneMeans = {
  /** Which agents are on it. */
  agents: string;
  wakes: string;
  /** How the text of an event comes into the conversation. */
  text: string;
  receipt: string;
  /** How its requests for permission come to people elsewhere. */
  prompts: string;
  /** The same of the model's own questions. */
  questions: string;
  /** Whether people elsewhere can stop it. */
  stop: string;
};

export type Lane = {
  /** As it is stored and shown; it never changes. */
  readonly name: LaneName;
  readonly means: LaneMeans;
  /** May this client start on it? The first lane that suits is taken (choose-lane.ts). */
  suits(client: ClientFacts): boolean;
  /** Why `SLUICE_LANE` may not force this client onto it; undefined where it may. */
  refuses(client: ClientFacts): string | undefined;
  /** The client passes its permission requests on to us, and takes our answers. */
  readonly relaysPrompts: boolean;

  /** What leaves by itself once pace says go. */
  readonly sends: Sends;
  /** Whether the session can be woken now. Those that can are given events before all others (ROUTE-2). */
  canWake(attachment: SessionFacts): boolean;
  /** Whether now is a good time, once nothing that holds for every lane is against it (pace.ts). */
  pace(input: PaceInput): Pace;

  /** What a signal says of a delivery that is out on this lane. */
  judge(delivery: OpenDelivery, signal: LaneSignal): ReceiptOutcome | undefined;
  /** Looks at what is out on this lane, oldest first. Absent: only signals tell of it. */
  check?(attachment: SessionFacts, out: readonly OpenDelivery[], now: number): LaneHealth;
  /** A session that was given up is tried again once any hook of it comes. */
  readonly isRevivedByHooks: boolean;
  /** A turn may begin without a word: then a tool call is the first sign of it. */
  readonly beginsTurnsUnseen: boolean;

  /** One sentence for people: why a session on it gets nothing, or with weaker proof. */
  explain(attachment: SessionFacts, now: number): string | undefined;
  /** What doctor adds to the session's line. */
  describe(attachment: SessionFacts): readonly string[];
  /** Out of order though nothing has shown it yet; a restart of the session is the cure. */
  isStuck(attachment: SessionFacts): boolean;
  /** Why a probe does not get further on it by itself; undefined where it does. */
  readonly probeStop?: { detail: string; fix: string };
};
