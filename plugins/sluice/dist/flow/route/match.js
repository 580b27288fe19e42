/** True where a subscription asks for it. Names are compared without regard to case, as people write them. */
export function covers({ channel, entity, pattern }, arrival) {
    if (arrival.channel !== channel)
        return false;
    if (entity !== null && arrival.entity?.toLowerCase() !== entity.toLowerCase())
        return false;
    if (pattern === null)
        return true;
    return isLike(arrival.entity ?? "", pattern) || isLike(arrival.kind, pattern);
}
/** WATCH-2 (watchers.ts). */
export function isLike(text, pattern) {
    const given = text.toLowerCase();
    const [first = "", ...rest] = pattern.toLowerCase().split("*");
    if (!given.startsWith(first))
        return false;
    const last = rest.pop();
    if (last === undefined)
        return given === first;
    let at = first.length;
    for (const part of rest) {
        const found = given.indexOf(part, at);
        if (found === -1)
            return false;
        at = found + part.length;
    }
    return given.length - last.length >= at && given.endsWith(last);
}
/** True where an event says that what was waited for has come. */
export function isMet(until, { kind, meta }) {
    const words = [kind.split(/[._\-: ]/).at(-1), meta["action"], meta["status"], meta["state"]]
        .concat(meta["conclusion"])
        .map((word) => word?.toLowerCase() ?? "");
    const says = (...ends) => words.some((word) => ends.includes(word));
    const isMerged = meta["merged"] === "true" || says("merged");
    const isClosed = isMerged || says("closed", "resolved", "deleted");
    if (until === "merged")
        return isMerged;
    if (until === "closed")
        return isClosed;
    const ends = ["done", "completed", "success", "succeeded", "failure", "failed", "cancelled"];
    return isClosed || says(...ends);
}
/** True where a rule of the owner is about it. */
export function isRuled(rule, { channel, repository, meta }) {
    const labels = [meta["label"], ...(meta["labels"] ?? "").split(",")];
    return ((rule.channel === undefined || rule.channel === channel) &&
        (rule.repository === undefined || rule.repository === repository) &&
        (rule.branch === undefined || isLike(meta["branch"] ?? meta["ref"] ?? "", rule.branch)) &&
        (rule.label === undefined || labels.some((label) => label?.trim() === rule.label)));
}
