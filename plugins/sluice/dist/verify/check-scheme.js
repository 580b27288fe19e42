/**
 * What the types of a row cannot forbid.
 *
 * Owns: refusing such a row when a verifier is opened for it. Never: knows a sender.
 */
import { SluiceError } from "../sdk/errors.js";
import { parseTemplate } from "./template.js";
/** Nothing is replayed for longer; AWS sends one message again for an hour. */
const MAX_WINDOW_MS = 2 * 3_600_000;
/** The row's template, where it has one. @throws SluiceError `bad_config`. */
export function checkScheme(row) {
    const { title, timestamp, key } = row;
    const refuse = (what) => {
        throw new SluiceError("bad_config", `${title}: ${what}`);
    };
    for (const { header } of listHeaderPlaces(row))
        if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(header))
            refuse(`"${header}" is no header in lower case`);
    if (timestamp !== "none" && !(timestamp.windowMs > 0 && timestamp.windowMs <= MAX_WINDOW_MS))
        refuse(`a window of ${timestamp.windowMs} ms is none, or too wide`);
    if (!(key.minBytes >= 1))
        refuse("a secret needs a least length");
    if (!isTemplated(row))
        return undefined;
    const template = parseTemplate(row.signed);
    const hasTime = timestamp !== "none" && "place" in timestamp;
    if (template.has.has("timestamp") !== hasTime)
        refuse("its time must be signed, and a signed time be read from a header");
    if (template.has.has("id") && row.deliveryId === "none")
        refuse("its signed id is read nowhere");
    if (template.has.has("id") && !hasTime)
        refuse("a signed id counts with a signed time alone");
    return template;
}
const UNTEMPLATED = new Set([
    "nothing",
    "jws",
    "sns",
    "{url}{sorted-form}",
]);
/** Whether what it signs is a template of fields and the raw body. */
export function isTemplated(row) {
    return !UNTEMPLATED.has(row.signed);
}
/** All places of a row that are headers. */
export function listHeaderPlaces({ proof, timestamp }) {
    const places = "header" in proof ? [proof] : [];
    return timestamp !== "none" && "place" in timestamp ? [...places, timestamp.place] : places;
}
