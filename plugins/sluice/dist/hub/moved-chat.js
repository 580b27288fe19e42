import { isSluiceError, toMessage } from "../sdk/errors.js";
import { changeConfig, readConfig } from "./settings/config.js";
export function openMoves(options) {
    const { db, log, home, policy, notifyOwner } = options;
    /** What could not be done, and was said. */
    const refused = new Set();
    return async (channel, from, to) => {
        const change = { kind: "move", channel, from, to };
        const became = `the group ${from} on ${channel} became a supergroup with the id ${to}`;
        const { notices } = readConfig(home.config);
        if (notices?.channel === channel && notices.chatId === from) {
            changeConfig(home.config, (before) => ({
                ...before,
                notices: { ...notices, chatId: to },
            }));
            log.warn({ channel, from, to }, "the place for notices has another id");
        }
        if (!policy.isRuled(channel, from))
            return;
        try {
            await db.write(() => policy.write(change, "hub"));
        }
        catch (thrown) {
            if (!isSluiceError(thrown, "conflict"))
                throw thrown;
            // A static policy: nobody is heard in the new group until the owner lists it.
            if (refused.has(from))
                return;
            refused.add(from);
            notifyOwner(`Sluice: ${became}, and its rules did not move along: ${toMessage(thrown)}`);
            return;
        }
        notifyOwner(`Access: ${became}. Your rules for it moved along; there is nothing to do.`);
    };
}
