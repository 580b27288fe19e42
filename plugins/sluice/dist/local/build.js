/**
 * Which build of a version this is: two of the same number hold other code after a `git pull`.
 *
 * Owns: a digest of the program's own files. Never: which of two builds is the newer one.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
/** `dist`, or `src` where it runs from there. */
const PROGRAM = join(import.meta.dirname, "..");
const CODE = /(?<!\.d|\.test|\.fixture)\.(?:c?js|ts|sql)$/;
let build;
/** Of the files as they are at the first call: a hub asks at its start, before an update can change them under it. */
export function readBuild() {
    build ??= toBuild(PROGRAM);
    return build;
}
/** Of the program in this folder. */
export function toBuild(program) {
    const hash = createHash("sha256");
    const files = readdirSync(program, { recursive: true, encoding: "utf8" });
    for (const file of files.filter((name) => CODE.test(name)).toSorted())
        hash.update(`${file}\0`).update(readFileSync(join(program, file)));
    return hash.digest("hex").slice(0, 12);
}
