/**
 * What is refused as a listener to voice notes.
 *
 * Owns: these refusals and their words. Never: changes anything.
 */
import { isAbsolute } from "node:path";
import { TRANSCRIBE_SECRET } from "../../api/wire/transcribe-wire.js";
import { findProgram, isProgram } from "../../local/find-program.js";
import { SluiceError } from "../../sdk/errors.js";
/** @throws SluiceError `bad_input` for a kind by which no voice note comes, and for a program that is not there. */
export function checkTranscribe({ kind, isChat }, transcribe, secrets = {}) {
    const hasKey = Object.hasOwn(secrets, TRANSCRIBE_SECRET);
    if (hasKey && (transcribe === undefined || !("url" in transcribe)))
        throw toNoKeyFault();
    if (transcribe === undefined)
        return;
    if (!isChat)
        throw new SluiceError("bad_input", `voice notes come by chats, and ${kind} is none`);
    if ("command" in transcribe)
        requireProgram(transcribe.command[0] ?? "", process.env);
}
function requireProgram(program, env) {
    const isThere = isAbsolute(program)
        ? isProgram(program)
        : !program.includes("/") && findProgram(program, env) !== undefined;
    if (isThere)
        return;
    throw new SluiceError("bad_input", `there is no program ${program} for the hub to start; name it by its whole path`);
}
function toNoKeyFault() {
    return new SluiceError("bad_input", `--secret-env ${TRANSCRIBE_SECRET}=... is the key of an endpoint; give its address with it`);
}
