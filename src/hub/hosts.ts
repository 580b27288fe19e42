/**
 * The hosts that this hub speaks to without a shim.
 *
 * Owns: that list, one line a host: `{ name, lane, open }` (flow/lanes/host.ts). Never: anything of one.
 */
import type { Host } from "../flow/lanes/host.ts";

export const HOSTS: readonly Host[] = [];
