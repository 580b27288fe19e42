import { isResolved, isWritten } from "./merge.js";
import { cut, toBody, toMetaValue, toStub, toTag, toText } from "./shape.js";
import { KIND_MAX_CHARS, toEarlier, toKinds, toSummaryLine } from "./summary-line.js";
/** More lines beside one event would hide it. */
export const LINES_MAX = 10;
const SMALL_CAP = 200;
const FEW_LINES = 3;
const HEADLINE_CHARS = 300;
export function toDraft(outgoing, cap) {
    const caps = new Map([outgoing.event, ...outgoing.whole].map(({ id }) => [id, cap]));
    return { outgoing, caps, texts: outgoing.whole.length, lines: LINES_MAX };
}
/** The bundle as a tag of ours. */
export function layOutTag(draft) {
    const { event } = draft.outgoing;
    return toTag(event, toFullAttempt(draft), capOf(draft, event.id));
}
/** The same without a tag, for lanes where the client writes it. */
export function layOutBody(draft) {
    const { event } = draft.outgoing;
    return toBody(event, toFullAttempt(draft), capOf(draft, event.id));
}
/** What an event carries of earlier attempts, and how many it stands for. */
export function toAttempt({ event, bundle: { merged } }) {
    return {
        attempt: event.attempts + 1,
        ...(event.firstOfferedAt === undefined ? {} : { firstOfferedAt: event.firstOfferedAt }),
        ...(merged.length === 0 ? {} : { count: merged.length + 1 }),
    };
}
function toFullAttempt(draft) {
    const below = toBelow(draft);
    const attempt = toAttempt(draft.outgoing);
    return below.length === 0 ? attempt : { ...attempt, earlier: below.join("\n") };
}
function toBelow(draft) {
    const { bundle, whole } = draft.outgoing;
    const { told, left } = toLines(draft);
    return [
        ...toEnding(bundle, bundle.shown.id),
        ...whole
            .slice(0, draft.texts)
            .flatMap((event) => [
            `Also ${event.id} ${toKind(event.kind)}${event.attempts > 0 ? " (replayed)" : ""}:`,
            toText(event, capOf(draft, event.id)),
            ...toEnding(bundle, event.id),
        ]),
        ...told.map((line) => `- ${toOneLine(line, bundle)}`),
        ...(left.length === 0 ? [] : [`(${left.length} more: ${toKinds(left)}; details lists them)`]),
    ];
}
/** What an event supersedes, as a line below it. */
function toEnding({ superseded, shown, whole }, id) {
    const earlier = superseded.get(id) ?? [];
    const event = [shown, ...whole].find((one) => one.id === id);
    if (event === undefined || earlier.length === 0)
        return [];
    return [toEarlier(earlier, isResolved(event) && !earlier.every(isResolved))];
}
/** One event of a bundle in a line, without a mark before it. */
export function toOneLine({ event, headline }, { superseded }) {
    const earlier = superseded.get(event.id) ?? [];
    const again = event.attempts > 0 ? " replayed" : "";
    const verb = isResolved(event) && !earlier.every(isResolved) ? "ends" : "after";
    const tail = earlier.length === 0 ? "" : ` (${verb} ${earlier.length} earlier)`;
    return `${event.id} ${toKind(event.kind)}${again}: ${toSummaryLine(headline)}${tail}`;
}
/** Texts that do not come in full come as a line, before the others. */
function toLines({ outgoing, texts, lines }) {
    const { bundle, whole } = outgoing;
    const waiting = new Map(bundle.merged.map((one) => [one.id, one]));
    const cutOff = whole.slice(texts).flatMap((event) => {
        const found = waiting.get(event.id);
        return found === undefined ? [] : [{ event: found, headline: toHeadline(event) }];
    });
    const told = [...cutOff, ...outgoing.lines].slice(0, lines);
    const ids = new Set(told.map(({ event }) => event.id));
    const all = [...cutOff.map(({ event }) => event), ...bundle.lines];
    return { told, left: all.filter(({ id }) => !ids.has(id)) };
}
function toHeadline({ text, quotes }) {
    const [first] = quotes;
    return {
        text: text.slice(0, HEADLINE_CHARS),
        label: first?.label ?? null,
        quote: first?.text.slice(0, HEADLINE_CHARS) ?? null,
    };
}
/** The bundle in at most `room`, by `size`: less and less of it, at the least a word. */
export function squeeze(outgoing, cap, room, size, lay = layOutTag) {
    const small = Math.min(SMALL_CAP, cap);
    const plans = [
        { cap, texts: outgoing.whole.length, lines: LINES_MAX },
        { cap, texts: outgoing.whole.length, lines: FEW_LINES },
        ...outgoing.whole.map((_, index) => ({
            cap: small,
            texts: outgoing.whole.length - index,
            lines: FEW_LINES,
        })),
        { cap: small, texts: 0, lines: FEW_LINES },
        { cap: 0, texts: 0, lines: 0 },
    ];
    for (const plan of plans) {
        const draft = { ...toDraft(outgoing, plan.cap), texts: plan.texts, lines: plan.lines };
        if (size(lay(draft)) <= room)
            return draft;
    }
    return undefined;
}
/** In place of a bundle whose first event is too large for a note even without its quotes. */
export function layOutStub(outgoing) {
    return toStub(outgoing.event, toAttempt(outgoing));
}
/** The texts of a bundle that can use more room. */
export function toParts({ outgoing, caps, texts }) {
    const waiting = [outgoing.bundle.shown, ...outgoing.bundle.whole];
    return [outgoing.event, ...outgoing.whole.slice(0, texts)].map((event) => {
        const words = waiting.find(({ id }) => id === event.id);
        const isWords = words !== undefined && isWritten(words);
        return {
            // Approved people before strangers, strangers before machines.
            rank: isApproved(event) ? 0 : isWords ? 1 : 2,
            want: [event.text, ...event.quotes.map(({ text }) => text)].reduce((sum, text) => sum + text.length, 0),
            get cap() {
                return caps.get(event.id) ?? 0;
            },
            set cap(chars) {
                caps.set(event.id, chars);
            },
            render: (cap) => toText(event, cap),
        };
    });
}
/** From somebody whom the owner let write here: nobody else's conversation gets as far as this. */
function isApproved({ sender, chatId }) {
    return sender.role !== "source" || chatId !== undefined;
}
/** How each event of a bundle was told, for its trace, by its id. */
export function toHow(draft) {
    const { bundle, event, whole } = draft.outgoing;
    const { told, left } = toLines(draft);
    const how = new Map();
    for (const one of whole.slice(0, draft.texts))
        how.set(one.id, `in full beside ${event.id}`);
    for (const { event: one } of told)
        how.set(one.id, `as a line beside ${event.id}`);
    for (const one of left)
        how.set(one.id, `counted beside ${event.id}, whose details list it`);
    return new Map([...how, ...toSuperseding(bundle, how)]);
}
const IDS_TOLD = 5;
/** Which event superseded which, in the words of both. */
export function toSuperseding({ superseded }, how = new Map()) {
    return [...superseded].flatMap(([by, earlier]) => {
        const ids = earlier.slice(0, IDS_TOLD).map(({ id }) => id);
        const more = earlier.length > ids.length ? ` and ${earlier.length - ids.length} more` : "";
        const own = how.get(by);
        return [
            [by, `${own === undefined ? "" : `${own}; `}it supersedes ${ids.join(" ")}${more}`],
            ...earlier.map(({ id }) => [id, `superseded by ${by}`]),
        ];
    });
}
function toKind(kind) {
    return cut(toMetaValue(kind), KIND_MAX_CHARS);
}
function capOf({ caps }, id) {
    return caps.get(id) ?? 0;
}
