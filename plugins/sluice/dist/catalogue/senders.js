var __rewriteRelativeImportExtension = (this && this.__rewriteRelativeImportExtension) || function (path, preserveJsx) {
    if (typeof path === "string" && /^\.\.?\//.test(path)) {
        return path.replace(/\.(tsx)$|((?:\.d)?)((?:\.[^./]+?)?)\.([cm]?)ts$/i, function (m, tsx, d, ext, cm) {
            return tsx ? preserveJsx ? ".jsx" : ".js" : d && (!ext || !cm) ? m : (d + ext + "." + cm.toLowerCase() + "js");
        });
    }
    return path;
};
/**
 * The senders that have a row. Their names come from the names of their files: a new file is a new kind, and nothing else names it.
 *
 * Owns: finding and loading them. Never: loads one that nobody asked for.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
const FOLDER = join(import.meta.dirname, "rows");
/** A row as it was written or as it was compiled: never a test, a declaration or what belongs to tests. */
const ROW_FILE = /^([a-z][a-z0-9-]*)\.(?:ts|js)$/;
/** Kind to file, in order of kinds. */
const FILES = new Map(readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name: group }) => readdirSync(join(FOLDER, group)).flatMap((file) => {
    const kind = ROW_FILE.exec(file)?.[1];
    return kind === undefined ? [] : [[kind, join(FOLDER, group, file)]];
}))
    .toSorted(([a], [b]) => (a < b ? -1 : 1)));
export const SENDER_KINDS = [...FILES.keys()];
/** The group that a sender's file lies in. */
export function toGroup(kind) {
    return FILES.get(kind)?.split(/[\\/]/).at(-2);
}
/** Undefined for a kind that has no row. */
export async function loadSender(kind) {
    const file = FILES.get(kind);
    if (file === undefined)
        return undefined;
    const module = (await import(__rewriteRelativeImportExtension(pathToFileURL(file).href)));
    if (module.sender?.kind !== kind)
        throw new TypeError(`${file} must export "sender" with the kind "${kind}"`);
    return module.sender;
}
