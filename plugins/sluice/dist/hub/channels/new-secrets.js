/**
 * The secrets of a channel that is being added.
 *
 * Owns: whether one is given or made, and its form. Never: stores it, or tries it.
 */
import { randomBytes } from "node:crypto";
import { SluiceError } from "../../sdk/errors.js";
import { Secret } from "../../sdk/secret.js";
import { makeSecret } from "../../verify/key.js";
const TOKEN_BYTES = 32;
/** What the platform gave the user; some channels need none. */
export function toPlatformSecret({ secret }) {
    const keys = secret === undefined ? [] : [{ id: "k1", secret: new Secret(secret) }];
    return { secrets: { keys }, generated: undefined };
}
/** The secrets of a new channel: the given one, or one of 256 random bits that is shown once. */
export function toSecrets(request, row, { title, secretPrompt }) {
    const listen = request.twoWay ? { listen: new Secret(newToken()) } : {};
    if (request.allowUnsigned)
        return { secrets: { keys: [], ...listen }, generated: undefined };
    if (request.secret !== undefined) {
        return {
            secrets: { keys: [{ id: "k1", secret: new Secret(request.secret) }], ...listen },
            generated: undefined,
        };
    }
    if (secretPrompt !== undefined)
        throw new SluiceError("bad_secret", `${title} makes the secret: give its ${secretPrompt} with --secret-env or --secret-stdin`);
    const generated = makeSecret(row);
    if (generated === undefined) {
        const what = row.algorithm === "sns" ? "topic (its ARN)" : `public key (${row.key.prefix}...)`;
        throw new SluiceError("bad_secret", `${row.title} needs the sender's ${what}; give it with --secret-env or --secret-stdin`);
    }
    return { secrets: { keys: [{ id: "k1", secret: generated }], ...listen }, generated };
}
/** The secrets with those that were given by name. */
export function withNamed(made, { secrets: named = {} }) {
    return Object.keys(named).length === 0 ? made : { ...made, secrets: { ...made.secrets, named } };
}
function newToken() {
    return randomBytes(TOKEN_BYTES).toString("base64url");
}
