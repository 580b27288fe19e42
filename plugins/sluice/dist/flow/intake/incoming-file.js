/**
 * Files of admitted events on their way in: fetched when they are wanted, images at once.
 *
 * Owns: the folder of files, its caps and its pruning. Never: fetches anything for an event that the gate has not admitted.
 *
 * INFILE-1 A file is fetched only for an event that is in the inbox, through its own channel, up to 20 MiB; an image up to 10 MiB is
 *    fetched at once.
 * INFILE-2 It lies under `<folder>/<event id>/`, 0600, under a name made of ours and a safe part of the sender's.
 * INFILE-3 It is removed with its event, after 30 days, or as the oldest file when all files together hold more than 1 GiB.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { open, rename } from "node:fs/promises";
import { join } from "node:path";
import { SluiceError, toMessage } from "../../sdk/errors.js";
import { isEventId } from "../../sdk/id.js";
import { forgetFetched, listFiles, saveFetched, saveImagePath, } from "../../store/events/files.js";
import { findEvent } from "../../store/events/inbox.js";
import { toFileName } from "./file-name.js";
const MIB = 1024 ** 2;
const LIMITS = {
    maxBytes: 20 * MIB,
    maxImageBytes: 10 * MIB,
    maxTotalBytes: 1024 * MIB,
    lifeMs: 30 * 24 * 3_600_000,
};
const HOUR_MS = 3_600_000;
const IMAGE_WAIT_MS = 5_000;
const MAX_IMAGES = 30;
/** How a file is called before it has an event. */
const STAGED = "staged-";
export class IncomingFiles {
    #options;
    #limits;
    #running = new Map();
    constructor(options) {
        this.#options = options;
        this.#limits = { ...LIMITS, ...options.limits };
    }
    /** Where a file lies, after fetching it if it has to be. @throws SluiceError `not_found`, `too_large`, `send_failed`. */
    async fetch(event, position) {
        const file = listFiles(this.#options.db, event).find((one) => one.position === position);
        if (file === undefined)
            throw new SluiceError("not_found", `event ${event} has no file ${position}`);
        if (file.path !== null && existsSync(file.path))
            return file.path;
        const key = `${event}/${position}`;
        const running = this.#running.get(key) ?? this.#fetch(file, this.#limits.maxBytes);
        this.#running.set(key, running);
        try {
            return await running;
        }
        finally {
            this.#running.delete(key);
        }
    }
    /**
     * Fetches images of arrivals that the gate lets in, for at most a few seconds, before they become events: so that a model finds the
     * first one's path in meta, however soon it reads. What could not be had in time is fetched when it is wanted. Never throws.
     */
    async fetchImages(channel, arrivals) {
        const { log, clock, folder, connection } = this.#options;
        const fetched = new Map();
        const wanted = arrivals.flatMap(({ files = [] }) => files.filter(isImage)).slice(0, MAX_IMAGES);
        const live = connection(channel);
        if (wanted.length === 0 || live?.download === undefined)
            return fetched;
        let isLate = false;
        const work = async () => {
            for (let file = wanted.shift(); file !== undefined && !isLate; file = wanted.shift()) {
                try {
                    const content = await this.#download(live, file, this.#limits.maxImageBytes);
                    const path = join(folder, `${STAGED}${randomUUID()}`);
                    await writeWhole(path, content);
                    if (isLate)
                        rmSync(path, { force: true });
                    else
                        fetched.set(file, { path, bytes: content.length });
                }
                catch (thrown) {
                    const error = toMessage(thrown);
                    log.warn({ channel, error }, "an image was not fetched; its message goes on without it");
                }
            }
        };
        let cancel = () => { };
        const patience = new Promise((done) => (cancel = clock.after(IMAGE_WAIT_MS, done)));
        await Promise.race([Promise.all([work(), work(), work()]), patience]);
        isLate = true;
        cancel();
        return fetched;
    }
    /** Inside the transaction that stores the event: what was fetched for it becomes its own. */
    adopt(event, { files = [] }, fetched) {
        const { db, folder, clock, log } = this.#options;
        let first;
        for (const [index, file] of files.entries()) {
            const staged = fetched.get(file);
            if (staged === undefined)
                continue;
            const position = index + 1;
            const place = join(folder, event);
            const path = join(place, `${position}-${toFileName(file.name)}`);
            try {
                mkdirSync(place, { recursive: true, mode: 0o700 });
                renameSync(staged.path, path);
            }
            catch (thrown) {
                // The message matters more than its picture, which can be fetched again.
                log.warn({ event, error: toMessage(thrown) }, "an image could not be kept");
                continue;
            }
            saveFetched(db, { event, position }, { path, bytes: staged.bytes }, clock.now());
            first ??= path;
        }
        if (first !== undefined)
            saveImagePath(db, event, first);
    }
    /** Deletes what no event has taken over. */
    discard(fetched) {
        for (const { path } of fetched.values())
            rmSync(path, { force: true });
    }
    /** Deletes what has no event any more, is too old, or is too much (INFILE-3). Returns how many folders went. */
    async prune() {
        const { db, folder, clock, toBefore } = this.#options;
        const now = clock.now();
        const { lifeMs } = this.#limits;
        const before = toBefore?.(lifeMs) ?? now - lifeMs;
        pruneStaged(folder, now);
        const folders = listFolders(folder).toSorted((a, b) => b.at - a.at);
        let total = 0;
        const gone = folders.filter(({ name, at, bytes }) => {
            if (findEvent(db, name) === undefined || at < before)
                return true;
            total += bytes;
            return total > this.#limits.maxTotalBytes;
        });
        for (const { name } of gone)
            rmSync(join(folder, name), { recursive: true, force: true });
        if (gone.length > 0)
            await db.write(() => {
                for (const { name } of gone)
                    forgetFetched(db, name);
            });
        return gone.length;
    }
    async #download(live, file, maxBytes) {
        const tooLarge = new SluiceError("too_large", `file ${toFileName(file.name)} is larger than ${Math.floor(maxBytes / MIB)} MiB; not fetched`);
        if ((file.bytes ?? 0) > maxBytes)
            throw tooLarge;
        const content = await live.download?.(file.reference, maxBytes);
        if (content === undefined || content.length > maxBytes)
            throw tooLarge;
        return content;
    }
    async #fetch(file, maxBytes) {
        const { db, clock, folder, connection } = this.#options;
        const live = connection(file.channel);
        if (live?.download === undefined)
            throw new SluiceError("send_failed", `channel ${file.channel} is not connected, or has no files; try again later`, { retryable: true });
        const content = await this.#download(live, file, maxBytes);
        const place = join(folder, file.event);
        mkdirSync(place, { recursive: true, mode: 0o700 });
        // Ours comes first, so two files of one name stay two, and no name of theirs can mean another place (INFILE-2).
        const path = join(place, `${file.position}-${toFileName(file.name)}`);
        await writeWhole(path, content);
        await db.write(() => saveFetched(db, file, { path, bytes: content.length }, clock.now()));
        return path;
    }
}
function isImage({ mime, name }) {
    return mime === undefined
        ? /\.(?:png|jpe?g|gif|webp)$/i.test(name)
        : /^image\/(?:png|jpeg|gif|webp)$/.test(mime);
}
/** Whole or not at all: who sees the path can read the file. */
async function writeWhole(path, content) {
    const draft = `${path}.part`;
    const handle = await open(draft, "w", 0o600);
    try {
        await handle.writeFile(content);
    }
    finally {
        await handle.close();
    }
    await rename(draft, path);
}
/** What a death left between fetching and storing. */
function pruneStaged(folder, now) {
    for (const name of existsSync(folder) ? readdirSync(folder) : []) {
        const path = join(folder, name);
        if (name.startsWith(STAGED) && now - statSync(path).mtimeMs > HOUR_MS)
            rmSync(path, { force: true });
    }
}
function listFolders(folder) {
    if (!existsSync(folder))
        return [];
    return readdirSync(folder)
        .filter(isEventId)
        .map((name) => {
        const path = join(folder, name);
        const sizes = readdirSync(path).map((file) => statSync(join(path, file)).size);
        return {
            name,
            at: statSync(path).mtimeMs,
            bytes: sizes.reduce((sum, size) => sum + size, 0),
        };
    });
}
