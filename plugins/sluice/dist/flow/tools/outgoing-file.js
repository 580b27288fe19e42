/**
 * Outgoing files: which files may leave this machine, and the private copy that is sent.
 *
 * Owns: every check of a path that a model named. Never: sends.
 * A model that an attacker has persuaded will try to send every file that it can read: keys, credentials, our own state.
 *
 * OUTFILE-1 Only a regular file with one name is sent, if it really lies under the session's folder or the outbox folder, after every
 *    link is resolved.
 * OUTFILE-2 A file that is hidden, looks like a credential, or belongs to Sluice is never sent, wherever it lies.
 * OUTFILE-3 A file is opened once; the opened file is the one that was checked, and its bytes are copied from that descriptor: a path
 *    that is swapped in between changes nothing.
 * OUTFILE-4 All files are checked and copied before anything is sent.
 */
import { createHash } from "node:crypto";
import { constants, existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { lstat, open, realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { isSluiceError, SluiceError } from "../../sdk/errors.js";
import { newUlid } from "../../sdk/id.js";
import { toFileName } from "../intake/file-name.js";
export const MAX_OUTGOING_FILES = 10;
export const DEFAULT_MAX_FILE_BYTES = 25 * 1024 ** 2;
const COPY_LIFE_MS = 3_600_000;
/** Names that are refused, compared without case: a file system may not tell cases apart. */
const SECRET_NAMES = [
    /^\.env/,
    /\.env$/,
    /^_?netrc$/,
    /^id_/,
    /^authorized_keys$/,
    /^known_hosts$/,
    /^credentials?(?:\.|$)/,
    /^secrets?\.(?:ya?ml|json|toml|txt)$/,
    /^service[-_]account.*\.json$/,
    /^(?:htpasswd|shadow|sudoers)$/,
    /^(?:login data|cookies|cookies\.sqlite|key[34]\.db|logins\.json|wallet\.dat)$/,
    /\.(?:pem|key|p12|pfx|p8|jks|keystore|kdbx?|ppk|ovpn|keychain|keychain-db|tfstate|tfvars|gpg|pgp)$/,
    /\.tfstate\./,
];
/** Folders whose content is refused, also where the session itself runs in one. */
const SECRET_FOLDERS = new Set([
    ".ssh",
    ".aws",
    ".gnupg",
    ".git",
    ".kube",
    ".docker",
    ".azure",
    ".gcloud",
    ".password-store",
    "keychains",
]);
/**
 * Checks and copies, in order.
 * @throws SluiceError `bad_input`, `not_found`, `too_large`, with the path as it was given: then no copy is left.
 */
export async function copyOutgoing(paths, rules) {
    if (paths.length > MAX_OUTGOING_FILES)
        throw new SluiceError("bad_input", `${paths.length} files, at most ${MAX_OUTGOING_FILES} go with one message`);
    const made = [];
    try {
        const files = [];
        for (const path of paths) {
            const folder = join(rules.copies, newUlid(rules.now));
            made.push(folder);
            files.push(await copyOne(path, folder, rules));
        }
        return files;
    }
    catch (thrown) {
        for (const folder of made)
            rmSync(folder, { recursive: true, force: true });
        throw thrown;
    }
}
/** Deletes copies that no row of the outbox needs; a young one may belong to a call that runs. */
export function pruneCopies(folder, needed, now) {
    const kept = new Set(needed.map((path) => basename(dirname(path))));
    for (const name of existsSync(folder) ? readdirSync(folder) : []) {
        const path = join(folder, name);
        if (!kept.has(name) && now - statSync(path).mtimeMs > COPY_LIFE_MS)
            rmSync(path, { recursive: true, force: true });
    }
}
async function copyOne(given, folder, rules) {
    const { real, below } = await toAllowedPath(given, rules);
    // Not following a last link, and not waiting for the other end of a pipe.
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const source = await open(real, flags).catch((thrown) => {
        throw toRefusal(given, "it cannot be opened", "not_found", thrown);
    });
    try {
        const stat = await source.stat();
        if (!stat.isFile())
            throw toRefusal(given, "it is not a regular file");
        // A second name may be one outside of every folder that we look at.
        if (stat.nlink !== 1)
            throw toRefusal(given, "it has more than one name (a hard link)");
        if (stat.size === 0)
            throw toRefusal(given, "it is empty");
        if (stat.size > rules.maxBytes)
            throw toTooLarge(given, rules.maxBytes);
        await checkSame(given, real, stat);
        return { file: await copyBytes(given, source, folder, rules.maxBytes), given, below };
    }
    finally {
        await source.close();
    }
}
/** The real path of what was named, where its content may leave (OUTFILE-1, OUTFILE-2). */
async function toAllowedPath(given, rules) {
    if (given === "" || given.length > 4_096 || given.includes("\0"))
        throw toRefusal(given.slice(0, 100), "it is no path");
    const real = await realpath(resolve(rules.cwd, given)).catch((thrown) => {
        throw toRefusal(given, "there is no such file", "not_found", thrown);
    });
    const [cwd, home, outbox] = await Promise.all([rules.cwd, rules.home, rules.outbox].map((path) => realpath(path).catch(() => undefined)));
    const isOutbox = outbox !== undefined && isWithin(real, outbox);
    if (home !== undefined && isWithin(real, home) && !isOutbox)
        throw toRefusal(given, "it belongs to Sluice");
    // A session that runs in the root folder names the whole machine.
    const root = isOutbox
        ? outbox
        : cwd !== undefined && cwd !== sep && isWithin(real, cwd)
            ? cwd
            : undefined;
    if (root === undefined)
        throw toRefusal(given, `it is outside of the session's folder and of ${rules.outbox}`);
    const below = relative(root, real).split(sep);
    if (below.some((part) => part.startsWith(".")))
        throw toRefusal(given, "it is hidden");
    const asGiven = isAbsolute(given) ? relative(rules.cwd, given) : given;
    for (const part of [...below, basename(asGiven)]) {
        const name = part.toLowerCase();
        if (SECRET_NAMES.some((pattern) => pattern.test(name)))
            throw toRefusal(given, "its name is that of a credential");
    }
    // What the kernel makes up as it is read is no file of anybody's.
    if (/^\/(?:proc|sys|dev)\//.test(real))
        throw toRefusal(given, "it is not a regular file");
    if (real.split(sep).some((part) => SECRET_FOLDERS.has(part.toLowerCase())))
        throw toRefusal(given, "its folder holds credentials");
    return { real, below: below.join("/") };
}
/** What was opened is what lies at the checked path, and that path still goes through no link (OUTFILE-3). */
async function checkSame(given, real, opened) {
    const again = await lstat(real).catch(() => undefined);
    const path = await realpath(real).catch(() => undefined);
    if (again === undefined || path !== real || again.dev !== opened.dev || again.ino !== opened.ino)
        throw toRefusal(given, "it was replaced while it was read");
}
async function copyBytes(given, source, folder, maxBytes) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const name = toFileName(basename(given));
    const path = join(folder, name);
    const hash = createHash("sha256");
    const copy = await open(path, "wx", 0o600);
    let bytes = 0;
    try {
        const buffer = Buffer.alloc(256 * 1024);
        for (;;) {
            const { bytesRead } = await source.read(buffer, 0, buffer.length, bytes);
            if (bytesRead === 0)
                break;
            bytes += bytesRead;
            // It may grow while it is read.
            if (bytes > maxBytes)
                throw toTooLarge(given, maxBytes);
            const part = buffer.subarray(0, bytesRead);
            hash.update(part);
            await copy.writeFile(part);
        }
        await copy.sync();
    }
    finally {
        await copy.close();
    }
    return { path, name, bytes, digest: hash.digest("hex") };
}
function isWithin(path, folder) {
    const way = relative(folder, path);
    return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}
function toRefusal(given, why, code = "bad_input", cause) {
    if (isSluiceError(cause))
        return cause;
    const options = cause === undefined ? {} : { cause };
    return new SluiceError(code, `file ${JSON.stringify(given)} is not sent: ${why}; nothing was sent`, options);
}
function toTooLarge(given, maxBytes) {
    const mib = Math.floor(maxBytes / 1024 ** 2);
    return new SluiceError("too_large", `file ${JSON.stringify(given)} is larger than the ${mib} MiB that the platform takes; nothing was sent`);
}
