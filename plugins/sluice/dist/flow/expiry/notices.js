const IDS_SHOWN = 5;
/** A point of time as `sluice replay --since` takes it, not after `at` (epoch ms). */
export function toSince(at) {
    return new Date(Math.floor(at / 1_000) * 1_000).toISOString().replace(".000Z", "Z");
}
export function toMaybeText({ id, kind, channel, reason, }) {
    const what = kind === "reply" ? "An answer" : "A message";
    const why = reason === null ? "" : ` (${reason})`;
    return `Sluice: ${what} of a session on ${channel} may not have arrived, nobody knows${why}. If it is not there, this sends it again: sluice outbox retry ${id}`;
}
export function toUndeliveredText({ id, kind, channel, reason, }) {
    const what = kind === "reply" ? "An answer" : "A message";
    return `Sluice: ${what} of a session on ${channel} was not delivered: ${reason ?? "no reason given"}. This sends it again: sluice outbox retry ${id}`;
}
/** Gathers ends, however many, into one notice for each channel and kind of end. */
export class Gathering {
    #groups = new Map();
    /** In the order of their steps. */
    add(ends) {
        for (const end of ends) {
            const key = `${end.stage} ${end.channel}`;
            const group = this.#groups.get(key) ?? {
                last: end,
                count: 0,
                storedAt: end.storedAt,
                ids: [],
            };
            this.#groups.set(key, group);
            group.last = end;
            group.count++;
            group.storedAt = Math.min(group.storedAt, end.storedAt);
            if (group.ids.length < IDS_SHOWN)
                group.ids.push(end.event);
        }
    }
    toNotices() {
        return [...this.#groups.values()].map((group) => {
            const { channel, stage } = group.last;
            return { channel, stage, count: group.count, text: toText(group) };
        });
    }
}
function toText({ last: { channel, stage, reason }, count, storedAt, ids }) {
    const what = count === 1 ? "An event" : `${count} events`;
    const verb = count === 1 ? "has" : "have";
    const more = count > ids.length ? ` and ${count - ids.length} more` : "";
    const became = stage === "expired"
        ? `${verb} expired (${reason})`
        : `${verb} got no receipt in five attempts (${reason})`;
    const how = count === 1
        ? `sluice replay ${ids[0] ?? ""}`
        : `sluice replay --since ${toSince(storedAt)} --channel ${channel} --state ${stage}`;
    return `Sluice: ${what} of ${channel} ${became}: ${ids.join(" ")}${more}. To deliver again: ${how}`;
}
