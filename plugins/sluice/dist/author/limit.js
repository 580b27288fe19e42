/**
 * Calls into an author's code: each has a time limit, and each fault says which function it was.
 *
 * Owns: that. Never: stops code that does not yield: that needs a process of its own.
 */
import { isSluiceError, SluiceError, toMessage } from "../sdk/errors.js";
/** What was begun may still be done. */
class TooLate extends Error {
    name = "TooLate";
}
export function isTooLate(thrown) {
    return thrown instanceof Error && thrown.cause instanceof TooLate;
}
/**
 * What `call` brings within `ms`.
 * @throws SluiceError `channel_failed` when it throws or takes longer; a SluiceError of its own as it is.
 */
export async function callAuthor(what, ms, call, late) {
    let timer;
    let isLate = false;
    const work = (async () => call())();
    const limit = new Promise((_, reject) => {
        timer = setTimeout(() => {
            isLate = true;
            const text = `${what} took longer than ${ms} ms`;
            reject(new SluiceError("channel_failed", text, { retryable: true, cause: new TooLate(text) }));
        }, ms);
    });
    // What it brings after that is given back, or its fault is told by nobody: the limit has spoken.
    work.then((value) => void (isLate && late?.(value)), () => undefined);
    try {
        return await Promise.race([work, limit]);
    }
    catch (thrown) {
        if (isSluiceError(thrown))
            throw thrown;
        throw toAuthorFault(what, thrown);
    }
    finally {
        clearTimeout(timer);
    }
}
export function toAuthorFault(what, thrown) {
    const said = toMessage(thrown).replaceAll(/\s+/g, " ").slice(0, 400);
    return new SluiceError("channel_failed", `${what} failed: ${said}`, {
        cause: thrown,
        retryable: true,
    });
}
