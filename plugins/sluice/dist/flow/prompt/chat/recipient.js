/**
 * All approvers, but for the second one (`channel` or `channel/id`), who is asked when nobody else has answered; unless there is nobody
 * else.
 */
export function chooseRecipients({ handedTo }, recipients, second) {
    if (handedTo !== undefined || second === undefined)
        return recipients;
    const first = recipients.filter(({ channel, sender }) => channel !== second && `${channel}/${sender}` !== second);
    return first.length === 0 ? recipients : first;
}
export function isSameRecipient(one, { channel, sender, chatId }) {
    return one.channel === channel && one.sender === sender && one.chatId === chatId;
}
