/**
 * Finds the row for the name that a user typed: a sender's own, one of the table, or the user's own HMAC.
 *
 * Owns: refusing an unknown scheme, and a place that a row does not leave open. Never: guesses.
 */
import { SluiceError } from "../sdk/errors.js";
import { FREE_HMAC, parseFreeHmac } from "./free-hmac.js";
import { isSchemeName, SCHEMES } from "./schemes.js";
/** Headers that clients and proxies set themselves can carry no secret. */
const TAKEN = /^(?:host|connection|cookie|date|te|upgrade|expect|content-.*|transfer-encoding)$/;
/** The row, with the user's place in place of the default. @throws SluiceError `bad_config`. */
export function findScheme({ scheme: name, own, header, hmac }) {
    if (name === FREE_HMAC)
        return parseFreeHmac(hmac ?? "");
    const row = own !== undefined && Object.hasOwn(own, name) ? own[name] : toTableRow(name, own);
    if (row === undefined)
        throw new TypeError("an own property of rows is a row");
    if (header === undefined)
        return row;
    if ("query" in row.proof)
        return { ...row, proof: { query: parseName(row, header) } };
    if (!("header" in row.proof) || !row.proof.configurable) {
        const place = "header" in row.proof ? row.proof.header : "the path";
        throw new SluiceError("bad_config", `${row.title}: the header is fixed (${place}); leave out "${header}"`);
    }
    const lower = header.toLowerCase();
    if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(lower) || TAKEN.test(lower)) {
        throw new SluiceError("bad_config", `${row.title}: "${header}" cannot be a token header; use a name like X-Sentry-Token`);
    }
    return { ...row, proof: { ...row.proof, header: lower } };
}
function toTableRow(name, own = {}) {
    if (isSchemeName(name))
        return SCHEMES[name];
    const names = [...Object.keys(own), ...Object.keys(SCHEMES), FREE_HMAC].join(", ");
    throw new SluiceError("bad_config", `unknown signature scheme "${name}"; use one of ${names}`);
}
function parseName({ title }, name) {
    if (/^[A-Za-z0-9._-]{1,64}$/.test(name))
        return name;
    throw new SluiceError("bad_config", `${title}: "${name}" cannot be a query parameter; use letters, digits, ".", "_" and "-"`);
}
