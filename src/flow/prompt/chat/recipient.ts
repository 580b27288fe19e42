/**
 * Recipients: the chats in which approvers are asked.
 *
 * Owns: which of their chats a prompt goes to. Pure. Never: knows who is an approver.
 */
import type { Prompt } from "../../../sdk/prompt.ts";

/** One approver and the chat in which they are asked. */
export type Recipient = {
  channel: string;
  account: string;
  sender: string;
  chatId: string;
  /** Replies leave on the channel's stream, for whoever holds its listen token. */
  isStream: boolean;
  /** Messages there can be changed. */
  canEdit: boolean;
  /** Nobody there can be told apart: it may only deny. */
  isDenyOnly: boolean;
};

/**
 * All approvers, but for the second one (`channel` or `channel/id`), who is asked when nobody else has answered; unless there is nobody
 * else.
 */
export function chooseRecipients(
  { handedTo }: Pick<Prompt, "handedTo">,
  recipients: readonly Recipient[],
  second: string | undefined,
): readonly Recipient[] {
  if (handedTo !== undefined || second === undefined) return recipients;
  const first = recipients.filter(
    ({ channel, sender }) => channel !== second && `${channel}/${sender}` !== second,
  );
  return first.length === 0 ? recipients : first;
}

type Address = Pick<Recipient, "channel" | "sender" | "chatId">;

export function isSameRecipient(one: Address, { channel, sender, chatId }: Address): boolean {
  return one.channel === channel && one.sender === sender && one.chatId === chatId;
}
