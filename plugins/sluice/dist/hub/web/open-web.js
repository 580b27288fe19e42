import { CHAT_CHANNEL } from "../settings/channel-name.js";
import { readPromptSettings } from "../prompts.js";
import { WebDoor } from "./door.js";
import { Web } from "./web.js";
/** @throws SluiceError `bad_config` for a SLUICE_WEB_PORT that is none. */
export function openWebDoor(core, env, access) {
    return new WebDoor({ ...core, ...toOwnerLines(access), env });
}
export function openWeb(core, needs) {
    const { door, delivery, channels, connections, access, prompts, away, status, inbound } = needs;
    const { isDemo } = needs;
    const web = new Web({
        ...core,
        ...toOwnerLines(access),
        door,
        take: (arrival) => inbound.accept(arrival, core.clock.now()),
        findKind: (channel) => channels.kindOf(channel),
        addChannel: (kind) => channels.add({ kind, twoWay: false, allowUnsigned: false }),
        countListening: status.countListening,
        describeStatus: status.describe,
        prompts,
        away,
        delivery,
        isDemo,
        readAfterMs: () => readPromptSettings(core.home, core.log).afterMs,
    });
    connections.lendPage(CHAT_CHANNEL, web.page);
    return web;
}
function toOwnerLines({ policy, notifyOwner }) {
    return {
        note: (actor, action, detail) => policy.note(actor, action, detail),
        notifyOwner,
    };
}
