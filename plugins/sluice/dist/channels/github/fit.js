/**
 * Whether an event's name fits its payload. GitHub signs the payload and not the header with the name, so whoever has one signed
 * request could send it again as another event.
 *
 * Owns: that check, and the words for what does not fit. Pure. Never: the table (shapes.ts), or a value of the payload in its words.
 *
 * FIT-1 A payload that has the key of another event fits only where the table allows that key.
 *    An action that GitHub invents tomorrow is no other event's: only a word that the table knows from elsewhere is a misfit.
 * FIT-2 An event name that the table does not list fits only a payload that no listed event could have: it has a key that none of them
 *    has.
 */
import { isWordy } from "../../catalogue/fields.js";
import { at, textAt } from "../../sdk/json.js";
import { SHAPES } from "./shapes.js";
/** Keys that many events have, whatever happened. */
const COMMON = [
    "action",
    "changes",
    "number",
    "sender",
    "repository",
    "organization",
    "enterprise",
    "installation",
];
const ALL = Object.entries(SHAPES).flatMap(([event, shapes]) => shapes.map((shape) => ({ event, shape, keys: new Set(toKeys(shape)) })));
/** FIT-1. */
const OWNED = new Set(ALL.flatMap(({ shape }) => toOwn(shape)));
/** FIT-2. */
const FAMILIAR = new Set([...COMMON, ...ALL.flatMap(({ keys }) => [...keys])]);
/** Actions by which events without keys of their own are told apart. */
const ACTIONS = new Set(ALL.flatMap(({ shape }) => shape.words?.["action"] ?? []));
/** Why a payload cannot be that of `event`, as the end of a sentence, or undefined where it can. */
export function findMisfit(event, payload) {
    if (!Object.hasOwn(SHAPES, event))
        return findFamiliar(payload);
    const faults = ALL.filter((one) => one.event === event).map((one) => findFault(one, payload));
    return faults.includes(undefined) ? undefined : faults[0];
}
/** FIT-2. */
function findFamiliar(payload) {
    const known = ALL.find((one) => isTelling(one.shape) && findFault(one, payload) === undefined);
    if (known !== undefined)
        return `the payload is that of ${known.event}`;
    return Object.keys(payload).every((key) => FAMILIAR.has(key))
        ? "the payload has no key that would be new"
        : undefined;
}
function findFault({ event, shape, keys }, payload) {
    const { own = [], ownOneOf = [], needs = [], nulls = [], lacks = [], words = {} } = shape;
    const missing = [...own, ...needs].find((path) => at(payload, path) === undefined);
    if (missing !== undefined)
        return `the payload has no ${missing}`;
    if (ownOneOf.length > 0 && !ownOneOf.some((key) => Object.hasOwn(payload, key)))
        return `the payload has no ${ownOneOf.join(" and no ")}`;
    const isForeign = (key) => lacks.includes(key) ||
        (OWNED.has(key) && !keys.has(key) && !(nulls.includes(key) && at(payload, key) === null));
    const foreign = Object.keys(payload).find(isForeign);
    if (foreign !== undefined)
        return `the payload has ${foreign}, which ${event} does not have`;
    const other = Object.keys(words).find((path) => {
        const word = textAt(payload, path) ?? "";
        const isNew = path === "action" && needs.length > 0 && !ACTIONS.has(word) && isWordy(word);
        return !words[path]?.includes(word) && !isNew;
    });
    return other === undefined ? undefined : `the payload's ${other} is none of ${event}`;
}
function toOwn({ own = [], ownOneOf = [] }) {
    return [...own, ...ownOneOf];
}
/** Whether a shape is more than what any new event may have too: a repository and an action, say. */
function isTelling(shape) {
    return [...toOwn(shape), ...(shape.needs ?? [])].some((key) => OWNED.has(key));
}
/** All keys of the payload that a shape may have, as far as it speaks of them. */
function toKeys(shape) {
    const { needs = [], may = [], words = {} } = shape;
    return [...toOwn(shape), ...needs, ...may, ...Object.keys(words)].map((path) => path.split(".")[0] ?? path);
}
