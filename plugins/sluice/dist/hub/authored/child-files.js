/**
 * Files on their way between the hub and a channel's process, which may open none itself: in pieces, over its pipe.
 *
 * Owns: which files it may ask for now, and what it has brought of one. Never: the pipe.
 *
 * CHILDFILE-1 A process reads the files of the messages that it is sending, while it sends them, and no others.
 * CHILDFILE-2 Of a file that it brings no more is kept than was asked for: what goes beyond ends the process.
 * CHILDFILE-3 Messages that wait for their files hold up none of these files.
 */
import { open } from "node:fs/promises";
import { PIECE_BYTES } from "../../author/child/wire.js";
import { SluiceError } from "../../sdk/errors.js";
export class ChildFiles {
    /** How many calls under way have a file of this path. */
    #allowed = new Map();
    #brought = new Map();
    /** Is a file on its way here? What brings it must be read, whatever else waits. */
    get isFetching() {
        return this.#brought.size > 0;
    }
    /** A call has begun. Call the result once it has ended. */
    begin(id, call) {
        if (call.op === "act" && call.act === "download" && "maxBytes" in call.input)
            this.#brought.set(id, { parts: [], bytes: 0, maxBytes: call.input.maxBytes });
        const paths = call.op === "reply" ? (call.message.files ?? []).map(({ path }) => path) : [];
        for (const path of paths)
            this.#allowed.set(path, (this.#allowed.get(path) ?? 0) + 1);
        return () => {
            this.#brought.delete(id);
            for (const path of paths) {
                const left = (this.#allowed.get(path) ?? 1) - 1;
                if (left === 0)
                    this.#allowed.delete(path);
                else
                    this.#allowed.set(path, left);
            }
        };
    }
    /** How many bytes of the pipe were asked for. @throws RangeError (CHILDFILE-2). */
    add(id, data) {
        const brought = this.#brought.get(id);
        // Its asker waits no more.
        if (brought === undefined)
            return 0;
        const part = Buffer.from(data, "base64");
        brought.bytes += part.length;
        if (brought.bytes > brought.maxBytes)
            throw new RangeError(`a file has more than the ${brought.maxBytes} bytes asked for`);
        brought.parts.push(part);
        return data.length;
    }
    /** All that a call has brought. @throws SluiceError `channel_failed` where pieces are missing. */
    take(id, value) {
        const brought = this.#brought.get(id);
        if (brought === undefined)
            return value;
        const said = typeof value === "object" && value !== null ? Reflect.get(value, "bytes") : undefined;
        if (said === brought.bytes)
            return Buffer.concat(brought.parts);
        throw new SluiceError("channel_failed", `${brought.bytes} of ${String(said)} bytes came`, {
            retryable: true,
        });
    }
    /** CHILDFILE-1. In base64; empty at its end. @throws SluiceError `not_found`, or what reading threw. */
    async read(path, from) {
        if (!this.#allowed.has(path))
            throw new SluiceError("not_found", "no message that it sends now has such a file");
        let file;
        try {
            file = await open(path);
            const piece = Buffer.alloc(PIECE_BYTES);
            const { bytesRead } = await file.read(piece, 0, PIECE_BYTES, from);
            return piece.subarray(0, bytesRead).toString("base64");
        }
        finally {
            await file?.close();
        }
    }
}
