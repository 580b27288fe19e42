/**
 * Finds the person of the owner's list who speaks in a direct chat.
 *
 * Owns: that decision. Pure but for what it is given. Never: decides what their words mean, or whether a verdict counts.
 *
 * SPEAKER-1 A person is an immutable id, in a direct chat, in a new message of their own: not forwarded, not edited, no bot,
 *    nobody's guest.
 * SPEAKER-2 A bridge vouches for its people: a sender in a chat of another name than their own is in a group.
 */
import type { Arrival } from "../../../sdk/event.ts";
import type { Decider } from "../../../sdk/prompt.ts";
import type { Access } from "../../intake/gate.ts";
import { toLine } from "../show/render.ts";

export type Speaker = { by: Decider; isApprover: boolean; roles: readonly string[] };

export type SpeakerOptions = {
  readRoles: (channel: string, account: string, id: string) => readonly string[];
  access: (channel: string) => Access;
};

/** Undefined for who cannot be known, is on no list, or speaks where nobody is heard. */
export function findSpeaker(
  arrival: Arrival,
  { readRoles, access }: SpeakerOptions,
): Speaker | undefined {
  const { channel, chat, sender, verified, chatId = "" } = arrival;
  // First what costs nothing: most arrivals come from machines.
  if (sender.id === "" || (chat === undefined ? chatId !== sender.id : chat.place !== "dm"))
    return undefined;
  if (chat?.isBot === true || chat?.isForwarded === true || chat?.isEdited === true)
    return undefined;
  if (chat?.isOutsider === true) return undefined;
  const account = chat?.account ?? "";
  const roles = readRoles(channel, account, sender.id);
  if (roles.length === 0) return undefined;
  const { paused, allowUnsigned, chat: rules } = access(channel);
  if (paused || (verified === "none" && !allowUnsigned)) return undefined;
  if (rules?.policy === "disabled") return undefined;
  const by: Decider = {
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
