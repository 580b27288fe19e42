/**
 * Doctor's checks of access: the rules, the audit, changes that wait.
 *
 * Owns: what counts as in order there. Never: starts or changes anything.
 */
import type { AccessView } from "../../api/wire/access-wire.ts";
import type { RuleView } from "../../api/wire/rule-wire.ts";
import { type Check, fail, pass } from "./check.ts";
import { askRunning } from "../hub.ts";
import { toCount } from "../output/print.ts";

/** Of a hub that runs. */
export async function readAccessChecks(): Promise<Check[]> {
  return checkAccess(await askRunning((api) => api.access.$get()));
}

/** Of a hub that runs. */
export async function readRuleChecks(): Promise<Check[]> {
  return [checkRules(await askRunning((api) => api.rules.$get()))];
}

/** A rule may have been written when patterns reached further. */
export function checkRules(rules: readonly Pick<RuleView, "id" | "noEffect">[]): Check {
  const [first] = rules.filter(({ noEffect }) => noEffect !== undefined);
  return first === undefined
    ? pass("rules", toCount(rules.length, "rule"))
    : fail(
        "rules",
        `rule ${first.id} allows nothing: ${first.noEffect ?? ""}`,
        "write the command in plain words: sluice rule add --help shows how; sluice rule list shows all of them",
      );
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
          [
            `${toCount(senders.length, "sender")} listed`,
            ...(state === "static" ? ["static"] : []),
            ...(requests.length === 0
              ? []
              : [`waiting for you: ${toCount(requests.length, "change")}, see sluice access list`]),
          ].join("; "),
        );
  if (audit.damage !== undefined)
    return [
      rules,
      fail("audit", audit.damage, "compare it with a backup; sluice access restore begins anew"),
    ];
  // A restore made it sound again; what it began after is still worth knowing.
  const healed = audit.healed === undefined ? "" : `; before the last restore: ${audit.healed}`;
  return [rules, pass("audit", `${toCount(audit.rows, "row")}, the chain is whole${healed}`)];
}
