import { SluiceError } from "../../sdk/errors.js";
import { findScheme } from "../../verify/find-scheme.js";
import { openVerifier } from "../../verify/verifier.js";
import { loadDefinition } from "./catalogue.js";
import { toSecrets } from "./new-secrets.js";
import { toVerifierOptions } from "./open-channel.js";
import { toUrlSecret, toWarning } from "./secret-words.js";
/** The verifier takes no more (verify/key.ts). */
const MAX_KEYS = 4;
/** @throws SluiceError `bad_secret`, and `bad_input` where there is none to change. */
export async function rotate({ config, before, now }, { secret, overlapMs }) {
    const { name, kind, code, allowUnsigned } = config;
    const definition = code === undefined ? await loadDefinition(kind) : undefined;
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
/** The new one first: it is the one that Sluice itself signs with. */
export function toRotated(before, secret, { now, overlapMs }) {
    const until = now + overlapMs;
    const old = before.keys
        .map((key) => ({ ...key, until: Math.min(key.until ?? until, until) }))
        .filter((key) => key.until > now && key.secret.reveal() !== secret.reveal());
    const keys = [{ id: toNextId(before), secret }, ...old].slice(0, MAX_KEYS);
    return { ...before, keys };
}
/** `k2` after `k1`: a name in the log is one secret. */
function toNextId({ keys }) {
    const numbers = keys.map(({ id }) => Number(/^k(\d{1,6})$/.exec(id)?.[1] ?? 0));
    return `k${Math.max(0, ...numbers) + 1}`;
}
