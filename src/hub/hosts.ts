/**
 * The hosts that this hub speaks to without a shim.
 *
 * Owns: that list, one line for each host: `{ name, lane, open }` (flow/lanes/host.ts). Never: the code of a host.
 */
import type { Host } from "../flow/lanes/host.ts";

export const HOSTS: readonly Host[] = [];
