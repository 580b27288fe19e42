/**
 * The code of an author's channel as it was confirmed: a copy in the home, `code/CHANNEL/DIGEST`, which alone is run.
 *
 * Owns: where it lies, what its manifest says, and whether it is still what it was. Never: runs it, or looks at where it came from.
 *
 * CODE-1 What runs is what was confirmed: the digest covers the path and the content of every file, and the configuration holds it.
 * CODE-2 A change where the code came from changes nothing here: it is told, and `sluice reload` takes it.
 */
import { createHash } from "node:crypto";
import { createReadStream, lstatSync, readdirSync, renameSync, rmSync } from "node:fs";
import { lstat, readdir, readFile, readlink, realpath, rm } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { z } from "../../vendor/zod.js";
import { ensureInnerFolder } from "../../local/safe-folder.js";
import { SluiceError, toMessage } from "../../sdk/errors.js";
import { outlineSchema } from "./check.js";
export const MAX_FILES = 5_000;
export const MAX_BYTES = 64 * 1024 * 1024;
const MANIFEST = "manifest.json";
const FILES = "files";
export const PID_FILE = "pid";
const DIGEST = /^[0-9a-f]{64}$/;
const NEW = /^\.new-[0-9a-f]{16}$/;
const packageSchema = z.strictObject({
    name: z.string().min(1).max(214),
    version: z.string().max(256),
    /** As the registry says; absent for what was never downloaded. */
    integrity: z.string().max(512).optional(),
});
const manifestSchema = z.strictObject({
    /** Of the author's file, below `files`. */
    entry: z.string().min(1).max(4_096),
    /** An absolute path, or `npm:package@version`. */
    from: z.string().min(1).max(4_096),
    /** The folder that the copies of local files are relative to. */
    root: z.string().max(4_096),
    /** Local files, and packages that they use. */
    local: z.array(z.string().max(4_096)).max(MAX_FILES),
    packages: z.array(packageSchema).max(MAX_FILES),
    outline: outlineSchema,
});
export function toCodeFolder(home) {
    return join(home.path, "code");
}
/** Of all files below `folder`, links included; piece by piece, while the hub goes on. @throws SluiceError `too_large`. */
export async function toDigest(folder) {
    const hash = createHash("sha256");
    const root = (await realpath(folder)) + sep;
    let bytes = 0;
    for (const name of await listFiles(folder)) {
        const path = join(folder, name);
        const stats = await lstat(path);
        bytes += stats.size;
        if (bytes > MAX_BYTES)
            throw tooLarge();
        if (!stats.isFile())
            await requireInnerLink(root, path, name, stats.isSymbolicLink());
        const content = stats.isFile() ? createReadStream(path) : [`-> ${await readlink(path)}`];
        const one = createHash("sha256");
        for await (const part of content)
            one.update(part);
        hash.update(JSON.stringify([name, one.digest("hex")]));
    }
    return hash.digest("hex");
}
/** Whoever may read a folder may read what its links lead to. @throws SluiceError `bad_config`. */
async function requireInnerLink(root, path, name, isLink) {
    const found = isLink ? await toRealPath(path) : undefined;
    if (found?.startsWith(root) === true)
        return;
    throw new SluiceError("bad_config", `${name} is neither a file nor a link to one beside it; leave it out`);
}
async function toRealPath(path) {
    try {
        return await realpath(path);
    }
    catch {
        // It leads nowhere.
        return undefined;
    }
}
/** Relative, in a fixed order. @throws SluiceError `too_large`. */
export async function listFiles(folder) {
    const names = [];
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
        if (entry.isDirectory())
            continue;
        names.push(relative(folder, join(entry.parentPath, entry.name)));
        if (names.length > MAX_FILES)
            throw tooLarge();
    }
    return names.toSorted((one, other) => (one < other ? -1 : 1));
}
export function tooLarge() {
    return new SluiceError("too_large", `it has more than ${MAX_FILES} files, or ${MAX_BYTES / 1024 / 1024} MiB; bundle it, or leave packages out`);
}
/** @throws SluiceError `bad_config`: it is gone, or is not what was confirmed (CODE-1). */
export function openKeptCode(home, channel, digest) {
    return openFolder(join(toCodeFolder(home), channel, digest), digest, `channel ${channel}`);
}
/** What the command line has laid down, to be confirmed. @throws SluiceError `bad_input`, `bad_config`. */
export async function openNewCode(home, folder, digest) {
    if (!NEW.test(folder))
        throw new SluiceError("bad_input", `${folder} is no folder of new code`);
    return openFolder(join(toCodeFolder(home), folder), digest, "the new code");
}
async function openFolder(folder, digest, what) {
    let manifest;
    let found;
    try {
        const text = await readFile(join(folder, MANIFEST), "utf8");
        // The schema says less of the outline than its type: a scheme's name is looked up before it is used.
        manifest = manifestSchema.parse(JSON.parse(text));
        found = await toDigest(folder);
    }
    catch (thrown) {
        throw new SluiceError("bad_config", `${what}: its kept code in ${folder} cannot be read (${toMessage(thrown).split("\n")[0]}); remove the channel and add it again`, { cause: thrown });
    }
    if (found !== digest)
        throw new SluiceError("bad_config", `${what}: its kept code in ${folder} is not what was confirmed; remove the channel and add it again`);
    return { folder, entry: join(folder, FILES, manifest.entry), digest, manifest };
}
/** Puts confirmed code in its place. */
export function keepCode(home, channel, { folder, digest }) {
    const place = join(toCodeFolder(home), channel);
    ensureInnerFolder(place);
    const target = join(place, digest);
    rmSync(target, { recursive: true, force: true });
    renameSync(folder, target);
}
/** All of it, or all but one. */
export async function removeCode(home, channel, but) {
    const place = join(toCodeFolder(home), channel);
    if (but === undefined)
        return rm(place, { recursive: true, force: true });
    for (const name of await readdir(place))
        // The number of its process stands beside.
        if (name !== but && name !== PID_FILE)
            await rm(join(place, name), { recursive: true, force: true });
}
/** What an `add` or a `reload` that was broken off has left, and code of channels that are gone. `kept`: digests by channel. */
export function sweepCode(home, kept) {
    const folder = toCodeFolder(home);
    ensureInnerFolder(folder);
    const young = Date.now() - 3_600_000;
    for (const name of readdirSync(folder)) {
        const path = join(folder, name);
        const digest = kept.get(name);
        if (digest !== undefined)
            sweepOthers(path, digest);
        // Somebody may be reading the question right now.
        else if (!NEW.test(name) || lstatSync(path).mtimeMs < young)
            rmSync(path, { recursive: true, force: true });
    }
}
function sweepOthers(place, digest) {
    for (const name of readdirSync(place))
        if (DIGEST.test(name) && name !== digest)
            rmSync(join(place, name), { recursive: true, force: true });
}
export { FILES as FILES_FOLDER, MANIFEST as MANIFEST_FILE };
