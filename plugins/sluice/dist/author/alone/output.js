/**
 * Standard output of a server that speaks a protocol on it.
 *
 * Owns: keeping it free of anything else (SERVE-3). Never: writes by itself.
 */
import { Writable } from "node:stream";
/** The protocol's own way out; everybody else's leads to standard error from now on. */
export function claimOutput() {
    claimed ??= claim();
    return claimed;
}
let claimed;
function claim() {
    const { stdout, stderr } = process;
    const write = stdout.write.bind(stdout);
    stdout.write = stderr.write.bind(stderr);
    // Runtimes whose console does not go by `process.stdout`.
    for (const method of ["log", "info", "debug"])
        console[method] = console.error;
    stdout.on("error", (fault) => output.destroy(fault));
    const output = new Writable({
        decodeStrings: false,
        write(chunk, _encoding, done) {
            // A client that does not read holds the writer up, and so the pump (PUMP-1).
            if (write(chunk))
                done();
            else
                stdout.once("drain", () => done());
        },
        highWaterMark: 64 * 1024,
    });
    output.on("error", () => undefined);
    return output;
}
