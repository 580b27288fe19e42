/**
 * Whether a file that is to leave looks as if it held secrets: by its name, and by what is in it.
 *
 * Owns: the signs, and how much of a file is looked at. Never: decides whether it leaves (ask-to-send.ts); tells what a secret is.
 *
 * SECRETFILE-1 A sign is a reason to ask a person, never one to send: what is refused by its name (outgoing-file.ts) stays refused.
 * SECRETFILE-2 The first 4 MiB are looked at, and of a longer file that is told. Nobody looks into archives: they have a sign by
 *    being one.
 */
import { setImmediate as pause } from "node:timers/promises";
import { maskAll } from "../prompt/show/mask.js";
import { isSecretPath } from "../prompt/risk/secret-names.js";
export const LOOKED_AT_BYTES = 4 * 1024 ** 2;
const SLICE_CHARS = 64 * 1024;
/** So that a key over the border of two slices is whole in one of them. */
const OVERLAP_CHARS = 4_096;
const MAX_SIGNS = 3;
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const NO_TEXT = /[\u0000-\u0006\u000e-\u001a\u001c-\u001f\ufffd]/;
/** Files of data; in code and pictures a word of the name says nothing. */
const DATA_ENDING = /^(?:json[5lc]?|ya?ml|toml|ini|conf|cfg|config|properties|txt|text|csv|tsv|xml|env|php|inc|plist|db|sqlite3?|sql|dump|har|local|prod\w*|dev\w*|stag\w*|test\w*|example|enc|b64|base64|bin|der|dat|data|docx?|xlsx?|odt|ods|pdf|rtf|bak|backup|bkp|old|orig|save|saved|copy|sw[op]|tmp|\d+)$/;
const SECRET_WORD = /^(?:env|dotenv|tokens?|secrets?|credentials?|creds?|passwords?|passwd|passphrases?|pwd|api_?keys?|keys?|private|privkey|privatekey|[rd]sa|ecdsa|ed25519|keyring|vault|auth|oauth2?|cookies?|htpasswd|shadow|kubeconfig|netrc|npmrc|pgpass|pypirc|wallet|mnemonic|seed|totp|otp|2fa|recovery|keytab|rootkey|logins|lastpass|bitwarden|1password|1pux|1pif|keepass|cookiejar|envrc|s3cfg|dockerconfigjson|passwort|passwörter|contraseñas?|пароли?|密码)$/;
const CODE_ENDING = /\.(?:[cm]?[jt]sx?|d\.ts|py|pyi|rb|go|rs|java|kt|kts|scala|swift|c|h|cc|cpp|hpp|cs|fs|m|mm|php|pl|lua|dart|ex|exs|erl|hs|clj|vue|svelte|html?|css|scss|md|mdx|rst|adoc|tex|svg|map)$/i;
/** In code, names of secrets stand everywhere: only a value that no person made up counts. */
const CODE_VALUE = /(?:secret|token|passw(?:or)?d|passphrase|credential|api_?key|access_?key|private_?key|auth)\w{0,24}(?:\\?["'`])?\]?\s{0,4}(?::\s?\w{1,24}\s?)?[:=]{1,2}>?\s{0,4}\\?["'`]([\w+/=.~!@#%^&*-]{12,512})\\?["'`]/gi;
const SECRET_FIELD = "[\\w.-]{0,48}(?:password|passwd|passphrase|secret|token|credentials?|(?:api|access|private)[_-]?key)";
/** A secret's name and its value in two fields, two elements, or two words: of manifests, XML, shells. A value has a digit. */
const FIELD_VALUES = [
    `\\b(?:name|key)["']?\\s{0,4}[:=]\\s{0,4}["']?${SECRET_FIELD}["']?[\\s,]{1,40}["']?value["']?\\s{0,4}[:=]\\s{0,4}["']?(?=\\D{0,40}\\d)[^\\s"'<>{}$]{6,400}`,
    `<${SECRET_FIELD}>\\s{0,8}(?=\\D{0,40}\\d)[^\\s"'<>{}$]{6,400}\\s{0,8}</`,
    `^[ \\t]{0,8}(?:set\\s{1,4}-\\w{1,4}|setenv|setx|env|arg)[ \\t]{1,4}${SECRET_FIELD}[ \\t]{1,4}["']?(?=\\D{0,40}\\d)[^\\s"'<>{}$=]{6,400}`,
].map((source) => new RegExp(source, "im"));
/** Base64, whole or in lines. */
const ENCODED = /[\w+/-]{20}(?:[\w+/-]|\r?\n[ \t]{0,16}(?=[\w+/-])){20,}={0,2}/g;
const ARCHIVE_ENDING = /\.(?:zip|7z|rar|tar|tgz|tbz2?|txz|tzst|gz|bz2|xz|zst|lz4?|lzma|br|cab|iso|dmg|img|[jwe]ar|apk|aab|ipa|whl|egg|nupkg|gem|crate|deb|rpm|pkg|msi|cpio|a|bundle|sit|arj|ace|z)$/i;
/** First bytes, in hex. */
const ARCHIVE_START = /^(?:504b0[357]0[468]|1f8b|1f9d|1fa0|425a68|fd377a585a00|377abcaf271c|526172211a07|28b52ffd|04224d18|4d534346|303730373[0-9]{2}|2320763[23]20676974|213c617263683e)/;
const DOCUMENT_ENDING = /\.(?:docx|xlsx|pptx|odt|ods|odp|epub)$/i;
/** Documents are zips that begin with a file of this name. */
const DOCUMENT_START = /^.{30}(?:\[Content_Types\]\.xml|mimetype|_rels\/|word\/|xl\/|ppt\/|docProps\/)/s;
/** Stores of keys, and private keys, in their binary forms. */
const KEY_START = /^(?:feedfeed|cececece|03d9a29a|30(?:8[1-4](?:..){1,4}|[0-7].)0201(?:00(?:02|30)|010420|03308))/;
const KEY_BLOCK = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY|---- BEGIN SSH2 ENCRYPTED PRIVATE|PuTTY-User-Key-File-\d|b3BlbnNzaC1rZXktdjE|LS0tLS1CRUdJTi(?:BSU0Eg|BQUklW|BFQyB|BPUEVO|BFTkNS|BEU0Eg)|untrusted comment: [^\n]{0,40}secret key/;
const TEXT_SIGNS = [
    [KEY_BLOCK, "a private key"],
    [
        /^(?:#HttpOnly_)?\S{1,255}\t(?:TRUE|FALSE)\t\S{0,1024}\t(?:TRUE|FALSE)\t\d{1,20}\t/m,
        "a browser's logins or cookies",
    ],
    [
        /\{(?=[^{}]{0,4000}"(?:httpOnly|hostOnly)")[^{}]{0,4000}"value"\s{0,4}:\s{0,4}"[^"]{8}/,
        "a browser's logins or cookies",
    ],
    [/^[^\s:#]{1,255}:(?:\d{4,5}|\*):[^\s:]{1,64}:[^\s:]{1,64}:\S{3,256}$/m, "a login of a database"],
    [
        /^\ufeff?(?:[^\n]{0,400}[,;\t])?"?(?:login_?)?(?:password|passwd|passphrase)"?(?:[,;\t][^\n]*)?\r?\n/i,
        "a column of passwords",
    ],
    [/otpauth(?:-migration)?:\/\//, "the seed of one-time codes"],
    [/^[ \t]{0,8}"?kind"?:\s{0,4}["']?Secret["']?[ \t]{0,8},?\r?$/m, "a secret of Kubernetes"],
    [/"terraform_version"[^{}]{0,400}"lineage"/, "a state of Terraform"],
    [/"type"\s{0,4}:\s{0,4}"(?:service_account|authorized_user)"/, "the account of a service"],
    [
        /\{(?=[^{}]{0,4000}"kty")[^{}]{0,4000}"(?:d|k)"\s{0,4}:\s{0,4}"[\w-]{16}/,
        "a private key (JWK)",
    ],
    [/"auths?"\s{0,4}:\s{0,4}\{[^{}]{0,400}\{[^{}]{0,400}"auth"/, "a login of a registry"],
    [
        /\b(?:client-key-data|private_?key(?:_id)?|PrivateKey|PresharedKey)"?\s{0,4}[:=]\s{0,4}"?[\w+/=-]{16}/i,
        "a private key",
    ],
    [
        /(?:^|[:\s"'=])\$(?:2[abxy]|[156y]|apr1|argon2(?:id?|d)|scrypt|pbkdf2[\w-]{0,16})\$[\w./$,=+-]{16}/,
        "a hash of a password",
    ],
    [
        /CREATE TABLE (?:IF NOT EXISTS )?["'`]?(?:logins|cookies|moz_cookies|moz_logins|nssPrivate)\b/i,
        "a browser's logins or cookies",
    ],
];
/** A line as in a file of settings: a name in capitals, a value of one word. */
const SETTING = /^[^\S\n]{0,64}(?:export[ \t]{1,8}|set[ \t]{1,8}|-[ \t]{1,8})?["']?([A-Z][A-Z0-9_]{2,63})["']?\s{0,4}[=:]\s{0,4}["']?([\w+/=.~!@#%^&*-]{20,512})["']?[^\S\n]{0,64},?[^\S\n]{0,64}$/gm;
/** Values that are long and say nothing secret. */
const OPEN_NAME = /SHA|COMMIT|HASH|DIGEST|CHECKSUM|INTEGRITY|VERSION|BUILD|REVISION|UUID|PUBLIC|URL|PATH|IMAGE/;
/** Why a person should be asked about a file; empty where nothing looks like a secret. `path` is relative to the session's folder. */
export async function findSecretSigns(path, head) {
    const byName = findNameSign(path);
    const archive = isArchive(path, head)
        ? ["it is an archive, and nobody looks into those here"]
        : [];
    const inside = archive.length > 0 ? [] : await findInside(head, CODE_ENDING.test(path));
    return [...(byName === undefined ? [] : [byName]), ...archive, ...inside].slice(0, MAX_SIGNS);
}
function findNameSign(path) {
    const name = path.split("/").at(-1) ?? "";
    if (isSecretPath(path))
        return "its name is that of a file with secrets";
    const [stem = "", ...endings] = name.normalize("NFKC").split(".");
    const words = [stem, ...endings]
        .flatMap((part) => part.replace(/(\p{Ll}|\d)(?=\p{Lu})/gu, "$1 ").split(/[^\p{L}\p{N}]+/u))
        .map((word) => word.toLowerCase());
    const ending = endings.at(-1)?.toLowerCase() ?? "";
    const isData = ending === "" || DATA_ENDING.test(ending) || SECRET_WORD.test(ending) || name.endsWith("~");
    const word = words.find((one) => SECRET_WORD.test(one));
    return isData && word !== undefined ? `"${word}" in its name` : undefined;
}
function isArchive(path, head) {
    const start = head.subarray(0, 16).toString("hex");
    const isTar = head.subarray(257, 262).toString("latin1") === "ustar";
    // A zip is read from its end: before it anything may stand.
    const isZip = head.includes("PK\x03\x04") && head.includes("PK\x05\x06\0\0");
    if (!ARCHIVE_ENDING.test(path) && !ARCHIVE_START.test(start) && !isTar && !isZip)
        return false;
    return !(DOCUMENT_ENDING.test(path) && DOCUMENT_START.test(head.subarray(0, 80).toString("latin1")));
}
async function findInside(head, isCode) {
    const looked = head.subarray(0, LOOKED_AT_BYTES);
    if (KEY_START.test(looked.subarray(0, 24).toString("hex")))
        return ["it is a private key, or a store of keys"];
    const whole = toText(looked);
    const signs = new Set();
    for (let at = 0; at < whole.length && signs.size < MAX_SIGNS; at += SLICE_CHARS) {
        const slice = whole.slice(Math.max(0, at - OVERLAP_CHARS), at + SLICE_CHARS);
        const text = toReadable(slice);
        for (const sign of [...findInText(text, isCode), ...findEncoded(text, isCode)])
            signs.add(`it holds ${sign}`);
        await pause();
    }
    return [...signs];
}
/** Of bytes that are no text, the runs that are, also of letters with zeros between them. */
function toReadable(slice) {
    if (!NO_TEXT.test(slice))
        return slice;
    const narrow = slice.includes("\0") ? [slice, slice.replaceAll("\0", "")] : [slice];
    return narrow.flatMap((text) => text.match(/[\t\n\r\x20-\x7e]{12,}/g) ?? []).join("\n");
}
/** One layer of base64 hides nothing. */
function findEncoded(text, isCode) {
    return [...text.matchAll(ENCODED)].flatMap(([run]) => {
        const bytes = Buffer.from(run.replace(/\s/g, ""), "base64");
        if (KEY_START.test(bytes.subarray(0, 24).toString("hex")))
            return ["a private key"];
        const inner = toText(bytes);
        return NO_TEXT.test(inner) ? [] : findInText(inner, isCode);
    });
}
function findInText(text, isCode) {
    const marked = TEXT_SIGNS.filter(([sign]) => sign.test(text)).map(([, what]) => what);
    const { hidden } = maskAll(text);
    const settings = [...text.matchAll(SETTING)]
        .filter(([, name = "", value = ""]) => !OPEN_NAME.test(name) && isRandom(value))
        .map(([, name]) => `a random value for ${name}`);
    const isNamed = [...text.matchAll(CODE_VALUE)].some(([, value = ""]) => isRandom(value));
    const fields = !isCode && FIELD_VALUES.some((field) => field.test(text));
    return [
        ...marked,
        ...(isCode ? hidden.filter((what) => !what.startsWith("the value of ")) : hidden),
        ...(isNamed ? ["a random value with a secret's name"] : []),
        ...(fields ? ["the value of a secret's name"] : []),
        ...settings,
    ];
}
/** Letters and digits without a pattern: more than 3.5 bits a character, or near the four that a digit of hex can bear. */
function isRandom(value) {
    if (!/\d/.test(value) || !/[A-Za-z]/.test(value) || /^[\d.-]+$/.test(value))
        return false;
    const counts = new Map();
    for (const char of value)
        counts.set(char, (counts.get(char) ?? 0) + 1);
    let bits = 0;
    for (const count of counts.values())
        bits -= (count / value.length) * Math.log2(count / value.length);
    if (/^[\da-f-]+$/i.test(value))
        return bits > 2.7;
    return bits > (value.length < 20 ? 3 : 3.5);
}
function toText(bytes) {
    const order = findWideOrder(bytes);
    if (order === undefined)
        return bytes.toString("utf8");
    const even = bytes.subarray(0, bytes.length - (bytes.length % 2));
    return (order === "little" ? even : Buffer.from(even).swap16()).toString("utf16le");
}
/** UTF-16, by its mark or by the zeros of its letters. */
function findWideOrder(bytes) {
    const [first = 0, second = 0] = bytes;
    if (first === 0xff && second === 0xfe)
        return "little";
    if (first === 0xfe && second === 0xff)
        return "big";
    const sample = bytes.subarray(0, 1_024);
    const zeros = [0, 0];
    for (const [i, byte] of sample.entries())
        if (byte === 0)
            zeros[i % 2] = (zeros[i % 2] ?? 0) + 1;
    const [even = 0, odd = 0] = zeros;
    if (odd > sample.length / 4 && even < odd / 8)
        return "little";
    return even > sample.length / 4 && odd < even / 8 ? "big" : undefined;
}
