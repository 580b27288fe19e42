/**
 * The id of a typed message, short enough for a model to repeat. The page knows it from the key before the hub has answered, so that
 * the push and the answer are one message.
 */
export function toMessageId(key) {
    return `m${key.replaceAll("-", "").slice(0, 10).toLowerCase()}`;
}
