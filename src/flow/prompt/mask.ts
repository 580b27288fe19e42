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
const KEY_END = /(?:\s|\\[nr]|["'+,])*-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/y;
/** Nothing of it is a path that a shell could run. */
const NO_PROGRAM =
  "(?!/(?:bin|dev|etc|home|lib\\d*|mnt|nix|opt|private|proc|root|run|sbin|srv|sys|tmp|usr|var|Applications|Library|System|Users|Volumes)/)";
/** Lines of a key, also where a newline is written as \n; the last one may be short, but is no word. */
const KEY_LINES = new RegExp(
  `(?:(?:\\s|\\\\[nr])*(?:Proc-Type|DEK-Info|Version|Comment): [\\w ,.:/-]{1,200}(?=\\s|\\\\[nr]))*(?:(?:\\s|\\\\[nr]|["'+,])*${NO_PROGRAM}[A-Za-z0-9+/=]{16,})*(?:(?:\\s|\\\\[nr])*(?![a-z]+\\b)[A-Za-z0-9+/=]{2,15}(?=(?:\\s|\\\\[nr])*-----END))?`,
  "y",
);
/** What a shell would run, or where it begins a command: never hidden (M2). */
const SUBSTITUTION = /\$\(|`|\$\{|[<>]\(/;
const OPERATOR = /\$\(|`|\$\{|[;&|<>\n]/;
/** Something in the text reads other words of it as a command: then quotes end nothing. */
const RUNS_TEXT =
  /\b(?:eval|trap|alias|watch|parallel|su|ssh|(?:ba|da|z|k|fi)?sh)\b|\s-[A-Za-z]*c\s/;

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
  const commands = RUNS_TEXT.test(text) ? OPERATOR : SUBSTITUTION;
  const hide = (value: string): string => hideValue(value, commands);
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
    .replace(ASSIGNMENT, (...found: string[]) => maskAssignment(found, hide));
}

function maskAssignment(
  [all = "", before = "", name = "", after = "", sign = "", value = ""]: string[],
  hide: (value: string) => string,
): string {
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

/** Private keys, as far as their lines go: what stands between two marks and is no key stays. */
function maskKeys(text: string): string {
  KEY_BEGIN.lastIndex = 0;
  let masked = "";
  let end = 0;
  for (let begin = KEY_BEGIN.exec(text); begin !== null; begin = KEY_BEGIN.exec(text)) {
    const body = begin.index + begin[0].length;
    KEY_LINES.lastIndex = body;
    const lines = KEY_LINES.exec(text)?.[0] ?? "";
    const stop = body + lines.length;
    KEY_END.lastIndex = stop;
    const close = KEY_END.exec(text)?.[0] ?? "";
    masked += `${text.slice(end, begin.index)}${begin[0]}${lines === "" ? "" : MASK}`;
    end = stop + close.length;
    KEY_BEGIN.lastIndex = end;
  }
  return masked + text.slice(end);
}

function unquote(value: string): string {
  return value.replace(/^\\?["']/, "").replace(/\\?["']$/, "");
}

/** A value, up to where a command begins in it (M2). */
function hideValue(value: string, commands: RegExp): string {
  const open = /^\\?["']/.exec(value)?.[0] ?? "";
  const at = value.slice(open.length).search(open === "" ? OPERATOR : commands);
  if (at >= 0) return `${open}${at === 0 ? "" : MASK}${value.slice(open.length + at)}`;
  const close = open !== "" && value.length > open.length && value.endsWith(open) ? open : "";
  return `${open}${MASK}${close}`;
}
