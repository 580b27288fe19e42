/**
 * Doctor's look at access: the rules, the audit, changes that wait.
 *
 * Owns: what counts as in order there. Never: starts or changes anything.
 */
import { read } from "../api/client.ts";
import type { AccessView } from "../api/access-wire.ts";
import { type Check, fail, pass } from "./check.ts";
import { callHub } from "./hub.ts";

/** Of a hub that runs. */
export async function readAccessChecks(): Promise<Check[]> {
  return checkAccess(await callHub((api) => read(api.access.$get())));
}

export function checkAccess({ state, reason, audit, senders, requests }: AccessView): Check[] {
  const rules =
    state === "damaged"
      ? fail(
          "access",
          `damaged (${reason ?? "unknown"}): nobody is admitted to a chat`,
          "look at sluice access log, then sluice access restore",
        )
      : pass(
          "access",
          `${senders.length} people listed${state === "static" ? ", static" : ""}${requests.length === 0 ? "" : `; ${requests.length} changes wait: sluice access list`}`,
        );
  if (audit.damage !== undefined)
    return [
      rules,
      fail("audit", audit.damage, "compare it with a backup; sluice access restore begins anew"),
    ];
  // A restore made it sound again; what it began after is still worth knowing.
  const healed = audit.healed === undefined ? "" : `; before the last restore: ${audit.healed}`;
  return [rules, pass("audit", `${audit.rows} rows, the chain is whole${healed}`)];
}
