/**
 * All that is looked up about a call before it is written down: whether it is known to be harmless, and where its paths lead.
 *
 * Owns: doing that outside of the transaction, since a disk may be slow. Never: decides about the call.
 */
import { within } from "../../sdk/clock.js";
import { assessCall, LOOK_MAX_MS } from "./risk/assess.js";
import { listLookups } from "./rules/rule-reach.js";
const NAME_MAX_BYTES = 255;
const PATH_MAX_BYTES = 4_096;
/** Never rejects: what cannot be looked at is not known. */
export async function lookAtCall({ disk, readRules, readProjectCommands }, call) {
    const rules = readRules();
    const patterns = rules.flatMap(({ path }) => path ?? []);
    const [assessment, places] = await Promise.all([
        assessCall({ ...call, disk, projectCommands: readProjectCommands() }),
        lookUp(disk, rules.length === 0 ? [] : listLookups(call, patterns)),
    ]);
    return { assessment, places };
}
/** What cannot be looked at, or not in time, could lead anywhere: rules about paths fail closed then. */
async function lookUp(disk, paths) {
    const found = paths
        .filter(canBeNamed)
        .map(async (path) => [path, await within(LOOK_MAX_MS, lookAt(disk, path), toUnknown(path))]);
    return new Map(await Promise.all(found));
}
/** Whole sentences are looked at as paths, too: no disk takes such a name. */
function canBeNamed(path) {
    return (Buffer.byteLength(path) < PATH_MAX_BYTES &&
        path.split("/").every((part) => Buffer.byteLength(part) <= NAME_MAX_BYTES));
}
async function lookAt(disk, path) {
    try {
        const real = await disk.readRealPath(path);
        if (real === undefined)
            return toUnknown(path);
        const facts = await disk.readFacts(real);
        return { real, isFolder: facts?.isFolder === true };
    }
    catch {
        // Not to be looked at: an expected answer, and no reason to lose the call.
        return toUnknown(path);
    }
}
function toUnknown(path) {
    return { real: path, isFolder: false, isUnknown: true };
}
