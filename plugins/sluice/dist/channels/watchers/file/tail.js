/**
 * New lines of files that grow.
 *
 * Owns: how far each file is read, through rotation and truncation. Never: which lines matter (watch-lines.ts), or changes a file.
 *
 * FILETAIL-1 A file is the same as long as its number on the disk, its first bytes and those before our place are. One that was renamed goes on under its new name;
 *    what stood behind our place in one that is not wanted any more, or was deleted while we had it open, is read to its end.
 * FILETAIL-2 A file that is shorter than our place, or begins otherwise, was written anew: it is read from its start. A copy that was made of
 *    it just before (copytruncate) is read from our place, also where it is not wanted.
 * FILETAIL-3 Only whole lines are taken; the last one of a file that is over counts as whole, and one of 64 KiB.
 * FILETAIL-4 One look reads a limited part, and the next one goes on there. Of a file that grew by more than 16 MiB since, only the last part
 *    is read, and how much was left out is told.
 */
import { createHash } from "node:crypto";
import { open, readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isGoneFault } from "./gone.js";
const READ_BYTES = 1024 ** 2;
const BEHIND_MAX_BYTES = 16 * 1024 ** 2;
const LINE_MAX_BYTES = 64 * 1024;
const HEAD_BYTES = 256;
const NEAR_BYTES = 64;
const LOOKS_LEFT = 3;
const NEWLINE = 0x0a;
export class Tail {
    /** Open, so that one that is renamed or deleted can be read to its end. */
    #open = new Map();
    /** `before`: undefined for the first look ever, which takes every file as read. Sees the same again from the same places. */
    async look(files, before) {
        const known = new Map((before ?? []).map((place) => [toKey(place), place]));
        await this.#closeOthers(known, files);
        const places = [];
        const found = [];
        let hasMore = false;
        const over = [];
        const note = (read) => {
            places.push(read.place);
            hasMore ||= read.hasMore;
            if (read.lines.length > 0 || read.leftOutBytes > 0)
                found.push({ path: read.place.path, lines: read.lines, leftOutBytes: read.leftOutBytes });
        };
        const fresh = [];
        for (const file of files) {
            const place = known.get(toKey(file.stats));
            const handle = await this.#find(file);
            if (handle === undefined)
                continue;
            if (place === undefined) {
                fresh.push(file);
                continue;
            }
            known.delete(toKey(place));
            const isSame = file.stats.size >= place.offset && (await hasPrint(handle, place));
            if (!isSame) {
                over.push(place); // FILETAIL-2
                const lines = await this.#readCopy(place, files);
                if (lines.length > 0)
                    found.push({ path: file.path, lines, leftOutBytes: 0 });
            }
            note(await read(handle, {
                ...place,
                path: file.path,
                looksLeft: undefined,
                ...(isSame ? {} : START),
            }));
        }
        for (const place of known.values()) {
            const rest = await this.#readRest(place);
            over.push(place);
            if (rest === undefined)
                continue;
            const { looksLeft = LOOKS_LEFT } = place;
            note({ ...rest, place: { ...rest.place, looksLeft: looksLeft - 1 } });
            if (looksLeft <= 0 && !rest.hasMore)
                places.pop();
        }
        for (const file of fresh) {
            const handle = await this.#find(file);
            if (handle === undefined)
                continue;
            const { dev, ino, size } = file.stats;
            const from = before === undefined ? size : await findCopied(handle, over);
            const start = { path: file.path, dev, ino, ...START, offset: from };
            note(before === undefined
                ? { place: await withPrint(handle, start), lines: [], leftOutBytes: 0, hasMore: false }
                : await read(handle, start));
        }
        return { places, found, hasMore };
    }
    async close() {
        const handles = [...this.#open.values()];
        this.#open.clear();
        await Promise.all(handles.map((handle) => handle.close()));
    }
    /** FILETAIL-1: what is left of one that is not there under a name that is wanted. Undefined where it is nowhere. */
    async #readRest(place) {
        const handle = this.#open.get(toKey(place)) ?? (await this.#findRenamed(place));
        if (handle === undefined || !(await hasPrint(handle, place)))
            return undefined;
        const { size } = await handle.stat();
        return size < place.offset ? undefined : read(handle, place);
    }
    /** FILETAIL-2: what a copy has behind our place that stands beside it, under a name that is not wanted. */
    async #readCopy(place, files) {
        const wanted = new Set(files.map(({ stats }) => toKey(stats)));
        for (const file of await listSiblings(place.path)) {
            if (wanted.has(toKey(file.stats)) || file.stats.size < place.offset)
                continue;
            const handle = await open(file.path, "r");
            try {
                if (!(await hasPrint(handle, place)))
                    continue;
                const lines = [];
                let next = {
                    place: { ...place, looksLeft: 0 },
                    lines,
                    leftOutBytes: 0,
                    hasMore: true,
                };
                while (next.hasMore) {
                    next = await read(handle, next.place);
                    lines.push(...next.lines);
                }
                return lines;
            }
            finally {
                await handle.close();
            }
        }
        return [];
    }
    /** After a restart no handle of it is open: rotation leaves it in its folder. */
    async #findRenamed(place) {
        const file = (await listSiblings(place.path)).find(({ stats }) => toKey(stats) === toKey(place));
        return file === undefined ? undefined : this.#find(file);
    }
    /** Undefined where it went, or became another, since it was found. */
    async #find({ path, stats }) {
        const key = toKey(stats);
        const known = this.#open.get(key);
        if (known !== undefined)
            return known;
        let handle;
        try {
            handle = await open(path, "r");
        }
        catch (thrown) {
            if (isGoneFault(thrown))
                return undefined;
            throw thrown;
        }
        if (toKey(await handle.stat()) !== key) {
            await handle.close();
            return undefined;
        }
        this.#open.set(key, handle);
        return handle;
    }
    async #closeOthers(known, files) {
        const wanted = new Set([...known.keys(), ...files.map(({ stats }) => toKey(stats))]);
        for (const [key, handle] of this.#open) {
            if (wanted.has(key))
                continue;
            this.#open.delete(key);
            await handle.close();
        }
    }
}
const START = { offset: 0, print: "" };
/** Files of the same folder whose names begin with its own, as rotation names them; the newest first. */
async function listSiblings(path) {
    const folder = dirname(path);
    const stem = basename(path).replace(/\.[^.]*$/, "");
    try {
        const names = (await readdir(folder)).filter((name) => name.startsWith(stem));
        const found = await Promise.all(names.map(async (name) => {
            const inner = join(folder, name);
            const stats = await stat(inner).catch(() => undefined);
            return stats?.isFile() === true ? [{ path: inner, stats }] : [];
        }));
        return found.flat().toSorted((a, b) => b.stats.ctimeMs - a.stats.ctimeMs);
    }
    catch (thrown) {
        if (isGoneFault(thrown))
            return [];
        throw thrown;
    }
}
function toKey({ dev, ino }) {
    return `${dev}:${ino}`;
}
/** From its place on, in whole lines. */
async function read(handle, place) {
    const isOver = place.looksLeft === 0;
    const { size } = await handle.stat();
    const behind = size - place.offset;
    const leftOutBytes = behind > BEHIND_MAX_BYTES ? behind - READ_BYTES : 0;
    const from = place.offset + leftOutBytes;
    const bytes = await readAt(handle, from, Math.min(READ_BYTES, size - from));
    const isAll = from + bytes.length >= size;
    // A part of a line stands before the first one that was not left out.
    const begin = leftOutBytes > 0 ? bytes.indexOf(NEWLINE) + 1 : 0;
    const lastEnd = bytes.lastIndexOf(NEWLINE) + 1;
    const isForced = (isAll && isOver) || bytes.length - lastEnd >= LINE_MAX_BYTES;
    const end = isForced ? bytes.length : Math.max(begin, lastEnd);
    const text = bytes.subarray(begin, end).toString("utf8");
    const lines = text
        .split("\n")
        .map((line) => line.replace(/\r$/, ""))
        .filter((line) => line !== "");
    const next = { ...place, offset: from + end };
    return {
        place: await withPrint(handle, next),
        lines,
        leftOutBytes,
        // A part of a line alone is waited for.
        hasMore: !isAll && end > 0,
    };
}
async function withPrint(handle, place) {
    return { ...place, print: await readPrint(handle, place.offset) };
}
async function hasPrint(handle, { print, offset }) {
    return offset === 0 || (await readPrint(handle, offset)) === print;
}
/** FILETAIL-2: where a copy of one that was just written anew is to be read from; 0 where it is none. */
async function findCopied(handle, over) {
    const { size } = await handle.stat();
    for (const place of over)
        if (place.offset > 0 && size >= place.offset && (await hasPrint(handle, place)))
            return place.offset;
    return 0;
}
async function readPrint(handle, offset) {
    const head = await readAt(handle, 0, Math.min(HEAD_BYTES, offset));
    const from = Math.max(0, offset - NEAR_BYTES);
    const near = await readAt(handle, from, offset - from);
    return createHash("sha256").update(head).update(near).digest("base64url").slice(0, 16);
}
async function readAt(handle, from, length) {
    const bytes = Buffer.alloc(Math.max(0, length));
    let filled = 0;
    while (filled < bytes.length) {
        const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, from + filled);
        if (bytesRead === 0)
            break;
        filled += bytesRead;
    }
    return bytes.subarray(0, filled);
}
