/**
 * Secrets in what people are shown, masked.
 *
 * Owns: which shapes and which places count as secrets. Never: keeps or logs what it masked.
 *
 * MASK-1 A key of a form that its issuer uses is masked wherever it stands; any value is masked where its name says that it is secret.
 * MASK-2 Commands, paths, variables, git hashes, UUIDs and ULIDs stay: a person who cannot read a call cannot judge it.
 * MASK-3 Linear time: every repetition is bounded, or cannot begin twice at one place.
 */
import { CREDENTIAL_PLACES, SECRET_SHAPES } from "./secret-shapes.js";
export const MASK = "[masked]";
const KEY_BEGIN = /-----BEGIN ([A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?)-----/g;
const KEY_MAX_CHARS = 20_000;
/** Between two lines of a key: an end of a line, also where it is written as \n, and what joins texts in code. */
const BETWEEN = /(?:\s|\\[nr]|["',]|\s\+\s)+/;
const KEY_HEADER = /^(?:Proc-Type|DEK-Info|Version|Comment):/;
/** What a shell would run, or where it begins a command: never hidden (MASK-2). */
const SUBSTITUTION = /\$\(|`|\$\{|[<>]\(/;
const OPERATOR = /\$\(|`|\$\{|[;&|<>\n]/;
/** Something in the text reads other words of it as a command: then quotes end nothing. */
const RUNS_TEXT = /\b(?:eval|trap|alias|watch|parallel|su|ssh|(?:ba|da|z|k|fi)?sh)\b|\s-[A-Za-z]*c\s/;
/** Words that make the value beside them a secret, at the end of a name: DB_PASSWORD, clientSecret, x-api-key. */
const SECRET_NAME = "(?:password|passwd|passphrase|pwd|pass|secret|token|credential|credentials|api[_-]?key|(?:secret|access|auth|private|signing|encryption|master|account|shared|session|service|storage|webhook|app|admin|deploy|license|hmac|jwt|aes)[_-]?(?:access[_-]?)?key|auth|bearer|connection[_-]?string|otp|webhook[_-]?url|sig|signature|sas)";
/** Such a name, then = or :, then a value: in quotes, or bare. */
const ASSIGNMENT = new RegExp(`(?<![A-Za-z])([A-Za-z0-9_.-]{0,48}?)(${SECRET_NAME})((?:_[A-Z0-9]{1,12})?\\d{0,2})(\\\\?["']?\\s{0,4}(?:=>|:=|[=:])\\s{0,4})(\\\\"[^"\\\\\\n]{1,4000}(?:\\\\")?|"(?:[^"\\\\\\n]|\\\\.){1,4000}"?|'(?! )[^'\\n]{1,4000}'?|[^\\s"'\`,;&|<>(){}[\\]]{1,4000})`, "gi");
const OPTION = new RegExp(`(?<![\\w-])(--?[A-Za-z0-9-]{0,40}?${SECRET_NAME})(\\s{1,4})("[^"\\n]{1,4000}"?|'[^'\\n]{1,4000}'?|[^\\s"'\`;&|<>()-][^\\s"'\`;&|<>()]{0,4000})`, "gi");
/** Words that stand in place of a secret: types, nothing, the reader's own to fill in. */
const NO_SECRET = /^(?:true|false|null|nil|none|undefined|string|str|number|boolean|any|unknown|void|bytes|text|varchar|required|optional|yes|no|on|off|changeme|redacted|masked|\[masked\]|x{3,}|\*{3,}|\.{3,}|your[\w-]*|example|placeholder|stdin|prompt|ask|env|basic|digest|bearer|-+)$/i;
const VARIABLE = /^(?:[$%@]|\\\$|<|\{\{|process\.env|os\.environ|env[.[(]|import\.meta|secrets?\.|(?:id|src|type|env|name)=)/;
const PATH = /^(?:~|\.{1,2})?(?:\/[\w.@+-]{0,64}){1,32}$|^[\w.-]{1,64}\.(?:ts|js|json|ya?ml|py|go|rs|txt|pem|key|md|toml|env|sh)$/;
/** Pure. What it masked reads [masked]. */
export function maskSecrets(text) {
    return maskAll(text).text;
}
/** Pure. The same, and what was hidden. */
export function maskAll(text) {
    const hidden = [];
    const note = (what, masked, before) => {
        if (masked !== before)
            hidden.push(what);
        return masked;
    };
    let masked = maskKeys(text, () => hidden.push("a private key"));
    const commands = RUNS_TEXT.test(text) ? OPERATOR : SUBSTITUTION;
    const hide = (value) => hideValue(value, commands);
    for (const { shape, keep } of SECRET_SHAPES)
        masked = masked.replace(shape, () => {
            hidden.push("a key of a known shape");
            return keep === undefined ? MASK : `${keep}${MASK}`;
        });
    for (const { place, where } of CREDENTIAL_PLACES) {
        if (where !== undefined && !where.test(masked))
            continue;
        masked = masked.replace(place, (all, before, value) => isSecret(unquote(value))
            ? note("a value where a password stands", all.replace(before + value, () => before + hide(value)), all)
            : all);
    }
    masked = masked
        .replace(OPTION, (all, name, gap, value) => isSecret(unquote(value))
        ? note(`the value of ${name}`, `${name}${gap}${hide(value)}`, all)
        : all)
        .replace(ASSIGNMENT, (...found) => {
        const [all = "", before = "", name = "", after = ""] = found;
        return note(`the value of ${before}${name}${after}`, maskAssignment(found, hide), all);
    });
    return { text: masked, hidden };
}
function maskAssignment([all = "", before = "", name = "", after = "", sign = "", value = ""], hide) {
    const plain = unquote(value);
    if (!isSecret(plain))
        return all;
    const isQuoted = /^\\?["']/.test(value);
    const isConstant = /^[A-Z0-9_]+$/.test(before + name + after);
    // `auth` and the like are names of modules far more often than of secrets.
    if (/^(?:auth|pass|sig|signature|otp|sas)$/i.test(name) && !isRandom(plain))
        return all;
    if (!isQuoted && !isConstant) {
        // password=password, token: args.token, key=make(…): code that moves a secret holds none.
        if (/^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)+$/.test(plain) ||
            new RegExp(SECRET_NAME, "i").test(plain))
            return all;
        // `token: Token`, `password: the one of the database`: words.
        if (/:\s/.test(sign) && !/[\d\W_]/.test(plain) && plain.length < 16)
            return all;
        if (/\s=|=\s/.test(sign) && /^[A-Za-z_]\w*$/.test(plain) && !/\d/.test(plain))
            return all;
    }
    return `${before}${name}${after}${sign}${hide(value)}`;
}
/** Whether a value could be one: no variable, path, number or word that stands for one. */
function isSecret(value) {
    return (value.length >= 3 &&
        !NO_SECRET.test(value) &&
        !VARIABLE.test(value) &&
        !PATH.test(value) &&
        !/^\d{1,5}$/.test(value) &&
        !value.includes(MASK));
}
/** Long, with letters and digits: no word of a language. */
function isRandom(value) {
    return value.length >= 12 && /\d/.test(value) && /[A-Za-z]/.test(value) && !/\s/.test(value);
}
/** Private keys, from BEGIN to END. Words that are no lines of a key could be a command: then nothing of it is hidden. */
function maskKeys(text, found) {
    let masked = "";
    let at = 0;
    KEY_BEGIN.lastIndex = 0;
    for (let begin = KEY_BEGIN.exec(text); begin !== null; begin = KEY_BEGIN.exec(text)) {
        const from = begin.index + begin[0].length;
        const end = `-----END ${begin[1] ?? ""}-----`;
        const length = text.slice(from, from + KEY_MAX_CHARS).indexOf(end);
        if (length === -1 || !isKeyBody(text.slice(from, from + length)))
            continue;
        found();
        masked += `${text.slice(at, from)}${MASK}`;
        at = from + length + end.length;
        KEY_BEGIN.lastIndex = at;
    }
    return masked + text.slice(at);
}
/** Lines of one length, the last one may be shorter: together whole base64, and no word of a language. */
function isKeyBody(body) {
    const parts = body.split(/\n|\\n/).filter((line) => !KEY_HEADER.test(line.trim()));
    const lines = parts.flatMap((part) => part.split(BETWEEN)).filter((line) => !/^\+?$/.test(line));
    const [first = "", last = ""] = [lines[0], lines.at(-1)];
    return (first.length >= 16 &&
        lines.every((line) => /^[A-Za-z0-9+/]+={0,2}$/.test(line)) &&
        lines.slice(0, -1).every((line) => line.length === first.length && !line.endsWith("=")) &&
        last.length <= first.length &&
        !/^[a-z]+$/.test(last) &&
        lines.join("").length % 4 === 0);
}
function unquote(value) {
    return value.replace(/^\\?["']/, "").replace(/\\?["']$/, "");
}
/** A value, up to where a command begins in it (MASK-2). */
function hideValue(value, commands) {
    const open = /^\\?["']/.exec(value)?.[0] ?? "";
    const at = value.slice(open.length).search(open === "" ? OPERATOR : commands);
    if (at >= 0)
        return `${open}${at === 0 ? "" : MASK}${value.slice(open.length + at)}`;
    const close = open !== "" && value.length > open.length && value.endsWith(open) ? open : "";
    return `${open}${MASK}${close}`;
}
