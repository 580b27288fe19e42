/**
 * A file of lines that begins anew when it is full: `hub.1.log`, `hub.2.log`, the newest five kept.
 *
 * Owns: those files. Never: throws once it is open, or waits: a line that cannot be written now stays in memory, as far as there is room,
 * and goes before the next one.
 */
import { chmodSync, closeSync, fstatSync, openSync, readdirSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
const NAME = /^hub\.(\d{1,15})\.log$/;
/** For nobody else: lines may name what a stranger sent. */
const MODE = 0o600;
export class RollingFile {
    #options;
    #number;
    #file;
    #bytes = 0;
    #waiting = [];
    #waitingBytes = 0;
    /** Goes on in the newest file there is. @throws the system's error where none can be opened. */
    constructor(options) {
        this.#options = options;
        const numbers = this.#list();
        this.#number = numbers.at(-1) ?? 1;
        this.#open();
        for (const number of numbers)
            chmodSync(this.#toPath(number), MODE);
    }
    write(line) {
        const bytes = Buffer.from(line);
        if (this.#waitingBytes + bytes.length > this.#options.maxWaitingBytes)
            return;
        this.#waiting.push(bytes);
        this.#waitingBytes += bytes.length;
        this.#flush();
    }
    /** What waits is tried once more. Lines that come later go nowhere. */
    close() {
        this.#flush();
        if (this.#file !== undefined)
            closeSync(this.#file);
        this.#file = undefined;
    }
    #flush() {
        for (let [first] = this.#waiting; first !== undefined; [first] = this.#waiting) {
            if (this.#file === undefined)
                return;
            let written;
            try {
                if (this.#bytes > 0 && this.#bytes + first.length > this.#options.maxBytes)
                    this.#roll();
                written = writeSync(this.#file, first);
            }
            catch {
                // A full disk, a folder that is gone. Nothing can be logged about a log that cannot be written; the next line tries again.
                return;
            }
            this.#bytes += written;
            this.#waitingBytes -= written;
            if (written === first.length)
                this.#waiting.shift();
            else
                this.#waiting[0] = first.subarray(written);
        }
    }
    #roll() {
        const full = this.#file;
        this.#number++;
        try {
            this.#open();
        }
        catch (thrown) {
            this.#number--;
            throw thrown;
        }
        if (full !== undefined)
            closeSync(full);
        for (const number of this.#list().slice(0, -this.#options.kept))
            rmSync(this.#toPath(number), { force: true });
    }
    #open() {
        const file = openSync(this.#toPath(this.#number), "a", MODE);
        this.#file = file;
        this.#bytes = fstatSync(file).size;
    }
    /** From the oldest to the newest. */
    #list() {
        const numbers = readdirSync(this.#options.folder).map((name) => Number(NAME.exec(name)?.[1]));
        return numbers.filter((one) => !Number.isNaN(one)).toSorted((a, b) => a - b);
    }
    #toPath(number) {
        return join(this.#options.folder, `hub.${number}.log`);
    }
}
