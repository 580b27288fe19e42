/**
 * A payload as it is kept for `details`.
 *
 * Owns: what is left out of it, and what in it could be used by whoever reads it: credentials and links that work once. Never: where it is
 * kept (store/events/payloads.ts), or a line that a note shows.
 *
 * PAYLOAD-1 No value under a credential's name, of a credential's form, or of a link that carries one in its query is kept.
 */
import { cut } from "../../sdk/field.js";
import { toObject } from "../../sdk/json.js";
const CREDENTIAL_NAME = /(?:^|[_-])(?:token|secret|secrets|password|passwd|passphrase|pwd|credentials?|authorization|auth|api[_-]?key|apikey|private[_-]?key|access[_-]?key|signing[_-]?key|client[_-]?secret|cookie|session[_-]?id)$/i;
/** Camel case of the same. */
const CREDENTIAL_CAMEL = /[a-z](?:Token|Secret|Password|Credentials?|ApiKey|PrivateKey|AccessKey)$/;
const CREDENTIAL_FORM = new RegExp([
    "gh[a-z]_[A-Za-z0-9]{16,}",
    "github_pat_\\w{16,}",
    "glpat-[\\w-]{16,}",
    "xox[a-z]-[\\w-]{10,}",
    "xapp-[\\w-]{10,}",
    "sk-[\\w-]{16,}",
    "npm_[A-Za-z0-9]{30,}",
    "(?:AKIA|ASIA)[A-Z0-9]{16}",
    "AIza[\\w-]{30,}",
    "(?<![\\w-])eyJ[\\w-]{8,}\\.[\\w-]{8,}\\.[\\w-]*",
    "[Bb]earer\\s+[\\w.~+/=-]{8,}",
    "-----BEGIN [A-Z ]*PRIVATE KEY-----[\\s\\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)",
    "[0-9]{8,10}:[A-Za-z0-9_-]{35}",
].join("|"), "g");
/** A name in a query by whose value the link opens something. */
const QUERY_CREDENTIAL = /token|secret|password|signature|credential|api_?key|ticket|nonce|^(?:sig|sv|key|code|auth|otp|x-amz-.*|x-goog-.*)$/i;
/** Of one string: beyond that nobody reads on, and looking through it would keep the hub waiting. */
const MAX_STRING_CHARS = 32 * 1024;
const MAX_ENTRIES = 1_000;
const REDACTED = "[redacted]";
/** What every payload repeats and nobody reads. */
const DULL = /^(?:node_id|avatar_url|gravatar_id|temp_clone_token|_links)$|(?<!^html)_url$|^url$/;
const DULL_URL = /^https?:\/\/[^/]+\/(?:api\/v3\/)?(?:repos|users|orgs|teams|organizations|projects|enterprises)\/|\{/;
/** Indentation multiplies deep JSON by its depth, up to more than a string can hold: a longer payload stays compact. */
const MAX_INDENTED_CHARS = 256 * 1024;
/** As much of who and where as a reader needs. */
const AROUND = {
    sender: ["login", "id", "type", "html_url"],
    repository: [
        "id",
        "full_name",
        "private",
        "html_url",
        "description",
        "default_branch",
        "archived",
    ],
    organization: ["login", "id", "description"],
    enterprise: ["slug", "name", "id", "html_url"],
    installation: ["id", "account", "app_slug"],
};
/** The payload without what is dull or could be used, as text. */
export function toKeptPayload(payload) {
    const kept = Object.entries(payload).map(([key, value]) => {
        const fields = Object.hasOwn(AROUND, key) ? AROUND[key] : undefined;
        if (fields === undefined || typeof value !== "object" || value === null)
            return [key, value];
        const whole = toObject(value);
        return [key, Object.fromEntries(fields.flatMap((f) => (f in whole ? [[f, whole[f]]] : [])))];
    });
    const short = shorten(redact(Object.fromEntries(kept)));
    const compact = JSON.stringify(short);
    const text = compact.length > MAX_INDENTED_CHARS ? compact : JSON.stringify(short, null, 1);
    return text.toWellFormed();
}
/** The same value with every credential replaced (PAYLOAD-1). */
export function redact(value, name = "") {
    if (typeof value === "string")
        return redactText(value, name);
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
        redactText(key, ""),
        redact(one, key === "value" ? String(named) : key),
    ]));
}
function redactText(text, name) {
    if (text !== "" && isCredentialName(name))
        return REDACTED;
    const head = cut(text, MAX_STRING_CHARS);
    const rest = text.length - head.length;
    return `${redactHead(head)}${rest === 0 ? "" : ` … (${rest} more characters)`}`;
}
function redactHead(text) {
    return text
        .replaceAll("\0", "")
        .replace(CREDENTIAL_FORM, REDACTED)
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
function isCredentialName(name) {
    return CREDENTIAL_NAME.test(name) || CREDENTIAL_CAMEL.test(name);
}
function shorten(value) {
    if (Array.isArray(value))
        return value.map(shorten);
    if (typeof value !== "object" || value === null)
        return value;
    return Object.fromEntries(Object.entries(value)
        .filter(([key, one]) => !(DULL.test(key) && (key === "node_id" || isDull(one))))
        .map(([key, one]) => [key, shorten(one)]));
}
function isDull(value) {
    return (typeof value !== "string" || value === "" || DULL_URL.test(value) || /avatars?\./.test(value));
}
