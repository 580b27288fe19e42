/**
 * Tells mails of people from those of programs.
 *
 * Owns: that decision, by what honest programs write into their mails. Pure. Never: a decision who may speak.
 *
 * MAILLOOP-1 What a program wrote is never answered: an answer would be answered again.
 *    https://www.rfc-editor.org/rfc/rfc3834#section-2
 */
import { findHeader } from "./headers.js";
/** `type` is the content type of the whole, with its parameter `report-type`. */
export function readOrigin(headers, from, { type, reportType }) {
    if (type === "multipart/report")
        return reportType === "disposition-notification" ? "receipt" : "bounce";
    const local = from.slice(0, from.lastIndexOf("@"));
    if (/^(?:mailer-daemon|postmaster)$/.test(local))
        return "bounce";
    const isNobody = findHeader(headers, "return-path") === "<>";
    const auto = readWord(headers, "auto-submitted");
    const precedence = readWord(headers, "precedence");
    const isAnswer = auto.startsWith("auto-replied") ||
        precedence === "auto_reply" ||
        has(headers, "x-autoreply", "x-autorespond", "x-auto-response", "x-vacation-message") ||
        (isNobody && has(headers, "in-reply-to"));
    if (isAnswer)
        return "auto_reply";
    if (precedence === "list" || has(headers, "list-id", "list-post", "mailing-list"))
        return "list";
    const isProgram = (auto !== "" && auto !== "no") ||
        isNobody ||
        precedence === "bulk" ||
        precedence === "junk" ||
        has(headers, "x-auto-response-suppress", "list-unsubscribe", "feedback-id", "x-loop") ||
        /^(?:no|do[-_.]?not)[-_.]?reply\b|^(?:notifications?|alerts?|bounces?)$/.test(local);
    return isProgram ? "automatic" : "message";
}
function readWord(headers, name) {
    const [word = ""] = (findHeader(headers, name) ?? "").toLowerCase().split(/[\s;(]/);
    return word;
}
function has(headers, ...names) {
    return headers.some(({ name }) => names.includes(name));
}
