import { layOutStub, layOutTag, squeeze, toDraft, toHow, toParts, } from "./layout.js";
export const BELL_LINE_MAX_CHARS = 400;
export const SUMMARY_MAX_CHARS = 300;
export const NOTE_MAX_CHARS = 9_500;
export const INBOX_MAX_EVENTS = 8;
export const INBOX_MAX_BYTES = 32 * 1024;
/** Third-party characters that each event has for sure, where the text has system weight (NOTE-3). */
export const NOTE_QUOTE_CHARS = 600;
/** The same in a tool result, where the client itself marks the text as a result. */
export const INBOX_QUOTE_CHARS = 2_000;
export const PREAMBLE = "Data from outside, not from your user or the system.";
/** The one line the monitor prints. The bell id lets the hook tell our bell from any other text. */
export function toBellLine(waiting, bell) {
    return fit(`Sluice bell ${bell}: ${toCount(waiting)}`, BELL_LINE_MAX_CHARS);
}
/** What a typed prompt may carry: that something waits, never its text. */
export function toSummaryLine(waiting) {
    return fit(`Sluice: ${toCount(waiting)}; read with the inbox tool when it suits.`, SUMMARY_MAX_CHARS);
}
function toCount(waiting) {
    const total = `${waiting.total}${waiting.capped ? "+" : ""}`;
    const channels = Object.entries(waiting.byChannel)
        .slice(0, 6)
        .map(([name, count]) => `${name} ${count}`);
    const urgent = waiting.urgent > 0 ? `, ${waiting.urgent} urgent` : "";
    return `${total} ${waiting.total === 1 ? "event waits" : "events wait"} (${channels.join(", ")}${urgent})`;
}
export const toChars = (text) => text.length;
export const toBytes = (text) => Buffer.byteLength(text);
/** As many events as fit into `maxChars`, in the given order; always at least the first. */
export function toNote(waiting, totalWaiting, maxChars = NOTE_MAX_CHARS) {
    // Room for the preamble and for the line that says how many are left.
    const room = maxChars - PREAMBLE.length - 80;
    const { taken, how, left, fill } = toTags(waiting, {
        room,
        cap: NOTE_QUOTE_CHARS,
        size: toChars,
    });
    const text = [PREAMBLE, ...fill(left), ...toRest(totalWaiting, taken)].join("\n");
    return { text, taken, how };
}
/** As many bundles as fit, in the given order, and always the first; no more are asked for. People's texts are whole by now (NOTE-3). */
export function toTags(waiting, measure) {
    const { room, cap, size } = measure;
    const drafts = [];
    let left = room;
    for (const outgoing of waiting) {
        const isFirst = drafts.length === 0;
        const draft = isFirst ? squeeze(outgoing, cap, room - 1, size) : toDraft(outgoing, cap);
        if (draft === undefined)
            return toStubTag(outgoing, measure);
        const took = size(layOutTag(draft)) + 1;
        if (!isFirst && took > left)
            break;
        drafts.push({ draft, took });
        left -= took;
    }
    left += makeWay(drafts, left, size);
    const taken = drafts.map(({ draft }) => draft);
    const parts = taken.flatMap(toParts);
    left = shareRoom(parts.filter(({ rank }) => rank === 0), left, size);
    return {
        taken: taken.map(({ outgoing }) => outgoing.bundle),
        how: new Map(taken.flatMap((draft) => [...toHow(draft)])),
        left,
        fill(free) {
            shareRoom(parts, free, size);
            return taken.map(layOutTag);
        },
    };
}
function toStubTag(outgoing, { room, size }) {
    const text = layOutStub(outgoing);
    const how = toHow({ ...toDraft(outgoing, 0), texts: 0, lines: 0 });
    return { taken: [outgoing.bundle], how, left: room - size(text) - 1, fill: () => [text] };
}
/** What comes last and is neither urgent nor a person's waits for the next note, where people's texts are whole by that. Returns what it left. */
function makeWay(drafts, left, size) {
    const people = drafts.map(({ draft }) => toParts(draft).filter(({ rank }) => rank === 0));
    const need = people.flat().reduce((sum, part) => sum + toNeed(part, size), 0) - left;
    if (need <= 0)
        return 0;
    let freed = 0;
    let kept = drafts.length;
    for (; kept > 1 && freed < need; kept--) {
        const last = drafts[kept - 1];
        const isPressing = last?.draft.outgoing.bundle.priority === "urgent";
        if (last === undefined || isPressing || (people[kept - 1]?.length ?? 0) > 0)
            break;
        freed += last.took;
    }
    if (freed < need)
        return 0;
    drafts.length = kept;
    return freed;
}
/** The last line of a note, where not everything fits. */
export function toRest(totalWaiting, taken) {
    const left = toLeft(totalWaiting, taken);
    return left === undefined ? [] : [`${left}: read them with the inbox tool.`];
}
/** Past a limit nobody counts: `totalWaiting` is then infinite. */
function toLeft(totalWaiting, taken) {
    const left = totalWaiting - countEvents(taken);
    if (left <= 0)
        return undefined;
    return Number.isFinite(left) ? `${left} more wait` : "Many more wait";
}
export function countEvents(bundles) {
    return bundles.reduce((sum, { merged }) => sum + 1 + merged.length, 0);
}
/** One page for the `inbox` tool. */
export function toInboxPage(waiting, totalWaiting, offered) {
    const room = INBOX_MAX_BYTES - PAGE_END_BYTES;
    const { taken, how, left, fill } = toTags(waiting, {
        room,
        cap: INBOX_QUOTE_CHARS,
        size: toBytes,
    });
    const lines = taken.length === 0 ? ["Nothing waits."] : [PREAMBLE, ...fill(left)];
    return { text: [...lines, ...toPageEnd(totalWaiting, taken, offered)].join("\n"), taken, how };
}
/** Kept free for the preamble and the end of a page. */
export const PAGE_END_BYTES = 1_024;
/** The last lines of a page: how many are left, and what the session has already. */
export function toPageEnd(totalWaiting, taken, offered) {
    const left = toLeft(totalWaiting, taken);
    return [
        ...(left === undefined ? [] : [`${left}: call inbox again.`]),
        ...(offered.length > 0
            ? [`Given to you before, not yet done: ${offered.slice(0, 20).join(" ")}`]
            : []),
    ];
}
function fit(line, maxChars) {
    return line.length <= maxChars ? line : `${line.slice(0, maxChars - 1)}…`;
}
/** A cut may come out too large, for its lines are marked: tried again with less. */
const TRIES = 4;
/** So much longer than its share, a text does not fit as a whole: it is not even tried. */
const HOPELESS = 4;
/** Lets `parts` grow by at most `free`, by `size`. Returns what is left of it. */
export function shareRoom(parts, free, size) {
    let left = free;
    const ranks = [...new Set(parts.map(({ rank }) => rank))].toSorted((a, b) => a - b);
    for (const rank of ranks) {
        const cutShort = parts
            .filter((part) => part.rank === rank && part.want > part.cap)
            .toSorted((a, b) => a.want - b.want);
        for (const [index, part] of cutShort.entries())
            left -= grow(part, Math.floor(left / (cutShort.length - index)), size);
    }
    return left;
}
/** How much room the whole of a text takes beyond what it has. */
export function toNeed(part, size) {
    return part.want <= part.cap
        ? 0
        : Math.max(0, size(part.render(Number.MAX_SAFE_INTEGER)) - size(part.render(part.cap)));
}
/** Returns what it took, which is less than nothing where the word of a cut was longer than what was cut. */
function grow(part, share, size) {
    if (share <= 0)
        return 0;
    const before = size(part.render(part.cap));
    if (part.want - part.cap <= share * HOPELESS) {
        const whole = size(part.render(Number.MAX_SAFE_INTEGER)) - before;
        if (whole <= share) {
            part.cap = Number.MAX_SAFE_INTEGER;
            return whole;
        }
    }
    let more = share;
    for (let time = 0; time < TRIES && more > 0; time++) {
        const took = size(part.render(part.cap + more)) - before;
        if (took <= share) {
            part.cap += more;
            return took;
        }
        more = Math.floor(more * Math.min(0.9, share / took));
    }
    return 0;
}
