import { TRANSCRIBE_SECRET } from "../../api/wire/transcribe-wire.js";
import { SluiceError } from "../../sdk/errors.js";
import { Secret } from "../../sdk/secret.js";
import { findScheme } from "../../verify/find-scheme.js";
import { openVerifier } from "../../verify/verifier.js";
import { loadDefinition } from "./catalogue.js";
import { checkNamed, toNamedSecrets } from "./check-platform.js";
import { toSecrets } from "./new-secrets.js";
import { toVerifierOptions } from "./open-channel.js";
import { toUrlSecret, toWarning } from "./secret-words.js";
/** The verifier takes no more (verify/key.ts). */
const MAX_KEYS = 4;
/** @throws SluiceError `bad_secret`, and `bad_input` where there is none to change. */
export async function rotate({ config, before, now }, { secret, secrets: named, overlapMs }) {
    if (named !== undefined)
        return rotateNamed({ config, before }, { secret, named });
    const { name, kind, code, allowUnsigned } = config;
    const definition = code === undefined ? await loadDefinition(kind, config.settings) : undefined;
    const hasOwnConnection = definition?.open !== undefined && definition.receive === undefined;
    if (hasOwnConnection && (definition.secretPrompt !== undefined || before.keys.length > 0))
        return rotateShown({ config, before, definition }, secret);
    if (definition?.receive === undefined || allowUnsigned === true)
        throw new SluiceError("bad_input", code === undefined
            ? `${name} has no secret by which a sender proves itself, so there is none to change`
            : `${name} is your own code and names its secrets itself; "sluice reload ${name}" asks for them`);
    const row = findScheme({ ...config, own: definition.ownSchemes });
    const made = toSecrets({ secret, twoWay: false, allowUnsigned: false }, row, definition);
    const [key] = made.secrets.keys;
    if (key === undefined)
        throw new TypeError("a channel that receives has a key");
    const secrets = toRotated(before, key.secret, { now, overlapMs });
    openVerifier(toVerifierOptions(config, secrets, definition));
    const warning = toWarning(row, key.secret);
    const view = {
        name,
        ...(made.generated === undefined ? {} : { token: made.generated.reveal() }),
        ...(secrets.keys.length > 1 ? { overlapUntil: now + overlapMs } : {}),
        ...(warning === undefined ? {} : { warning }),
    };
    return { secrets, view, urlSecret: toUrlSecret(row, key.secret) };
}
/** What Sluice shows to a platform to get in: the new one is tried there, and takes the place of the earlier one, which gets nobody in any more. */
async function rotateShown({ config: { name, settings }, before, definition, }, given) {
    if (given === undefined)
        throw new SluiceError("bad_secret", `${name} shows its secret to ${definition.title}, which makes it: give the new one with --secret-stdin or --secret-env`);
    const secret = new Secret(given);
    await definition.check?.(secret, settings ?? {}, toNamedSecrets(before.named ?? {}));
    const secrets = { ...before, keys: [{ id: toNextId(before), secret }] };
    return { secrets, view: { name, replaced: true }, urlSecret: "" };
}
/** What Sluice itself shows to a platform: the platform says whether it is good, and the earlier one is not used any more. */
async function rotateNamed({ config, before }, { secret, named }) {
    const { name, kind, code, settings } = config;
    if (secret !== undefined)
        throw new SluiceError("bad_input", "change one secret at a time: the first, or those by name");
    if (code !== undefined)
        throw new SluiceError("bad_input", `${name} is your own code and names its secrets itself; "sluice reload ${name}" asks for them`);
    const definition = await loadDefinition(kind, settings);
    const secrets = { ...before, named: { ...before.named, ...named } };
    const { [TRANSCRIBE_SECRET]: key, ...others } = secrets.named;
    // Kept beside the platform's, and none of them.
    const own = before.named?.[TRANSCRIBE_SECRET] === key ? others : secrets.named;
    checkNamed(definition, own);
    const first = before.keys[0]?.secret ?? new Secret("");
    await definition.check?.(first, settings ?? {}, toNamedSecrets(own));
    return { secrets, view: { name }, urlSecret: "" };
}
/** The new one first: it is the one that Sluice itself signs with. */
export function toRotated(before, secret, { now, overlapMs }) {
    const until = now + overlapMs;
    const old = before.keys
        .map((key) => ({ ...key, until: Math.min(key.until ?? until, until) }))
        .filter((key) => key.until > now && key.secret.reveal() !== secret.reveal());
    const keys = [{ id: toNextId(before), secret }, ...old];
    if (keys.length > MAX_KEYS)
        // Which of them the sender still uses, only its owner knows: none is ended before its time.
        throw new SluiceError("conflict", `${MAX_KEYS} secrets count already, the earliest until ${new Date(Math.min(...old.map(({ until }) => until))).toISOString()}; wait for that, or end the earlier ones with --overlap 0`);
    return { ...before, keys };
}
/** `k2` after `k1`: a name in the log is one secret. */
function toNextId({ keys }) {
    const numbers = keys.map(({ id }) => Number(/^k(\d{1,6})$/.exec(id)?.[1] ?? 0));
    return `k${Math.max(0, ...numbers) + 1}`;
}
