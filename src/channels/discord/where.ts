/**
 * The place of an event: a direct chat, a channel, a thread of one.
 *
 * Owns: that decision. Never: who may speak there.
 */
import type { ChatFacts } from "../../sdk/event.ts";
import { at } from "../../sdk/json.ts";
import type { KnownPlace, Places } from "./places.ts";
import { DM, isThread, optionalId } from "./wire.ts";

export type Where = {
  place: ChatFacts["place"];
  /** Empty for a direct chat. */
  title: string;
  threadId: string | undefined;
  group: Pick<ChatFacts, "groupId">;
};

const DIRECT: Where = { place: "dm", title: "", threadId: undefined, group: {} };

/**
 * DISEVENT-4. Events name the server, so one without is of a direct chat; a chat's history (`isHistory`) names none, so the chat is
 * asked for. @throws SluiceError.
 */
export async function readPlace(
  data: unknown,
  chatId: string,
  places: Places,
  isHistory = false,
): Promise<Where> {
  const inGuild = optionalId(data, "guild_id") !== undefined;
  const type = at(data, "channel_type");
  if (!isHistory && !inGuild && (type === undefined || type === DM)) return DIRECT;
  const found = await places.find(chatId);
  // What the event itself calls a group is none, whatever is known of it.
  const isDirect = !inGuild && (type === undefined || type === DM) && found?.type === DM;
  return isDirect ? DIRECT : toWhere(chatId, found, places);
}

export function toWhere(chatId: string, found: KnownPlace | undefined, places: Places): Where {
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
