const RANK = { urgent: 0, normal: 1, low: 2 };
/** So many texts of people travel in one bundle; more of them follow in another. */
const WRITTEN_MAX = 8;
/** So many failures are told whole; of more a line tells what failed. */
const FAILED_WHOLE = 3;
/** So much other news is told whole; of more only the latest. */
const NEWS_WHOLE = 3;
/** Bundles in the order in which a session is told of them. */
export function merge(waiting) {
    const groups = Map.groupBy(waiting, toKey);
    return inOrder([...groups.values()].flatMap(toBundles));
}
/** What is told of an entity as one; undefined for an event that stands by itself. */
export function toEntityKey(event) {
    const { channel, entity, ack, chatId } = event;
    return entity === null || ack !== "auto" || chatId !== null ? undefined : { channel, entity };
}
function toKey(event) {
    const key = toEntityKey(event);
    return key === undefined ? event.id : JSON.stringify([key.channel, key.entity]);
}
/** One bundle, or several where people wrote more about the entity than travels at once. */
function toBundles(members) {
    const { standing, superseded } = supersede(members);
    const written = standing.filter(isWritten);
    const others = standing.filter((one) => !isWritten(one));
    const bundles = [toBundle([...others, ...written.slice(0, WRITTEN_MAX)], superseded)];
    for (let at = WRITTEN_MAX; at < written.length; at += WRITTEN_MAX)
        bundles.push(toBundle(written.slice(at, at + WRITTEN_MAX), superseded));
    return bundles;
}
/** MERGE-4 */
function supersede(members) {
    const superseded = new Map();
    const things = Map.groupBy(members, ({ id, stateOf }) => JSON.stringify([stateOf ?? id, stateOf !== null]));
    const standing = [...things.values()].map((states) => {
        const latest = states.reduce((last, one) => (isLater(one, last, states) ? one : last));
        const earlier = states.filter((one) => one !== latest).toSorted(bySeq);
        if (earlier.length > 0)
            superseded.set(latest.id, earlier);
        return latest;
    });
    return { standing: standing.toSorted(bySeq), superseded };
}
/** `standing` in order of acceptance, at least one. */
function toBundle(standing, superseded) {
    const { shown, whole, lines } = toOrder(standing);
    const earlier = standing.filter(({ id }) => superseded.has(id));
    const own = new Map(earlier.map(({ id }) => [id, superseded.get(id) ?? []]));
    const open = standing.filter((one) => one.stateOf === null || !isResolved(one));
    return {
        shown,
        whole,
        lines,
        superseded: own,
        merged: [...standing.filter((one) => one !== shown), ...[...own.values()].flat()].toSorted(bySeq),
        priority: (open.length > 0 ? open : standing).reduce((most, { priority }) => (RANK[priority] < RANK[most] ? priority : most), "low"),
    };
}
/** MERGE-1 */
function toOrder(standing) {
    const wrong = standing
        .filter((one) => toFailure(one) > 0)
        .toSorted((a, b) => toFailure(b) - toFailure(a) || RANK[a.priority] - RANK[b.priority] || bySeq(a, b));
    const failed = wrong.filter((one) => !isWritten(one)).slice(0, FAILED_WHOLE);
    const told = new Set([
        ...failed,
        // A review that asks for changes stands before the comments on it, whichever came in first.
        ...wrong.filter(isWritten),
        ...standing.filter(isWritten),
    ]);
    const rest = () => standing.filter((one) => !told.has(one));
    const news = rest().filter((one) => toWeight(one) === WEIGHT.news);
    // Where nothing presses, the latest is the state of things.
    const latest = told.size > 0 ? undefined : (news.at(-1) ?? standing.at(-1));
    if (latest !== undefined)
        told.add(latest);
    if (news.length <= NEWS_WHOLE)
        for (const one of news)
            told.add(one);
    const lines = rest().toSorted((a, b) => toWeight(a) - toWeight(b) || bySeq(a, b));
    const [shown, ...whole] = told;
    if (shown === undefined)
        throw new Error("a bundle of no events");
    return { shown, whole, lines };
}
function bySeq(a, b) {
    return a.seq - b.seq;
}
/** Senders post out of order, so their own times count where all have one; else the order of acceptance. */
function isLater(one, other, states) {
    const isTimed = states.every(({ occurredAt }) => occurredAt !== null);
    const distance = isTimed ? (one.occurredAt ?? 0) - (other.occurredAt ?? 0) : 0;
    return distance === 0 ? one.seq > other.seq : distance > 0;
}
/** Most pressing first, then by the oldest event; a chat stands where its first message does (MERGE-2). */
function inOrder(bundles) {
    const oldest = ({ shown, merged }) => Math.min(shown.seq, merged[0]?.seq ?? shown.seq);
    const place = new Map();
    const toPlace = (bundle) => place.get(toChat(bundle)) ?? oldest(bundle);
    for (const bundle of bundles)
        place.set(toChat(bundle), Math.min(toPlace(bundle), oldest(bundle)));
    return bundles.toSorted((a, b) => RANK[a.priority] - RANK[b.priority] || toPlace(a) - toPlace(b) || oldest(a) - oldest(b));
}
function toChat({ priority, shown }) {
    const { id, channel, chatId } = shown;
    return chatId === null ? id : JSON.stringify([priority, channel, chatId]);
}
/** True where an event says that its alert goes on until somebody ends it. */
export function isFiring({ status }) {
    return /^(firing|alerting|triggered)$/i.test(status ?? "");
}
/** True where an event says that what it is a state of is well, or over. */
export function isResolved({ kind, status }) {
    return (/^(resolved|closed|ok|success|succeeded|successful|passed|recovered|fixed|healthy|up)$/i.test(status ?? "") ||
        /(^|[._\-: ])(resolved|closed|success|succeeded|recovered|fixed|(auto_)?dismissed|closed_by_user)$/i.test(kind));
}
/** How bad it is that something failed; 0 where nothing did. */
export function toFailure(event) {
    const { kind, status, severity, stateOf } = event;
    const words = status ?? "";
    if (isFiring(event) ||
        /^(fail(ed|ure|ing)?|errors?|errored|startup_failure|timed[_ -]?out|crashed|broken|down|critical|fatal|unhealthy)$/i.test(words) ||
        /(^|[._\-: ])(fail(ed|ure|ing)?|errors?|errored|crashed|firing)$/i.test(kind))
        return 2;
    // The severity of an alert stands there also once it is over.
    if (stateOf !== null && isResolved(event))
        return 0;
    if (/^(error|critical|fatal|emergency|high|major)$/i.test(severity ?? ""))
        return 2;
    return /^(warn(ing)?|medium|moderate)$/i.test(severity ?? "") ||
        /^(cancell?ed|action_required|changes_requested|rejected|warning|degraded|stale)$/i.test(words)
        ? 1
        : 0;
}
const WRITTEN = /(^|[._\-: ])(comments?|reviews?|messages?|notes?|mentions?|repl(y|ies)|answers?|questions?|discussions?|reviewed)([._\-: ](created?|submitted|opened|edited|published|posted|added|sent|updated|answered|replied|dismissed|new))?$/i;
const OPENED = /(^|[._\-: ])(issues?|pull_requests?|merge_requests?|tickets?)[._\-: ](open(ed)?|created?)$/i;
/** True for what people write: a comment, a review, a message, a description. */
export function isWritten({ kind, ack, chatId, stateOf, }) {
    if (ack !== "auto" || chatId !== null)
        return true;
    return stateOf === null && (WRITTEN.test(kind) || OPENED.test(kind));
}
/** The order in which events about one thing are told, the most pressing first. */
export const WEIGHT = { failed: 0, written: 1, news: 2, quiet: 3 };
export function toWeight(event) {
    if (toFailure(event) > 0)
        return WEIGHT.failed;
    if (isWritten(event))
        return WEIGHT.written;
    const isOver = event.stateOf !== null && isResolved(event);
    return isOver || event.priority === "low" ? WEIGHT.quiet : WEIGHT.news;
}
