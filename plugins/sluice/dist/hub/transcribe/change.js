/**
 * The owner changes what listens to the voice notes of a channel.
 *
 * Owns: that key and setting change together. Never: listens.
 */
import { TRANSCRIBE_SECRET } from "../../api/wire/transcribe-wire.js";
import { SluiceError } from "../../sdk/errors.js";
import { readSecrets, writeSecrets } from "../channels/secrets.js";
import { checkTranscribe } from "./check.js";
/** @throws SluiceError `not_found`, `bad_input`, `bad_config`: then nothing is changed. */
export async function changeTranscribe({ home }, channels, name, { transcribe, secret }) {
    const entry = channels.list().find(({ config }) => config.name === name);
    if (entry === undefined)
        throw new SluiceError("not_found", `no channel "${name}"; "sluice channels" lists them`);
    const { kind, code } = entry.config;
    const isChat = entry.isConnected && code === undefined;
    const given = secret === undefined ? {} : { [TRANSCRIBE_SECRET]: secret };
    checkTranscribe({ kind, isChat }, transcribe ?? undefined, given);
    const before = readSecrets(home, name);
    const { [TRANSCRIBE_SECRET]: kept, ...others } = before?.named ?? {};
    const isEndpoint = transcribe !== null && "url" in transcribe;
    const isSame = isEndpoint &&
        entry.config.transcribe !== undefined &&
        "url" in entry.config.transcribe &&
        new URL(entry.config.transcribe.url).origin === new URL(transcribe.url).origin;
    // A key goes to no other host than the one that it was given for.
    const key = secret ?? (isSame ? kept : undefined);
    const named = key === undefined ? others : { ...others, [TRANSCRIBE_SECRET]: key };
    const isChanged = key !== kept;
    if (isChanged)
        writeSecrets(home, name, { keys: [], ...before, named });
    try {
        await channels.keep(name, { transcribe: transcribe ?? undefined });
    }
    catch (thrown) {
        if (isChanged && before !== undefined)
            writeSecrets(home, name, before);
        throw thrown;
    }
}
