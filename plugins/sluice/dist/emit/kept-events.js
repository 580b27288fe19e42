/**
 * Events that were not sent yet, on disk: one file each.
 *
 * Owns: the folder, its bounds, and the order. Never: sends one.
 *
 * EMITKEEP-1 A file is there before `emit` returns, and goes once its event was taken: what a crash leaves is sent by the next process that
 *    uses the folder. The id goes along, so what is sent twice is one event.
 * EMITKEEP-2 So many files and no more: of a storm the first are kept, and how many were not is told with the next one.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseObject } from "../sdk/json.js";
export class KeptEvents {
    #folder;
    #max;
    #names;
    #sequence = 0;
    /** @throws a fault of the file system. */
    constructor(folder, max) {
        this.#folder = folder;
        this.#max = max;
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        this.#names = list(folder);
    }
    get size() {
        return this.#names.length;
    }
    /** False where there are too many. @throws a fault of the file system. */
    add(event) {
        if (this.#names.length >= this.#max)
            return false;
        // By time, and in one process by order.
        const order = `${String(event.at).padStart(15, "0")}-${process.pid}-${String(this.#sequence++).padStart(9, "0")}`;
        const name = `${order}.json`;
        const path = join(this.#folder, name);
        writeFileSync(`${path}.tmp`, JSON.stringify(event), { mode: 0o600 });
        renameSync(`${path}.tmp`, path);
        this.#names.push(name);
        return true;
    }
    /** The oldest; undefined where there is none. Another process may have sent it meanwhile. */
    first() {
        for (let name = this.#names[0]; name !== undefined; name = this.#names[0]) {
            const event = this.#read(name);
            if (event !== undefined)
                return { name, event };
            this.#names.shift();
        }
        return undefined;
    }
    /** It was taken, or never will be. @throws a fault of the file system. */
    remove(name) {
        this.#names = this.#names.filter((one) => one !== name);
        rmSync(join(this.#folder, name), { force: true });
    }
    #read(name) {
        try {
            const kept = parseObject(readFileSync(join(this.#folder, name), "utf8"));
            // Written by `add`, by this version or another: without these three there is nothing to send.
            const isEvent = typeof kept?.["id"] === "string" &&
                typeof kept["text"] === "string" &&
                typeof kept["name"] === "string";
            return isEvent ? kept : undefined;
        }
        catch {
            // Sent by another process, or not ours to read.
            return undefined;
        }
    }
}
function list(folder) {
    return readdirSync(folder)
        .filter((name) => name.endsWith(".json"))
        .toSorted();
}
