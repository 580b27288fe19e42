/**
 * The client behind an attachment: the process that runs a session, as its shim or its host tells.
 *
 * Owns: the fields of those facts, and the id made from them. Never: decides by them.
 */
import { createHash } from "node:crypto";
import type { ForcedLane } from "../../sdk/event.ts";

/** What a shim tells of the client that spawned it, or a host of a session that it has found. */
export type ClientFacts = Readonly<{
  /** The host that found it, where the hub speaks to it without a shim. */
  host?: string;
  pid: number;
  /** Start time of the process as the system gives it: with the pid it names one process for ever. */
  startTime: string;
  argv: readonly string[];
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
  forcedLane: ForcedLane | undefined;
  /** It is one of `sluice agent`, and nobody sits at it. */
  agent?: AgentFacts;
}>;

export type AgentFacts = Readonly<{
  /** The channels whose events it is given; the owner has named each. */
  channels: readonly string[];
  /** Why no turn of it may begin now, and until when (epoch ms); undefined where one may. */
  hold(now: number): { reason: string; until: number } | undefined;
}>;

/** What a shim remembers across a restart of the hub. */
export type Remembered = {
  session: string | undefined;
  promptId: string | undefined;
  stops: number;
};

/** Of a shim's client its process; of a host's its session: one process may run many. */
export function toAttachmentId(client: AttachmentKey): string {
  const { host, pid, startTime, session = "" } = client;
  return host === undefined ? `att_${pid}_${digest(startTime)}` : `att_${host}_${digest(session)}`;
}

type AttachmentKey = Pick<ClientFacts, "host" | "pid" | "startTime"> & { session?: string };

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 10);
}
