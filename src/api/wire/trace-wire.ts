/**
 * The shape of an event's trace in the hub's API.
 *
 * Owns: that shape. Never: what a step means (src/store/events/inbox.ts).
 */
import type { EventView } from "./wire.ts";

/** `at` is epoch ms. */
export type StepView = {
  at: number;
  stage: string;
  lane?: string | undefined;
  session?: string | undefined;
  attempt?: number | undefined;
  reason?: string | undefined;
  /** The copy whose step it is. */
  copy?: string | undefined;
};

/** One copy of an event, for one session; absent: for one of those that subscribed without `copy`. */
export type CopyView = {
  id: string;
  session?: string | undefined;
  state: string;
  attempts: number;
};

/** Steps of copies stand among the event's own; `copies` is absent where it has none. `names`: what its sessions are or were called, by id. */
export type TraceView = {
  event: EventView;
  steps: StepView[];
  copies?: CopyView[] | undefined;
  names?: Record<string, string> | undefined;
  /** MCP clients whose program has the event; that a model has read it is not known. Absent where none has. */
  takenBy?: TakerView[] | undefined;
};

/** `at` is epoch ms: when the client last showed how far it has come. */
export type TakerView = { client: string; name: string; at: number };
