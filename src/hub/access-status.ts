/**
 * How access is doing, for status and doctor.
 *
 * Owns: its words, and the next steps that follow from it. Never: changes anything.
 */
import type { AccessStateView, AccessView } from "../api/access-wire.ts";
import type { HubAccess } from "./access.ts";
import type { Channels } from "./channels.ts";

export function describeAccessState({ book, desk }: HubAccess): AccessStateView {
  const { state } = book;
  return {
    state: state.kind,
    ...(state.kind === "damaged" ? { reason: state.reason } : {}),
    waiting: desk.listWaiting().length,
  };
}

/** The rule that holds on each channel: the page has one user, and webhooks have no people. */
export function listPolicies({ book }: HubAccess, channels: Channels): AccessView["channels"] {
  return channels.list().map(({ config: { name, kind }, isConnected }) => ({
    name,
    policy: kind === "chat" ? "page" : isConnected ? book.readPolicy(name) : "source",
  }));
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
