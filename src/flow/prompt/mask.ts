/**
 * Secrets in what people are shown, masked.
 *
 * Owns: which shapes and which places count as secrets. Never: keeps or logs what it masked.
 *
 * M1 A shape that an issuer gives its keys is masked wherever it stands; a value is masked where its name says that it is secret.
 * M2 Commands, paths, variables, git hashes, UUIDs and ULIDs stay: who cannot read a call cannot judge it.
 * M3 Linear time: every repetition is bounded, or cannot begin twice at one place.
 */
import { CREDENTIAL_PLACES, SECRET_SHAPES } from "./secret-shapes.ts";

const MASK = "[masked]";
const KEY_BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
const KEY_END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
/** What is left of a key that was cut: its lines, also where a newline is written as \n. */
const KEY_LINES = /(?:(?:\s|\\[nr])*[A-Za-z0-9+/=]{16,})*/y;

/** Words that make the value beside them a secret, at the end of a name: DB_PASSWORD, clientSecret, x-api-key. */
const SECRET_NAME =
  "(?:password|passwd|passphrase|pwd|pass|secret|token|credential|credentials|api[_-]?key|(?:secret|access|auth|private|signing|encryption|master|account|shared|session|service|storage|webhook|app|admin|deploy|license|hmac|jwt|aes)[_-]?(?:access[_-]?)?key|auth|bearer|connection[_-]?string|otp|webhook[_-]?url|sig|signature|sas)";
/** Such a name, then = or :, then a value: in quotes, or bare. */
const ASSIGNMENT = new RegExp(
  `(?<![A-Za-z])([A-Za-z0-9_.-]{0,48}?)(${SECRET_NAME})((?:_[A-Z0-9]{1,12})?\\d{0,2})(\\\\?["']?\\s{0,4}(?:=>|:=|[=:])\\s{0,4})(\\\\"[^"\\\\\\n]{1,4000}(?:\\\\")?|"(?:[^"\\\\\\n]|\\\\.){1,4000}"?|'(?! )[^'\\n]{1,4000}'?|[^\\s"'\`,;&|<>(){}[\\]]{1,4000})`,
  "gi",
);
const OPTION = new RegExp(
  `(?<![\\w-])(--?[A-Za-z0-9-]{0,40}?${SECRET_NAME})(\\s{1,4})("[^"\\n]{1,4000}"?|'[^'\\n]{1,4000}'?|[^\\s"'\`;&|<>()-][^\\s"'\`;&|<>()]{0,4000})`,
  "gi",
);
/** Words that stand in place of a secret: types, nothing, the reader's own to fill in. */
const NO_SECRET =
  /^(?:true|false|null|nil|none|undefined|string|str|number|boolean|any|unknown|void|bytes|text|varchar|required|optional|yes|no|on|off|changeme|redacted|masked|\[masked\]|x{3,}|\*{3,}|\.{3,}|your[\w-]*|example|placeholder|stdin|prompt|ask|env|basic|digest|bearer|-+)$/i;
const VARIABLE =
  /^(?:[$%@]|\\\$|<|\{\{|process\.env|os\.environ|env[.[(]|import\.meta|secrets?\.|(?:id|src|type|env|name)=)/;
const PATH =
  /^(?:~|\.{1,2})?(?:\/[\w.@+-]{0,64}){1,32}$|^[\w.-]{1,64}\.(?:ts|js|json|ya?ml|py|go|rs|txt|pem|key|md|toml|env|sh)$/;

/** Pure. What it masked reads [masked]. */
export function maskSecrets(text: string): string {
  let masked = maskKeys(text);
  for (const { shape, keep } of SECRET_SHAPES)
    masked = masked.replace(shape, keep === undefined ? MASK : `${keep}${MASK}`);
  for (const { place, where } of CREDENTIAL_PLACES) {
    if (where !== undefined && !where.test(masked)) continue;
    masked = masked.replace(place, (all, before: string, value: string) =>
      isSecret(unquote(value)) ? all.replace(before + value, () => before + hide(value)) : all,
    );
  }
  return masked
    .replace(OPTION, (all, name: string, gap: string, value: string) =>
      isSecret(unquote(value)) ? `${name}${gap}${hide(value)}` : all,
    )
    .replace(ASSIGNMENT, (...found: string[]) => maskAssignment(found));
}

function maskAssignment([
  all = "",
  before = "",
  name = "",
  after = "",
  sign = "",
  value = "",
]: string[]): string {
  const plain = unquote(value);
  if (!isSecret(plain)) return all;
  const isQuoted = /^\\?["']/.test(value);
  const isConstant = /^[A-Z0-9_]+$/.test(before + name + after);
  // `auth` and the like are names of modules far more often than of secrets.
  if (/^(?:auth|pass|sig|signature|otp|sas)$/i.test(name) && !isRandom(plain)) return all;
  if (!isQuoted && !isConstant) {
    // password=password, token: args.token, key=make(…): code that moves a secret holds none.
    if (
      /^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)+$/.test(plain) ||
      new RegExp(SECRET_NAME, "i").test(plain)
    )
      return all;
    // `token: Token`, `password: the one of the database`: words.
    if (/:\s/.test(sign) && !/[\d\W_]/.test(plain) && plain.length < 16) return all;
    if (/\s=|=\s/.test(sign) && /^[A-Za-z_]\w*$/.test(plain) && !/\d/.test(plain)) return all;
  }
  return `${before}${name}${after}${sign}${hide(value)}`;
}

/** Whether a value could be one: no variable, path, number or word that stands for one. */
function isSecret(value: string): boolean {
  return (
    value.length >= 3 &&
    !NO_SECRET.test(value) &&
    !VARIABLE.test(value) &&
    !PATH.test(value) &&
    !/^\d{1,5}$/.test(value) &&
    !value.includes(MASK)
  );
}

/** Long, with letters and digits: no word of a language. */
function isRandom(value: string): boolean {
  return value.length >= 12 && /\d/.test(value) && /[A-Za-z]/.test(value) && !/\s/.test(value);
}

/** Private keys whole; where the end is missing, as far as their lines go. */
function maskKeys(text: string): string {
  KEY_BEGIN.lastIndex = 0;
  let masked = "";
  let end = 0;
  // Once no end is found, none is looked for again: the search stays linear.
  let hasEnd = true;
  for (let begin = KEY_BEGIN.exec(text); begin !== null; begin = KEY_BEGIN.exec(text)) {
    const body = begin.index + begin[0].length;
    KEY_END.lastIndex = body;
    const close: RegExpExecArray | null = hasEnd ? KEY_END.exec(text) : null;
    hasEnd = close !== null;
    KEY_LINES.lastIndex = body;
    const next = text.indexOf("-----BEGIN", body);
    const isWhole = close !== null && (next === -1 || next > close.index);
    const stop = isWhole
      ? close.index + close[0].length
      : body + (KEY_LINES.exec(text)?.[0].length ?? 0);
    masked += `${text.slice(end, begin.index)}${begin[0]}${MASK}`;
    end = stop;
    KEY_BEGIN.lastIndex = stop;
  }
  return masked + text.slice(end);
}

function unquote(value: string): string {
  return value.replace(/^\\?["']/, "").replace(/\\?["']$/, "");
}

function hide(value: string): string {
  const open = /^\\?["']/.exec(value)?.[0] ?? "";
  const close = open !== "" && value.length > open.length && value.endsWith(open) ? open : "";
  return `${open}${MASK}${close}`;
}
