/**
 * Paths into what a sender wrote: `issue.title`, `list.0`, `list.-1` the last, `list.*` each, `list.*(state=failed,error)` those of which
 * a field is one of these words, `list.*(exit!=0)` those of which it is none. A dot behind a backslash is part of a key.
 *
 * Owns: reading them. Pure. Never: trusts a shape; what does not fit is not there.
 *
 * PATHS-1 Of a list no more than `MAX_READ` entries are looked at, and a path is taken apart once, however many events read it.
 */
/** Of a list, so many entries are looked at. */
export const MAX_READ = 500;
/** Rows and owners write paths: a few hundred in all. */
const MAX_KEPT = 5_000;
const known = new Map();
/** Whether a path stands for several values. */
export function isList(path) {
    const { keys, steps } = toPath(path);
    return keys === undefined && steps.some(({ kind }) => kind === "each");
}
const NOTHING = { value: undefined, parent: undefined };
/** The first value at a path; its value is undefined where there is none. */
export function findAt(root, path) {
    const { keys } = toPath(path);
    if (keys === undefined)
        return findAll(root, path)[0] ?? NOTHING;
    const value = valueAt(root, path);
    if (value === undefined)
        return NOTHING;
    let parent;
    let here = root;
    for (const key of keys) {
        parent = here;
        // It was found a moment ago.
        here = here[key];
    }
    return { value, parent };
}
export function valueAt(root, path) {
    const { keys } = toPath(path);
    if (keys === undefined)
        return findAll(root, path)[0]?.value;
    let value = root;
    for (const key of keys) {
        if (typeof value !== "object" || value === null || !Object.hasOwn(value, key))
            return undefined;
        // Own property, just checked.
        value = value[key];
    }
    return value;
}
/** All values at a path, in their order, without those that are not there. */
export function findAll(root, path) {
    let found = [{ value: root, parent: undefined }];
    for (const step of toPath(path).steps)
        found = found.flatMap(({ value }) => take(value, step));
    return found.filter(({ value }) => value !== undefined);
}
/** How many entries a list has, the ones that nobody looks at among them. Undefined where there is no list. */
export function countEntries(root, path) {
    const list = valueAt(root, path);
    return Array.isArray(list) ? list.length : undefined;
}
function take(value, step) {
    if (typeof value !== "object" || value === null)
        return [];
    switch (step.kind) {
        case "key":
            return Object.hasOwn(value, step.key)
                ? // Own property, just checked.
                    [{ value: value[step.key], parent: value }]
                : [];
        case "last":
            return Array.isArray(value) && value.length > 0
                ? [{ value: value.at(-1), parent: value }]
                : [];
        case "each": {
            const entries = (Array.isArray(value) ? value : Object.values(value)).slice(0, MAX_READ);
            const { filter } = step;
            return (filter === undefined ? entries : entries.filter((one) => fits(one, filter))).map((one) => ({ value: one, parent: value }));
        }
        default:
            return step;
    }
}
function fits(entry, { path, words, isNot }) {
    const { value } = findAt(entry, path);
    // An object is no word, and one with a `toString` of its own cannot even be made one.
    const text = typeof value === "object" ? "" : String(value ?? "");
    return words.includes(text) !== isNot;
}
export function toPath(path) {
    if (typeof path !== "string")
        return path;
    const kept = known.get(path);
    if (kept !== undefined)
        return kept;
    // A dot inside of a filter is part of the filter.
    const steps = path
        .split(/(?<!\\)\.(?![^()]*\))/)
        .map((step) => toStep(step.replaceAll("\\.", ".")));
    const keys = steps.flatMap((step) => (step.kind === "key" ? step.key : []));
    const made = { steps, keys: keys.length === steps.length ? keys : undefined };
    if (known.size >= MAX_KEPT)
        known.clear();
    known.set(path, made);
    return made;
}
function toStep(text) {
    if (text === "-1")
        return { kind: "last" };
    if (text === "*")
        return { kind: "each", filter: undefined };
    const [, path = "", not, words = ""] = /^\*\(([^()!=]+)(!?)=([^()]*)\)$/.exec(text) ?? [];
    return path === ""
        ? { kind: "key", key: text }
        : { kind: "each", filter: { path, words: words.split(","), isNot: not === "!" } };
}
