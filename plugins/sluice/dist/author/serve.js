/**
 * `serve(channel)`: the same file, run alone.
 *
 * Owns: starting the server and ending the process. The server itself is loaded only where it runs.
 */
import { isSluiceError, toMessage } from "../sdk/errors.js";
/** Set by whoever loads a channel's file to run it otherwise: then `serve` in it does nothing. */
const HOSTED = Symbol.for("sluice.hosted");
/** EX_CONFIG of sysexits.h. */
const BAD_SETUP = 78;
/**
 * Runs a channel as one stdio MCP server, with an inbox of its own in the folder `alone` of the home. Ends the process when the client has
 * left. Does nothing where the hub has loaded the file.
 */
export async function serve(channel, options = {}) {
    if (Reflect.get(globalThis, HOSTED) === true)
        return;
    await runServer(channel, options);
}
/** For whoever loaded the file. */
export async function runServer(channel, options) {
    try {
        const { serveChannel } = await import("./alone/serve.js");
        await serveChannel(channel, options);
        process.exit(0);
    }
    catch (thrown) {
        const isSetup = isSluiceError(thrown);
        const stack = thrown instanceof Error ? thrown.stack : undefined;
        process.stderr.write(`sluice: ${isSetup ? toMessage(thrown) : (stack ?? toMessage(thrown))}\n`);
        process.exit(isSetup ? BAD_SETUP : 1);
    }
}
/** From now on `serve` in a loaded file does nothing. */
export function markHosted() {
    Reflect.set(globalThis, HOSTED, true);
}
