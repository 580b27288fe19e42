/**
 * Paths as text.
 *
 * Owns: resolving a path from a folder. Never: looks at the disk (disk.ts).
 */
import { homedir } from "node:os";
import { posix } from "node:path";
/** The absolute path, without `..`; undefined where that cannot be said. `~` and $HOME are the one variable that is known. */
export function resolvePath(path, base) {
    const plain = path.replace(/^(?:~(?=\/|$)|\$HOME\b|\$\{HOME\})/, () => homedir());
    if (plain.startsWith("~"))
        return posix.join("/~", plain);
    if (plain.startsWith("/"))
        return posix.resolve(plain);
    return base === undefined || base === "" ? undefined : posix.resolve(base, plain);
}
export function isInside(path, folder) {
    const bound = posix.resolve(folder);
    return path === bound || path.startsWith(bound === "/" ? "/" : `${bound}/`);
}
/** What of a pattern of file names stands before its first wildcard: folders. */
export function toGlobRoot(pattern) {
    const at = pattern.search(/[*?[\]{}!()|\\]/);
    return at === -1 ? pattern : pattern.slice(0, pattern.lastIndexOf("/", at) + 1);
}
/** Whether a pattern of the client's own search stays below where it begins: {/etc,src} does not. */
export function isGlobHere(pattern) {
    return !/^[/~$]|\.\.|[{(,|]\s*[/~$]/.test(pattern);
}
/** For people: both ends of a long one. */
export function toShortPath(path) {
    return path.length <= 80 ? path : `${path.slice(0, 38)}…${path.slice(-38)}`;
}
