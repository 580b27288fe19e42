/**
 * A chat that has another id, as a group of Telegram that became a supergroup: what the owner decided about it holds there.
 *
 * Owns: the rules of access and the place for notices that move along, and that the owner is told once. Never: sends; what still goes
 * to the old id is the channel's to carry over.
 *
 * MOVED-1 Nothing is allowed in the new chat that was not allowed in the old one; rules that the owner has set for the new one stay.
 */
import type { AccessPolicy } from "../flow/access/policy.ts";
import { isSluiceError, toMessage } from "../sdk/errors.ts";
import type { Core } from "./core.ts";
import { changeConfig, readConfig } from "./settings/config.ts";

export type MovesOptions = Pick<Core, "db" | "log" | "home"> & {
  policy: AccessPolicy;
  notifyOwner: (text: string) => void;
};

export function openMoves(
  options: MovesOptions,
): (channel: string, from: string, to: string) => Promise<void> {
  const { db, log, home, policy, notifyOwner } = options;
  /** What could not be done, and was said. */
  const refused = new Set<string>();
  return async (channel, from, to) => {
    const change = { kind: "move", channel, from, to } as const;
    const became = `the group ${from} on ${channel} became a supergroup with the id ${to}`;
    const { notices } = readConfig(home.config);
    if (notices?.channel === channel && notices.chatId === from) {
      changeConfig(home.config, (before) => ({
        ...before,
        notices: { ...notices, chatId: to },
      }));
      log.warn({ channel, from, to }, "the place for notices has another id");
    }
    if (!policy.isRuled(channel, from)) return;
    try {
      await db.write(() => policy.write(change, "hub"));
    } catch (thrown) {
      if (!isSluiceError(thrown, "conflict")) throw thrown;
      // A static policy: nobody is heard in the new group until the owner lists it.
      if (refused.has(from)) return;
      refused.add(from);
      notifyOwner(`Sluice: ${became}, and its rules did not move along: ${toMessage(thrown)}`);
      return;
    }
    notifyOwner(`Access: ${became}. Your rules for it moved along; there is nothing to do.`);
  };
}
