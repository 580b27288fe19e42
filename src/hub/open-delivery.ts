/**
 * Opens delivery with the facts of this machine: processes, projects, and the owner's settings.
 *
 * Owns: nothing. Never: delivers (flow/deliver/deliver.ts).
 */
import { isAlive } from "../local/process.ts";
import { Delivery } from "../flow/deliver/deliver.ts";
import type { Host } from "../flow/lanes/host.ts";
import type { Core } from "./core.ts";
import { readProject } from "./repository.ts";
import type { Settings } from "./settings/settings.ts";

export function openDelivery(
  { db, clock, log }: Core,
  settings: Settings,
  hosts: readonly Host[],
): Delivery {
  const { readRefusal: readPolicy, readQuiet, readRules } = settings;
  return new Delivery({
    db,
    clock,
    log,
    isAlive,
    readProject,
    readPolicy,
    readQuiet,
    readRules,
    lanes: hosts.map(({ lane }) => lane),
  });
}
