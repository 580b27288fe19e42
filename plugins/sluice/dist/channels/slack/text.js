/**
 * A text as Slack writes it, as people read it.
 *
 * Owns: mentions, links, and the three escapes. Never: what a text is for.
 *
 * SLACKTEXT-1 `&amp;`, `&lt;` and `&gt;` are read once, and nothing else is: `&amp;lt;` is `&lt;`.
 * https://docs.slack.dev/messaging/formatting-message-text/#retrieving-messages
 */
/** `nameOf`: of a person, where it is known. */
export function toPlain(text, nameOf) {
    return text.replaceAll(/<([^<>]*)>|&(amp|lt|gt);/g, (_, inside, escape) => inside === undefined ? toChar(escape) : toWords(inside, nameOf));
}
function toChar(escape) {
    if (escape === "lt")
        return "<";
    return escape === "gt" ? ">" : "&";
}
function unescape(text) {
    return text.replaceAll(/&(amp|lt|gt);/g, (_, escape) => toChar(escape));
}
function toWords(inside, nameOf) {
    const [target = "", ...rest] = inside.split("|");
    const label = unescape(rest.join("|"));
    const mark = target[0];
    if (mark === "@") {
        const id = target.slice(1);
        return `@${nameOf(id) ?? (label === "" ? id : label)}`;
    }
    if (mark === "#")
        return `#${label === "" ? target.slice(1) : label}`;
    if (mark === "!")
        return toSpecial(target.slice(1), label);
    const address = unescape(target).replace(/^mailto:|^tel:/, "");
    if (label === "" || label === address || isSameAddress(label, address))
        return address;
    return `${label} (${address})`;
}
/** `!here`, `!subteam^S1|@team`, `!date^1^{date}|yesterday`. */
function toSpecial(target, label) {
    if (label !== "")
        return label;
    const [word = "", id = ""] = target.split("^");
    return word === "subteam" ? `@${id}` : `@${word}`;
}
/** Slack shortens an address that it shows: `example.com/a` for `http://example.com/a`. */
function isSameAddress(label, address) {
    const bare = (text) => text.replace(/^https?:\/\//, "").replace(/\/$/, "");
    return bare(label) === bare(address);
}
/** Whether a text names somebody. */
export function namesUser(text, user) {
    return text.includes(`<@${user}>`) || text.includes(`<@${user}|`);
}
