/**
 * What the faults of the two mail libraries mean, in our words.
 *
 * Owns: that translation. Never: holds a password: of a server's words one line is kept, with the password taken out.
 */
import { toNameField } from "../../sdk/field.js";
import { textAt } from "../../sdk/json.js";
import { isSluiceError, SluiceError } from "../../sdk/errors.js";
const MAX_WORDS = 200;
/** A password will not help, or not now. https://www.rfc-editor.org/rfc/rfc5530 */
const PASSING = new Set(["UNAVAILABLE", "LIMIT", "INUSE", "SERVERBUG", "OVERQUOTA", "THROTTLED"]);
/** A fault of the IMAP side. @returns `unauthorized` where the login was refused; else a retryable `send_failed`. */
export function toMailboxFault(thrown, server) {
    if (isSluiceError(thrown))
        return thrown;
    const place = `${server.host}:${server.port}`;
    const words = toWords(textAt(thrown, "responseText") ?? textAt(thrown, "response"), server);
    const isRefused = thrown instanceof Error && "authenticationFailed" in thrown;
    const code = (textAt(thrown, "serverResponseCode") ?? "").toUpperCase();
    if (isRefused && !PASSING.has(code) && !/temporar|too many|try again/i.test(words))
        return new SluiceError("unauthorized", `email: ${place} refused the login of ${server.user}${toTail(words)}; add the channel again with the right password (many providers want an app password)`);
    return new SluiceError("send_failed", `email: ${place}: ${toCause(thrown, server)}${toTail(words)}`, {
        retryable: true,
    });
}
/** What broke, by its code where it has one. */
export function toCause(thrown, server) {
    const code = textAt(thrown, "code") ?? "";
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    if (/certificate|self.signed|CERT_/i.test(`${code} ${text}`))
        return `its certificate is not trusted (${toWords(text, server)}); NODE_EXTRA_CA_CERTS names one of your own`;
    return toWords(code === "" ? text : `${code}: ${text}`, server);
}
/** One line of a server's words. */
export function toWords(text, { password }) {
    if (text === undefined)
        return "";
    const clean = password === "" ? text : text.replaceAll(password, "***");
    return toNameField(clean.replace(/\s+/g, " "), MAX_WORDS);
}
function toTail(words) {
    return words === "" ? "" : ` ("${words}")`;
}
