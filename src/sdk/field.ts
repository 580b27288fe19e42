/**
 * Short names written by strangers (a branch, a login, a workflow), made fit to stand in a composed line or a meta value.
 *
 * Owns: which characters such a field may hold, and its length. Never: free text, which goes to `quotes`.
 * Other characters become `?`: a branch may have almost any name, even `"><channel source=...`, and a model trusts our lines.
 */

const NOT_IN_REF = /[^A-Za-z0-9._/@#+:=,-]/gu;
const NOT_IN_NAME = /[^\p{Script=Latin}0-9 ._/@#+:=,()[\]-]/gu;

/** The longest meta value. */
export const MAX_META_CHARS = 256;

/** A branch, tag, path, id: no blanks, ASCII only. */
export function toRefField(text: string, maxChars = 100): string {
  return cap(text.replace(NOT_IN_REF, "?"), maxChars);
}

/** A name that people chose: Latin letters, digits, single blanks, common punctuation; one line. */
export function toNameField(text: string, maxChars = 80): string {
  return cap(text.replace(NOT_IN_NAME, "?").replace(/ +/g, " ").trim(), maxChars);
}

/** A web address safe to print: http(s), no credentials, percent-encoded, at most 256 characters; else undefined. */
export function toUrlField(text: string): string | undefined {
  if (text.length > MAX_META_CHARS || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isWeb = url.protocol === "https:" || url.protocol === "http:";
  if (!isWeb || url.username !== "" || url.password !== "") return undefined;
  const href = url.href.replace(
    /['"<>`\\{}|^]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return href.length <= MAX_META_CHARS ? href : undefined;
}

function cap(text: string, maxChars: number): string {
  return text.length <= maxChars ? text : `${text.slice(0, maxChars - 1).toWellFormed()}…`;
}
