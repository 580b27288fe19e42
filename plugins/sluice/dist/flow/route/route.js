import { toLabel } from "../session/attachment.js";
import { COPIED, COPY, HELD, KNOWN } from "../../store/events/copied-state.js";
import { parseTarget } from "../../store/events/target.js";
/** Why an event waits that nobody who is there may have. */
export const WAITS_FOR = {
    held: "its voice note is being transcribed",
    target: "the session that it was sent to is not open",
    copy: "the session that this copy is for is not open",
    subscription: "no session that subscribed to it is open",
    rule: "no session that the routing rule names is open",
    repository: "no session is open that can take it",
    active: "no session is open that can take it",
};
export function toIndex(attachments) {
    const all = [...attachments];
    return {
        all,
        people: all.filter(({ client }) => client.agent === undefined),
        agents: all.filter(({ client }) => client.agent !== undefined),
        bySession: Map.groupBy(all, (one) => one.session),
        byLabel: Map.groupBy(all, (one) => toLabel(one)),
        byRepository: groupByRepository(all),
    };
}
function groupByRepository(all) {
    const groups = new Map();
    for (const one of all) {
        if (one.repository === undefined)
            continue;
        for (const repository of [one.repository, ...one.remotes]) {
            const group = groups.get(repository);
            if (group === undefined)
                groups.set(repository, [one]);
            else
                group.push(one);
        }
    }
    return groups;
}
/** The store writes an address as JSON: target, watchers, repository, channel. */
export function parseAddress(text) {
    // Made by the events table itself (schema 003).
    const [target, watchers, repository, channel] = JSON.parse(text);
    return {
        target: target == null ? undefined : parseTarget(target),
        watchers: watchers == null ? [] : watchers.split(","),
        repository: repository ?? undefined,
        channel: channel ?? "",
    };
}
/** No session may have it yet, whoever it is for. */
export function isHeld({ watchers }) {
    return watchers.includes(HELD);
}
export function toReach(address, index, watched) {
    const { candidates, ...reach } = findReach(address, index, watched);
    const may = (one) => mayHave(one, address);
    return {
        ...reach,
        candidates: candidates.filter(may),
        agents: reach.isBound ? [] : index.agents.filter(may),
    };
}
/** ROUTE-4. What has no mark is not known to be anybody's. */
function mayHave({ client }, { channel, watchers }) {
    if (client.agent === undefined)
        return true;
    return (client.agent.channels.includes(channel) && watchers.includes(KNOWN) && !watchers.includes(COPY));
}
function findReach(address, index, watched) {
    const { target, watchers, repository } = address;
    const named = (name) => [
        ...(index.bySession.get(name) ?? []),
        ...(index.byLabel.get(name) ?? []),
    ];
    if (isHeld(address))
        return { why: "held", candidates: [], isBound: true };
    if (target !== undefined) {
        const candidates = index.bySession.get(target.session) ??
            index.bySession.get(watched.successor(target.session)) ??
            index.byLabel.get(target.name) ??
            [];
        return { why: watchers.includes(COPY) ? "copy" : "target", candidates, isBound: true };
    }
    if (watchers.includes(COPIED))
        return { why: "copy", candidates: [], isBound: true };
    const subscribers = watchers.flatMap((id) => watched.subscriber(id) ?? []);
    if (subscribers.length > 0) {
        const candidates = subscribers.flatMap((session) => index.bySession.get(session) ?? []);
        return { why: "subscription", candidates, isBound: true };
    }
    // Those who shared it are gone for longer than subscriptions are kept.
    if (watchers.includes(COPY))
        return { why: "subscription", candidates: [], isBound: true };
    const rule = watchers.map((id) => watched.rule(id)).find((found) => found !== undefined);
    const ofRepository = (origin) => ({
        candidates: index.byRepository.get(origin) ?? [],
        origin,
    });
    if (rule !== undefined) {
        const found = rule.session !== undefined
            ? { candidates: named(rule.session) }
            : rule.cwd !== undefined
                ? { candidates: index.all.filter((one) => one.client.cwd === rule.cwd) }
                : ofRepository(rule.repository ?? "");
        return { why: "rule", ...found, isBound: true };
    }
    const found = repository === undefined ? { candidates: [] } : ofRepository(repository);
    return { why: "repository", ...found, isBound: false };
}
/** The one of them that gets it now (ROUTE-2), or undefined: none of them can. */
export function choose(candidates, why = "active", origin) {
    let best;
    for (const one of candidates) {
        if (mayTake(one, why) && (best === undefined || isBefore(one, best, origin)))
            best = one;
    }
    return best;
}
const FOR_ANY = new Set(["target", "copy", "subscription"]);
/** ROUTE-3. */
export function mayTake(attachment, why) {
    return attachment.hasLease && (attachment.target || FOR_ANY.has(why));
}
function isBefore(one, other, origin) {
    const byRank = rank(one) - rank(other);
    if (byRank !== 0)
        return byRank > 0;
    const isOwn = one.repository === origin;
    if (origin !== undefined && isOwn !== (other.repository === origin))
        return isOwn;
    const byActivity = one.lastActiveAt - other.lastActiveAt;
    return byActivity === 0 ? one.id < other.id : byActivity > 0;
}
/** Who can be woken comes first; the others take only what nobody else can be given, agents last of all (ROUTE-4). */
function rank(attachment) {
    if (attachment.client.agent !== undefined)
        return -1;
    return attachment.lane.canWake(attachment) ? 1 : 0;
}
