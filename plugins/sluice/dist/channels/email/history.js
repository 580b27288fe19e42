/**
 * What a person wrote now, without the earlier mails that their program put below it.
 *
 * Owns: where the earlier mails begin. Pure, in linear time. Never: cuts a text that is no answer or that hands a mail on: there they are
 * what it is about.
 *
 * MAILHISTORY-1 Where a person wrote between quoted lines, all of it stays: each answer stands below what it answers.
 * MAILHISTORY-2 What would leave nothing is not done.
 */
/** Words before the sender's name in the head that programs put above an earlier mail, in the languages of Outlook and Gmail. */
const FROM = /^[*_> ]{0,4}(?:from|von|de|da|van|från|fra|lähettäjä|od|от|від|feladó|kimden|发件人|寄件者|差出人|보낸 ?사람|מאת|من)[*_]{0,2}\s?[:：]/iu;
/** A day's number, or a time. */
const DATED = /\d{4}|\d{1,2}[:.]\d{2}/;
const LABELLED = /^[*_> ]{0,4}[\p{L} ]{1,24}[*_]{0,2}\s?[:：]\s*\S/u;
const RULED = /^[*_ ]{0,3}(?:-{3,}|_{5,}).{0,60}(?:-{3,}|_{5,})?\s*$/;
/** "On Tue, 1 Dec 2026 at 10:00, Ann <ann@example.com> wrote:", in the word order of any language. */
const ATTRIBUTED = /\d{1,4}.*[:：]\s*$/s;
const WROTE = /\b(?:wrote|writes|schrieb|écrit|escribió|escreveu|ha scritto|scrisse|schreef|skrev|napisał\(?a?\)?|kirjoitti|írta|yazdı|пишет|писал|написал)\b.*[:：]\s*$|(?:写道|のメール|님이 작성)\s*[:：]\s*$/iu;
const MAX_LINES = 20_000;
/** A longer line is part of no head: the patterns above need not look at it. */
const MAX_HEAD_CHARS = 400;
const SIGNATURE_LINES = 12;
export function readOwnText(text, { isAnswer, isForward }) {
    const lines = text.replace(/\r\n?/g, "\n").split("\n").slice(0, MAX_LINES);
    const end = isAnswer && !isForward ? findHistory(lines) : lines.length;
    const own = lines.slice(0, end);
    const kept = trimEnd(own.slice(0, findSignature(own)));
    // MAILHISTORY-2
    if (kept.every((line) => line.trim() === ""))
        return { text: trimEnd(lines).join("\n"), cutLines: 0 };
    return { text: kept.join("\n").replace(/^\n+/, ""), cutLines: lines.length - end };
}
/** "Fwd:", "WG:", "TR:": by the subject, as their programs mark them. */
export function isForwardSubject(subject) {
    return /^\s*(?:\[[^\]]{0,40}\]\s*)?(?:fwd?|wg|tr|rv|enc|vs|vb|doorst|i|pd|továbbítás|转发|転送|轉寄)\s*[:：]/iu.test(subject);
}
/** The line at which the earlier mails begin. */
function findHistory(all) {
    const lines = all.map((line) => line.length > MAX_HEAD_CHARS ? `${line.slice(0, 8)} (long)` : line);
    const quoted = findTrailingQuote(lines);
    // MAILHISTORY-1
    const hasInner = lines.slice(0, quoted).some((line) => isQuote(line));
    if (hasInner)
        return quoted;
    for (let at = 0; at < quoted; at++) {
        if (isHead(lines, at))
            return toRule(lines, at);
        const wrote = findAttribution(lines, at);
        if (wrote !== undefined)
            return at;
    }
    return quoted;
}
/** Everything from there on is quoted, with the line above it that says of whom. */
function findTrailingQuote(lines) {
    let end = lines.length;
    while (end > 0 && (lines[end - 1] ?? "").trim() === "")
        end -= 1;
    // A signature may stand below a quote.
    const signed = findSignature(lines);
    let at = Math.min(end, signed);
    while (at > 0 && ((lines[at - 1] ?? "").trim() === "" || isQuote(lines[at - 1] ?? "")))
        at -= 1;
    const hasQuote = lines.slice(at, end).some((line) => isQuote(line));
    if (!hasQuote)
        return lines.length;
    for (const height of [1, 2, 3]) {
        const begin = at - height;
        if (begin < 0)
            break;
        const above = lines.slice(begin, at).join(" ");
        if (ATTRIBUTED.test(above) && (begin === 0 || (lines[begin - 1] ?? "").trim() === ""))
            return begin;
    }
    return at;
}
/** "From: ... Sent: ... To: ... Subject: ..." */
function isHead(lines, at) {
    if (!FROM.test(lines[at] ?? ""))
        return false;
    const next = lines.slice(at + 1, at + 8).filter((line) => line.trim() !== "");
    const labelled = next.slice(0, 5).filter((line) => LABELLED.test(line));
    return labelled.length >= 2 && labelled.some((line) => DATED.test(line));
}
/** The rule above a head belongs to it. */
function toRule(lines, at) {
    let begin = at;
    while (begin > 0 && (lines[begin - 1] ?? "").trim() === "")
        begin -= 1;
    return begin > 0 && RULED.test(lines[begin - 1] ?? "") ? begin - 1 : at;
}
/** Of a program that does not mark what it quotes; over up to three lines. */
function findAttribution(lines, at) {
    if (at > 0 && (lines[at - 1] ?? "").trim() !== "")
        return undefined;
    for (const height of [1, 2, 3]) {
        const words = lines.slice(at, at + height).join(" ");
        if (words.length > MAX_HEAD_CHARS)
            return undefined;
        if (WROTE.test(words) && DATED.test(words))
            return at + height;
        if ((lines[at + height - 1] ?? "").trim() === "")
            return undefined;
    }
    return undefined;
}
/** https://www.rfc-editor.org/rfc/rfc3676#section-4.3 */
function findSignature(lines) {
    const from = Math.max(0, lines.length - SIGNATURE_LINES - 1);
    const at = lines.slice(from).findIndex((line) => line === "-- " || line === "--");
    return at === -1 ? lines.length : from + at;
}
function isQuote(line) {
    return /^\s{0,3}[>|]/.test(line);
}
function trimEnd(lines) {
    let end = lines.length;
    while (end > 0 && (lines[end - 1] ?? "").trim() === "")
        end -= 1;
    return lines.slice(0, end);
}
