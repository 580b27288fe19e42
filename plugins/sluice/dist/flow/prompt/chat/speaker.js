import { toLine } from "../show/render.js";
/** Undefined for who cannot be known, is on no list, or speaks where nobody is heard. */
export function findSpeaker(arrival, { readRoles, access }) {
    const { channel, chat, sender, verified, chatId = "" } = arrival;
    // First what costs nothing: most arrivals come from machines.
    if (sender.id === "" || (chat === undefined ? chatId !== sender.id : chat.place !== "dm"))
        return undefined;
    if (chat?.isBot === true || chat?.isForwarded === true || chat?.isEdited === true)
        return undefined;
    if (chat?.isOutsider === true)
        return undefined;
    const account = chat?.account ?? "";
    const roles = readRoles(channel, account, sender.id);
    if (roles.length === 0)
        return undefined;
    const { paused, allowUnsigned, chat: rules } = access(channel);
    if (paused || (verified === "none" && !allowUnsigned))
        return undefined;
    if (rules?.policy === "disabled")
        return undefined;
    const by = {
        who: toLine(`${sender.name ?? sender.id} (${channel} ${sender.id})`),
        via: "chat",
        channel,
        account,
        chatId,
        senderId: sender.id,
        mayAllow: chat?.isShared !== true,
    };
    return { by, isApprover: roles.includes("approver"), roles };
}
