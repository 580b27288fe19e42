import { at } from "../../sdk/json.js";
import { DM, isThread, optionalId } from "./wire.js";
const DIRECT = { place: "dm", title: "", threadId: undefined, group: {} };
/**
 * DISEVENT-4. Events name the server, so one without is of a direct chat; a chat's history (`isHistory`) names none, so the chat is
 * asked for. @throws SluiceError.
 */
export async function readPlace(data, chatId, places, isHistory = false) {
    const inGuild = optionalId(data, "guild_id") !== undefined;
    const type = at(data, "channel_type");
    if (!isHistory && !inGuild && (type === undefined || type === DM))
        return DIRECT;
    const found = await places.find(chatId);
    // What the event itself calls a group is none, whatever is known of it.
    const isDirect = !inGuild && (type === undefined || type === DM) && found?.type === DM;
    return isDirect ? DIRECT : toWhere(chatId, found, places);
}
export function toWhere(chatId, found, places) {
    const parent = found?.parentId;
    if (found === undefined || !isThread(found.type) || parent === undefined)
        return {
            place: "group",
            title: `#${found?.name || chatId}`,
            threadId: undefined,
            group: { groupId: chatId },
        };
    const above = places.peek(parent)?.name ?? "";
    const title = `the thread ${found.name || chatId}${above === "" ? "" : ` of #${above}`}`;
    return { place: "thread", title, threadId: chatId, group: { groupId: parent } };
}
