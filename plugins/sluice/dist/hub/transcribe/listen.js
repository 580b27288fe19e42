/**
 * Makes text of one voice note, by the owner's command or endpoint.
 *
 * Owns: the limits of that. Never: tries again, or stores anything.
 *
 * LISTEN-1 No shell reads the command: it is a program and its arguments, and the file's path is the last of them.
 * LISTEN-2 It ends at its time limit with all that it started, and of its text a limited part is read. What it writes to stderr is not
 *    kept: it may hold words of the note.
 */
import { basename } from "node:path";
import { runCommand } from "../../channels/watchers/command/run.js";
import { SluiceError } from "../../sdk/errors.js";
import { toNameField } from "../../sdk/field.js";
import { askEndpoint } from "./endpoint.js";
/** @throws SluiceError `send_failed`, `too_large`, `unauthorized`, with words that hold nothing of the note. */
export async function listen(path, options) {
    const { by, key, cwd, timeoutMs, signal } = options;
    const text = "url" in by
        ? await askEndpoint(path, { url: by.url, key, timeoutMs, signal })
        : await runOn(path, by.command, { cwd, timeoutMs, signal });
    if (text.trim() !== "")
        return text;
    throw new SluiceError("send_failed", "no words were heard in it");
}
async function runOn(path, command, limits) {
    const name = toProgramName(command);
    const argv = [...command, path];
    const ran = await runCommand({ argv, ...limits, isOutputOnly: true }).catch((cause) => {
        // Its fault names the whole path of the program.
        throw new SluiceError("send_failed", `${name} could not be run`, { cause });
    });
    const { isOk, status, output, leftOut } = ran;
    if (leftOut > 0)
        throw new SluiceError("too_large", `${name} printed too much for a transcript`);
    if (!isOk)
        throw new SluiceError("send_failed", `${name} failed (${status}); run it by hand on such a file`);
    return output;
}
export function toProgramName([program = ""]) {
    return toNameField(basename(program), 64);
}
/** What listens, for its owner to see: never an argument or a path, which may hold a secret. */
export function toListener(by) {
    return "url" in by ? new URL(by.url).host : toProgramName(by.command);
}
