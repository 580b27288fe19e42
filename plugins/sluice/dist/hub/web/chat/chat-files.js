/**
 * Files of the page's chats: kept under names of our own, typed by what is in them.
 *
 * Owns: the folder `chat` in the home. Never: a path that somebody else chose.
 *
 * PAGEFILE-1 The folder is 0700, the files are 0600, their names are our random ids.
 * PAGEFILE-2 The type that a browser gets is read from the bytes: four kinds of image, else bytes to be saved.
 */
import { randomBytes } from "node:crypto";
import { chmodSync, constants, copyFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync, } from "node:fs";
import { join } from "node:path";
import { toFileName } from "../../../flow/intake/file-name.js";
import { ensureInnerFolder } from "../../../local/safe-folder.js";
import { SluiceError } from "../../../sdk/errors.js";
import { addChatFile, findChatFile, forgetUnusedFiles, sumChatFiles, } from "../../../store/page/chats.js";
export const FILE_MAX_BYTES = 25 * 1024 * 1024;
const FILES_MAX_BYTES = 1024 * 1024 * 1024;
/** A file that was attached and never sent. */
const UNUSED_LIFE_MS = 86_400_000;
const PRUNE_BATCH = 500;
const BYTES = "application/octet-stream";
export class ChatFiles {
    #db;
    #clock;
    #folder;
    constructor(db, clock, home) {
        this.#db = db;
        this.#clock = clock;
        this.#folder = join(home.path, "chat");
    }
    /** Keeps bytes from the page. @throws SluiceError `too_large`, `bad_input` for none. */
    async add(name, bytes) {
        if (bytes.byteLength === 0)
            throw new SluiceError("bad_input", "the file is empty");
        this.#check(bytes.byteLength);
        return this.#keep(name, bytes.byteLength, (path) => writeFileSync(path, bytes, { mode: 0o600, flag: "wx" }));
    }
    /** Keeps a copy of what a session sends: what it does to its own file later changes nothing here. */
    async copy({ path, name, bytes }) {
        this.#check(bytes);
        return this.#keep(name, bytes, (target) => {
            copyFileSync(path, target, constants.COPYFILE_EXCL);
            chmodSync(target, 0o600);
        });
    }
    /** @throws SluiceError `not_found`. */
    read(id) {
        // Only an id that stands in the table becomes a path.
        const file = findChatFile(this.#db, id);
        if (file === undefined)
            throw new SluiceError("not_found", `no file ${id.slice(0, 64)}`);
        try {
            return { file, bytes: readFileSync(join(this.#folder, file.id)) };
        }
        catch (cause) {
            throw new SluiceError("not_found", `file ${file.id} is gone from the disk`, { cause });
        }
    }
    /** Removes what no message has any more, and what an earlier death left in the folder. Returns how many files went. */
    async prune() {
        if (!existsSync(this.#folder))
            return 0;
        const db = this.#db;
        const before = this.#clock.now() - UNUSED_LIFE_MS;
        const forgotten = await db.write(() => forgetUnusedFiles(db, before, PRUNE_BATCH));
        const strays = readdirSync(this.#folder).filter((id) => findChatFile(db, id) === undefined && this.#wasKeptBefore(id, before));
        const gone = new Set([...forgotten, ...strays]);
        for (const id of gone)
            rmSync(join(this.#folder, id), { force: true });
        return gone.size;
    }
    #wasKeptBefore(id, before) {
        try {
            return statSync(join(this.#folder, id)).mtimeMs < before;
        }
        catch {
            return false; // Gone meanwhile: nothing to remove.
        }
    }
    #check(bytes) {
        if (bytes > FILE_MAX_BYTES) {
            throw new SluiceError("too_large", `the file has ${bytes} bytes, at most ${FILE_MAX_BYTES} fit`);
        }
        if (sumChatFiles(this.#db) + bytes > FILES_MAX_BYTES) {
            throw new SluiceError("too_large", `files of the chats take ${FILES_MAX_BYTES} bytes; the oldest go with the history (historyDays in config.json)`);
        }
    }
    async #keep(name, bytes, write) {
        ensureInnerFolder(this.#folder);
        const id = randomBytes(12).toString("hex");
        const path = join(this.#folder, id);
        write(path);
        try {
            const mime = toMime(readFileSync(path).subarray(0, 16));
            const file = { id, name: toFileName(name), mime, bytes };
            await this.#db.write(() => addChatFile(this.#db, file, this.#clock.now()));
            return file;
        }
        catch (thrown) {
            rmSync(path, { force: true });
            throw thrown;
        }
    }
}
/** PAGEFILE-2. SVG is not among them: it is a document that may run scripts. */
function toMime(head) {
    const hex = head.toString("hex");
    if (hex.startsWith("89504e470d0a1a0a"))
        return "image/png";
    if (hex.startsWith("ffd8ff"))
        return "image/jpeg";
    if (/^474946383[79]61/.test(hex))
        return "image/gif";
    if (hex.startsWith("52494646") && hex.slice(16, 24) === "57454250")
        return "image/webp";
    return BYTES;
}
