/**
 * The state of access, for status and doctor.
 *
 * Owns: its words, and the next steps that follow from it. Never: changes anything.
 */
import type { AccessStateView } from "../../api/wire/access-wire.ts";
import type { HubAccess } from "../access.ts";

export function describeAccessState({
  policy,
  admin,
}: Pick<HubAccess, "policy" | "admin">): AccessStateView {
  const { state } = policy;
  return {
    state: state.kind,
    ...(state.kind === "damaged" ? { reason: state.reason } : {}),
    waiting: admin.listWaiting().length,
  };
}

/** Alarms first. */
export function toAccessSteps(view: AccessStateView): string[] {
  return [
    ...(view.state === "damaged"
      ? [
          `ALARM: the rules of access are damaged (${view.reason ?? "unknown"}); nobody is admitted to a chat. Look at "sluice access", then run "sluice access restore"`,
        ]
      : []),
    ...(view.waiting === 0
      ? []
      : [
          `${view.waiting === 1 ? "a change" : `${view.waiting} changes`} of access wait${view.waiting === 1 ? "s" : ""} for you: sluice access list`,
        ]),
  ];
}
