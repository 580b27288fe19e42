/**
 * What is said about hosts: agents that the hub speaks to without a shim.
 *
 * Owns: schemas of those requests, types of these answers. Never: behaviour.
 */
import { z } from "zod";
import type { HostGate } from "../../flow/lanes/host.ts";
import type { LaneMeans } from "../../flow/lanes/lane.ts";
import { setUpSchema } from "./wire.ts";

export const HOST_NAMES = ["codex"] as const;
export type HostName = (typeof HOST_NAMES)[number];

/** `folder`: where the agent keeps its things. */
export const hostSettingSchema = z.strictObject({
  folder: z.string().min(1).max(4_096).startsWith("/", "must be an absolute path"),
});
export type HostSetting = z.infer<typeof hostSettingSchema>;

export const hostCallSchema = hostSettingSchema.extend(setUpSchema.shape);

export type HostView = HostSetting & {
  name: HostName;
  gates: readonly HostGate[];
  /** How many of its sessions are found now. */
  sessions: number;
};

/** What can be expected of a session on a lane. */
export type LaneView = LaneMeans & { name: string };
