/**
 * What in a payload could be used by whoever reads it: credentials, and links that work once.
 *
 * Owns: finding and replacing them. Never: what else is left out of a payload, or where one is kept (store/events/payloads.ts).
 *
 * PAYLOAD-1 No value under a credential's name, of a credential's form, or of a link that carries one in its query is kept.
 */
import { cut } from "../sdk/field.js";
import { toObject } from "../sdk/json.js";
const CREDENTIAL_NAME = /(?:^|[_-])(?:token|secret|secrets|password|passwd|passphrase|pwd|credentials?|authorization|auth|pass_?code|api[_-]?key|apikey|private[_-]?key|access[_-]?key|signing[_-]?key|client[_-]?secret|cookie|session[_-]?id)$/i;
/** Addresses that answer, confirm or undo something for whoever has them, and codes that prove one. */
const SINGLE_USE_NAME = /(?:^|[_-])(?:response_?url|trigger_?id|(?:un)?subscribe_?url|unsubscribe|validation_?(?:url|code)|callback_?url|verification_?(?:token|code)|upload_?url|signed_?url|invite_?url|reset_?url|challenge|plain_?token|encrypted_?token|otp)$/i;
/** Camel case of the same. */
const CREDENTIAL_CAMEL = /[a-z](?:Token|Secret|Password|Credentials?|ApiKey|PrivateKey|AccessKey)$/;
const CREDENTIAL_FORM = new RegExp([
    "gh[a-z]_[A-Za-z0-9]{16,}",
    "github_pat_\\w{16,}",
    "glpat-[\\w-]{16,}",
    "xox[a-z]-[\\w-]{10,}",
    "xapp-[\\w-]{10,}",
    "sk-[\\w-]{16,}",
    "[sr]k_(?:live|test)_\\w{10,}",
    "whsec_[\\w+/=]{16,}",
    "(?<=hooks\\.slack\\.com/)services/[\\w/]{10,}",
    "(?<=discord(?:app)?\\.com/api/webhooks/\\d{5,25}/)[\\w-]{10,}",
    "npm_[A-Za-z0-9]{30,}",
    "(?:AKIA|ASIA)[A-Z0-9]{16}",
    "AIza[\\w-]{30,}",
    "(?<![\\w-])eyJ[\\w-]{8,}\\.[\\w-]{8,}\\.[\\w-]*",
    "[Bb]earer\\s+[\\w.~+/=-]{8,}",
    "-----BEGIN [A-Z ]*PRIVATE KEY-----[\\s\\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)",
    "[0-9]{8,10}:[A-Za-z0-9_-]{35}",
].join("|"), "g");
/** In a text: `PGPASSWORD=abc123de`, `api_key: "9f8e7d6c"`. A value without a digit is a word: "token: refactor the parser". */
const NAMED_CREDENTIAL = /(?<![\w-])([\w-]{0,40}(?:token|secret|password|passwd|pwd|api[_-]?key|access[_-]?key|private[_-]?key)["']?\s?[=:]\s?["']?)(?=[^\s"',;&<>]{0,200}\d)[^\s"',;&<>]{8,}/gi;
const BASIC_CREDENTIAL = /((?:authorization["']?\s?[:=]\s?["']?(?:basic|digest|token)\s{1,4})|(?:\s-u\s{1,4}[^\s:]{1,100}:))[^\s"']+/gi;
/** `postgres://app:password@db`; addresses of the web are looked at whole. */
const URL_CREDENTIAL = /\b((?!https?:)[a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/?#@:"'<>]{0,100}:[^\s/?#@"'<>]{1,200}@/gi;
/** A name in a query by whose value the link opens something. */
const QUERY_CREDENTIAL = /token|secret|password|pwd|unsubscribe|signature|credential|api_?key|ticket|nonce|^(?:sig|sv|zak|key|code|auth|otp|x-amz-.*|x-goog-.*)$/i;
/** Of one string: beyond that nobody reads on, and looking through it would keep the hub waiting. */
const MAX_STRING_CHARS = 32 * 1024;
const MAX_ENTRIES = 1_000;
export const REDACTED = "[redacted]";
/** The same text with every credential in it replaced, cut where nobody would read on. */
export function redactText(text) {
    return redactValue(text, "");
}
/** Whether a link opens something by what its query or its user part holds. */
export function hasCredential(link) {
    return redactLink(link) !== link;
}
/** Indentation multiplies deep JSON by its depth, up to more than a string can hold: a longer payload stays compact. */
const MAX_INDENTED_CHARS = 256 * 1024;
/** A payload as text, for `details`, without what could be used. */
export function writePayload(payload) {
    const safe = redact(payload);
    const compact = JSON.stringify(safe) ?? "";
    const text = compact.length > MAX_INDENTED_CHARS ? compact : JSON.stringify(safe, null, 1);
    return text.toWellFormed();
}
/** The same value with every credential replaced (PAYLOAD-1). */
export function redact(value, name = "") {
    if (typeof value === "string")
        return redactValue(value, name);
    if (typeof value === "number")
        return isCredentialName(name) ? REDACTED : value;
    if (typeof value !== "object" || value === null)
        return value;
    if (Array.isArray(value)) {
        const rest = value.length - MAX_ENTRIES;
        const shown = value.slice(0, MAX_ENTRIES).map((one) => redact(one, name));
        return rest > 0 ? [...shown, `(${rest} more entries)`] : shown;
    }
    const whole = toObject(value);
    // A list of `{ name, value }` is an object in other words.
    const named = [whole["name"], whole["key"]].find((one) => typeof one === "string") ?? name;
    return Object.fromEntries(Object.entries(whole).map(([key, one]) => [
        redactValue(key, ""),
        redact(one, key === "value" ? String(named) : key),
    ]));
}
const MAX_DEPTH = 64;
/** The same value without these keys, however deep they stand. */
export function withoutKeys(value, names) {
    if (names === undefined)
        return value;
    const known = new Set(names);
    // Of most there is nothing to take out.
    if (!hasKey(value, known, 0))
        return value;
    const strip = (one, depth) => {
        if (typeof one !== "object" || one === null)
            return one;
        if (depth > MAX_DEPTH)
            return undefined;
        if (Array.isArray(one))
            return one.map((entry) => strip(entry, depth + 1));
        const kept = Object.entries(one).filter(([key]) => !known.has(key));
        return Object.fromEntries(kept.map(([key, entry]) => [key, strip(entry, depth + 1)]));
    };
    // The same shape, with less in it.
    return strip(value, 0);
}
function hasKey(value, names, depth) {
    if (typeof value !== "object" || value === null)
        return false;
    if (depth > MAX_DEPTH)
        return true;
    if (Array.isArray(value))
        return value.some((one) => hasKey(one, names, depth + 1));
    for (const key of Object.keys(value))
        // Own keys, as they are listed.
        if (names.has(key) || hasKey(value[key], names, depth + 1))
            return true;
    return false;
}
function redactValue(text, name) {
    if (text !== "" && isCredentialName(name))
        return REDACTED;
    const head = cut(text, MAX_STRING_CHARS);
    const rest = text.length - head.length;
    return `${redactHead(head)}${rest === 0 ? "" : ` … (${rest} more characters)`}`;
}
/** Most texts: too short in each of their words for a credential, and no link. */
const MAYBE = /[\w-]{11}|earer\s|-----|:\/\/|\0|(?:token|secret|password|passwd|pwd|key)["']?\s?[=:]|\s-u\s/i;
function redactHead(text) {
    if (!MAYBE.test(text))
        return text;
    return text
        .replaceAll("\0", "")
        .replace(CREDENTIAL_FORM, REDACTED)
        .replace(NAMED_CREDENTIAL, `$1${REDACTED}`)
        .replace(BASIC_CREDENTIAL, `$1${REDACTED}`)
        .replace(URL_CREDENTIAL, `$1${REDACTED}@`)
        .replace(/https?:\/\/[^\s"'<>()]+/gi, redactLink);
}
function redactLink(link) {
    const plain = link.replace(/^(https?:\/\/)[^/?#@]*@/i, `$1${REDACTED}@`);
    const at = plain.search(/[?#]/);
    if (at === -1)
        return plain;
    const names = plain
        .slice(at + 1)
        .split(/[?&#;]/)
        .flatMap((pair) => /^([^=]{1,100})=./.exec(pair)?.[1] ?? []);
    return names.some((name) => QUERY_CREDENTIAL.test(name))
        ? `${plain.slice(0, at)}?${REDACTED}`
        : plain;
}
/** Keys come again and again; a stranger's are forgotten with all others. */
const known = new Map();
const MAX_KNOWN = 5_000;
/** Whether a name is that of a credential. */
export function isCredentialName(name) {
    const before = known.get(name);
    if (before !== undefined)
        return before;
    const is = CREDENTIAL_NAME.test(name) || CREDENTIAL_CAMEL.test(name) || SINGLE_USE_NAME.test(name);
    if (known.size >= MAX_KNOWN)
        known.clear();
    if (name.length <= 100)
        known.set(name, is);
    return is;
}
