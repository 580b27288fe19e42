/**
 * Lines out of a stream of bytes.
 *
 * Owns: the longest line. Never: reads what a line says.
 */
const NEWLINE = 10;
export class Lines {
    #maxBytes;
    #parts = [];
    #bytes = 0;
    constructor(maxBytes) {
        this.#maxBytes = maxBytes;
    }
    /** The lines that end in `chunk`. @throws RangeError for a longer one than there may be. */
    push(chunk) {
        const lines = [];
        let rest = chunk;
        for (let end = rest.indexOf(NEWLINE); end !== -1; end = rest.indexOf(NEWLINE)) {
            this.#add(rest.subarray(0, end));
            lines.push(this.#parts.length === 1 && this.#parts[0] ? this.#parts[0] : this.#join());
            this.#parts = [];
            this.#bytes = 0;
            rest = rest.subarray(end + 1);
        }
        if (rest.length > 0)
            this.#add(rest);
        return lines;
    }
    #add(part) {
        this.#bytes += part.length;
        if (this.#bytes > this.#maxBytes)
            throw new RangeError(`a line is longer than ${this.#maxBytes} bytes`);
        this.#parts.push(part);
    }
    #join() {
        return Buffer.concat(this.#parts);
    }
}
