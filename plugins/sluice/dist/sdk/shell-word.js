/**
 * Paths as words of a POSIX shell.
 *
 * Owns: quoting. Never: runs anything.
 */
const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;
/** One word that any POSIX shell reads back as `text`; plain words stay readable. */
export function toShellWord(text) {
    if (PLAIN.test(text))
        return text;
    // Inside single quotes nothing is special but the single quote itself, which stands outside, escaped.
    return `'${text.replaceAll("'", `'\\''`)}'`;
}
export function toShellCommand(words) {
    return words.map(toShellWord).join(" ");
}
