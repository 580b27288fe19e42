/**
 * What a shim does about a hub of an older version than its own, where the client itself has installed and updated it: nobody is there to type
 * `sluice up`.
 *
 * Owns: that decision. Never: replaces a hub by itself; the command line does (cli/replace-hub.ts).
 *
 * OLDERHUB-1 Only a hub of an older version gives way, never another build of the same one: of two shims at most one would replace the
 *    other's hub, so they never take turns.
 */
import { type HubEntry, startReplacement } from "../api/client/start-hub.ts";
import type { HubView } from "../api/wire/wire.ts";
import { compareVersions } from "../local/compare-versions.ts";
import type { Env } from "../local/home.ts";
import { VERSION } from "../local/version.ts";

type Hub = Pick<HubView, "pid" | "version">;

/** To be told of each hub that answers. Each is asked to leave once: one that stays in spite of it is doctor's to name. */
export function openOlderHubWatch(
  entry: HubEntry | undefined,
  env: Env,
  start: typeof startReplacement = startReplacement,
): (hub: Hub) => void {
  let asked: number | undefined;
  return ({ pid, version }) => {
    if (entry === undefined || pid === asked || compareVersions(version, VERSION) >= 0) return;
    asked = pid;
    start(entry, env);
  };
}
