/**
 * What Codex says, read leniently: its fields, as far as they are used here.
 *
 * Owns: these shapes. Never: asks Codex.
 */
import { listAt, textAt, toObject } from "../../sdk/json.ts";

/** How a turn stands or has ended. */
export type TurnStatus = "inProgress" | "completed" | "interrupted" | "failed";

export type ThreadFacts = {
  id: string;
  cwd: string;
  /** Where its history is written; absent: nowhere. */
  path: string | undefined;
  /** Where it came from, as `cli`, `vscode`, `exec`. */
  source: string;
  version: string;
  status: "idle" | "active" | "notLoaded" | "systemError" | "unknown";
  /** Of a helper of another thread. */
  parent: string | undefined;
  isEphemeral: boolean;
};

const STATUSES = ["idle", "active", "notLoaded", "systemError"] as const;
const TURN_STATUSES = ["inProgress", "completed", "interrupted", "failed"] as const;

export function toThread(value: unknown): ThreadFacts | undefined {
  const id = textAt(value, "id");
  const cwd = textAt(value, "cwd");
  if (id === undefined || cwd === undefined) return undefined;
  return {
    id,
    cwd,
    path: textAt(value, "path"),
    source: textAt(value, "source") ?? "",
    version: textAt(value, "cliVersion") ?? "",
    status: toStatus(toObject(value)["status"]),
    parent: textAt(value, "parentThreadId"),
    isEphemeral: toObject(value)["ephemeral"] === true,
  };
}

export function toStatus(value: unknown): ThreadFacts["status"] {
  const type = textAt(value, "type");
  return STATUSES.find((known) => known === type) ?? "unknown";
}

export type TurnState = { id: string; status: TurnStatus };

export function toTurn(value: unknown): TurnState | undefined {
  const id = textAt(value, "id");
  const status = TURN_STATUSES.find((known) => known === textAt(value, "status"));
  return id === undefined || status === undefined ? undefined : { id, status };
}

/** The client ids of the messages among a turn's items. */
export function toClientIds(turn: unknown): string[] {
  return listAt(turn, "items").flatMap((item) => toClientId(item) ?? []);
}

/** Of a message that a client has sent: the id that it gave. */
export function toClientId(item: unknown): string | undefined {
  return textAt(item, "type") === "userMessage" ? textAt(item, "clientId") : undefined;
}
