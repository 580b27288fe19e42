/**
 * Which file of a package `import` of it loads, as Node finds it: https://nodejs.org/api/packages.html
 *
 * Owns: reading `exports` and `main`. Never: looks for the package, or loads the file.
 *
 * ENTRY-1 No file outside of the package is its entry.
 */
import { statSync } from "node:fs";
import { join } from "node:path";
/** Those of Node's for `import`, and one of our own: what a package gives to Sluice and nobody else. */
const CONDITIONS = new Set(["sluice", "node", "import", "module-sync", "default"]);
/** The absolute path of a file that is there. `subpath`: `.`, or `./channel` of `exports`. */
export function findEntry(folder, manifest, subpath = ".") {
    const { exports: doors, main } = manifest;
    if (doors !== undefined && doors !== null) {
        const target = resolveDoor(doors, subpath);
        return target === undefined ? undefined : findFileOf(folder, [target]);
    }
    // Without `exports` each file is a door.
    if (subpath !== ".")
        return findFileOf(folder, [subpath]);
    const named = typeof main === "string" && main !== "" ? [main, `${main}.js`, `${main}/index.js`] : [];
    return findFileOf(folder, [...named, "index.js"]);
}
function findFileOf(folder, names) {
    return names
        .filter((name) => !leavesFolder(name))
        .map((name) => join(folder, name))
        .find((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
}
/** ENTRY-1. As Node has it, no target leads into another package either. */
function leavesFolder(name) {
    return (name.startsWith("/") ||
        name.split(/[/\\]/).some((part) => part === ".." || part === "node_modules"));
}
function resolveDoor(doors, subpath) {
    const table = toTable(doors);
    const isList = table !== undefined && Object.keys(table).some((key) => key.startsWith("."));
    if (!isList)
        return subpath === "." ? resolveTarget(doors, "") : undefined;
    if (Object.hasOwn(table, subpath) && !subpath.includes("*"))
        return resolveTarget(table[subpath], "");
    const [key = "", start = "", end = ""] = findPattern(Object.keys(table), subpath) ?? [];
    return resolveTarget(table[key], subpath.slice(start.length, subpath.length - end.length));
}
/** The one with the longest text before its star. */
function findPattern(keys, subpath) {
    return keys
        .map((key) => [key, ...key.split("*")])
        .filter(([, start = "", end, more]) => end !== undefined &&
        more === undefined &&
        subpath.startsWith(start) &&
        subpath.endsWith(end) &&
        subpath.length > start.length + end.length)
        .toSorted(([, one = ""], [, other = ""]) => other.length - one.length)[0];
}
/** Conditions count in the order in which the package has them. */
function resolveTarget(target, star) {
    if (typeof target === "string")
        return target.startsWith("./") ? target.replaceAll("*", star) : undefined;
    if (Array.isArray(target))
        return target.map((one) => resolveTarget(one, star)).find((one) => one !== undefined);
    for (const [condition, one] of Object.entries(toTable(target) ?? {})) {
        if (!CONDITIONS.has(condition))
            continue;
        const found = resolveTarget(one, star);
        if (found !== undefined)
            return found;
    }
    return undefined;
}
function toTable(value) {
    const isTable = typeof value === "object" && value !== null && !Array.isArray(value);
    return isTable ? value : undefined;
}
