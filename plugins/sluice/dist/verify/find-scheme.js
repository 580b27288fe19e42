/**
 * Finds the row of the table for the name that a user typed.
 *
 * Owns: refusing an unknown scheme, and a header that a row does not leave open. Never: guesses.
 */
import { SluiceError } from "../sdk/errors.js";
import { isSchemeName, SCHEMES } from "./schemes.js";
/** Headers that clients and proxies set themselves can carry no secret. */
const TAKEN = /^(?:host|connection|cookie|date|te|upgrade|expect|content-.*|transfer-encoding)$/;
/** The row, with the user's header in place of the default. @throws SluiceError `bad_config`. */
export function findScheme(name, header) {
    if (!isSchemeName(name)) {
        throw new SluiceError("bad_config", `unknown signature scheme "${name}"; use one of ${Object.keys(SCHEMES).join(", ")}`);
    }
    const row = SCHEMES[name];
    if (header === undefined)
        return row;
    if (!row.proof.configurable) {
        throw new SluiceError("bad_config", `${row.title}: the header is fixed (${row.proof.header}); leave out "${header}"`);
    }
    const lower = header.toLowerCase();
    if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(lower) || TAKEN.test(lower)) {
        throw new SluiceError("bad_config", `${row.title}: "${header}" cannot be a token header; use a name like X-Sentry-Token`);
    }
    return { ...row, proof: { ...row.proof, header: lower } };
}
