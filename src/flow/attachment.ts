/**
 * An attachment: one client process that holds a lease, as the hub knows it from hooks, tool calls and its bell.
 *
 * Owns: the shape of that knowledge and how single signals change it. Never: reads, writes or sends.
 *
 * A client never says whether it listens, so `health` says only what receipts have shown.
 */
import { createHash } from "node:crypto";
import { basename } from "node:path";
import { isChannelNamed } from "../sdk/channel-flag.ts";
import type { Lane } from "../sdk/event.ts";

/** Busy that no hook has confirmed for so long is over: an interrupted turn ends without a hook. */
export const BUSY_LIFE_MS = 10 * 60_000;

export type Turn =
  | { kind: "idle"; since: number }
  | {
      kind: "busy";
      since: number;
      lastHookAt: number;
      promptId: string | undefined;
      /** When the first of the events that its prompt carried was offered: of what came with it, the rest may follow in the next turn. */
      carriesFrom?: number;
    };

/** What a shim tells of the client that spawned it. */
export type ClientFacts = {
  pid: number;
  /** Start time of the process as the system gives it: with the pid it names one process for ever. */
  startTime: string;
  argv: string[];
  /** `clientInfo` of the MCP handshake. */
  name: string;
  version: string;
  /** The revision of MCP that the handshake agreed on. */
  protocol?: string | undefined;
  /** Spawned by our plugin, whose hooks and bell come with it; else a bare MCP server entry. */
  plugin: boolean;
  interactive: boolean;
  /** It runs in the client's background service, without a terminal of its own. */
  background?: boolean | undefined;
  /** The session id in the shim's environment; hooks correct it. */
  session: string;
  /** The project folder. */
  cwd: string;
  /** SLUICE_LANE, where it is not `auto`. */
  forcedLane: Lane | undefined;
};

export type Ring = {
  bell: string;
  at: number;
  /** How often this call for attention has rung. */
  times: number;
};

export type Attachment = {
  id: string;
  client: ClientFacts;
  /** The conversation now open in it. */
  session: string;
  /** What the user calls it, where they gave it a name. */
  label: string | undefined;
  /** `owner/name` of the project's remote. */
  repository: string | undefined;
  branch: string | undefined;
  /** May be given events: it has shown a sign of life beyond being spawned. */
  target: boolean;
  lane: Lane;
  health: "proven" | "unproven" | "none";
  /** The likely reason, where unproven. */
  reason: string | undefined;
  turn: Turn;
  /** The bell's connection, if it has one. */
  hasBell: boolean;
  /** The shim's connection. */
  hasLease: boolean;
  ring: Ring | undefined;
  lastRingAt: number;
  /** Turn ends counted, for the channel lane. */
  stops: number;
  /** No wakes before this (epoch ms): set after a failed turn. */
  quietUntil: number;
  /** Turns that failed since one ended well. */
  failures: number;
  /** Its hooks see what a channel turn is prompted with: then that, not a count, proves what arrived. */
  showsPrompts: boolean;
  /** Epoch ms of the last prompt that hooks told of, 0 for none. */
  lastPromptAt: number;
  /** The latest prompt of this life of the hub, and the bell that was answered in it. */
  lastPrompt: { promptId: string; bell: string | undefined } | undefined;
  attachedAt: number;
  lastActiveAt: number;
  lastHookAt: number | undefined;
};

export function toAttachmentId(client: Pick<ClientFacts, "pid" | "startTime">): string {
  return `att_${client.pid}_${createHash("sha256").update(client.startTime).digest("hex").slice(0, 10)}`;
}

/** What people call it: the user's word, else its folder and branch. */
export function toLabel({ label, client, branch }: Attachment): string {
  if (label !== undefined) return label;
  const folder = basename(client.cwd) || client.cwd;
  return branch === undefined ? folder : `${folder} (${branch})`;
}

/** The first version whose plugins have monitors. */
const MONITOR_SINCE = [2, 1, 310] as const;

export function hasMonitors(version: string): boolean {
  const parts = version.split(".").map(Number);
  for (const [index, least] of MONITOR_SINCE.entries()) {
    const part = parts[index] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}

/** Which lane a client starts on. */
export function toLane(client: ClientFacts): Lane {
  if (client.forcedLane !== undefined) return client.forcedLane;
  if (isChannelNamed(client.argv) || client.name !== "claude-code") return "channel";
  if (client.plugin && client.interactive && hasMonitors(client.version)) return "monitor";
  return "pull";
}

export function openAttachment(
  client: ClientFacts,
  project: Pick<Attachment, "repository" | "branch">,
  now: number,
): Attachment {
  return {
    id: toAttachmentId(client),
    client,
    session: client.session,
    label: undefined,
    repository: project.repository,
    branch: project.branch,
    target:
      client.forcedLane !== undefined ||
      isChannelNamed(client.argv) ||
      client.name !== "claude-code",
    lane: toLane(client),
    health: "none",
    reason: undefined,
    turn: { kind: "idle", since: now },
    hasBell: false,
    hasLease: true,
    ring: undefined,
    lastRingAt: 0,
    stops: 0,
    quietUntil: 0,
    failures: 0,
    showsPrompts: false,
    lastPromptAt: 0,
    lastPrompt: undefined,
    attachedAt: now,
    lastActiveAt: now,
    lastHookAt: undefined,
  };
}

/** A sign of life: a hook, a bell, a tool call. A client that nobody sits at becomes no target by it. */
export function noteSign(attachment: Attachment, now: number): void {
  attachment.lastActiveAt = now;
  if (attachment.client.interactive) attachment.target = true;
}

export function beginTurn(attachment: Attachment, promptId: string | undefined, now: number): void {
  attachment.turn = { kind: "busy", since: now, lastHookAt: now, promptId };
}

/**
 * The model uses a tool, so a turn runs. On the channel lane nothing else may have told: a push starts a turn without a hook,
 * and what is pushed into it comes after its end.
 */
export function noteWork(attachment: Attachment, now: number): void {
  if (attachment.lane === "channel" && attachment.turn.kind === "idle") {
    beginTurn(attachment, undefined, now);
  }
}

export function endTurn(attachment: Attachment, now: number): void {
  attachment.turn = { kind: "idle", since: now };
}

/** Esc ends a turn without a hook: after so long without one, a turn may be over. */
export const SILENT_TURN_MS = 20_000;

/** True while a turn runs for sure: what is pushed now wakes nobody. */
export function isSurelyBusy({ turn }: Attachment, now: number): boolean {
  return turn.kind === "busy" && isWithin(turn.lastHookAt, now, SILENT_TURN_MS);
}

/** True while a turn is believed to run. */
export function isBusy({ turn }: Attachment, now: number): boolean {
  return turn.kind === "busy" && isWithin(turn.lastHookAt, now, BUSY_LIFE_MS);
}

/** A hook ahead of the clock was told by a clock that has been set back: nobody knows how long ago. */
function isWithin(since: number, now: number, lifeMs: number): boolean {
  return since <= now && now - since < lifeMs;
}
