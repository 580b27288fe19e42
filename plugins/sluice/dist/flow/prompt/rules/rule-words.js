/**
 * The owner's rules in words.
 *
 * Owns: one line about a rule for the audit, its limits for a list, and what it means. Pure; everything is made visible here.
 * Never: how a rule fits a call (rules.ts).
 *
 * WORD-1 The audit and a notice name an exact call by its digest: they hold no argument.
 */
import { findKeepLimit } from "../../../sdk/keep-words.js";
import { toLine } from "../show/render.js";
import { toVisible } from "../show/visible.js";
const DIGEST_CHARS = 12;
/** For the audit and for notices (WORD-1). */
export function toRuleLine(rule) {
    const { scope, exact = "" } = rule;
    const what = scope === "exact" ? [`exactly the call ${exact.slice(0, DIGEST_CHARS)}`] : [];
    return toVisible([`rule ${rule.id}: ${toHead(rule)}`, ...what, ...listLimits(rule)].join(", "));
}
/** `allow Bash`. */
export function toRuleHead(rule) {
    return toVisible(toHead(rule));
}
/** For a list. */
export function toRuleLimits(rule) {
    const { scope, shown = "" } = rule;
    const what = scope === "exact" ? [`exactly "${toLine(shown)}"`] : [];
    return toVisible([...what, ...listLimits(rule)].join(", "));
}
/** What the rule speaks of, where, and what it does not cover. */
export function explainRule(rule) {
    const said = (label, ...values) => values.flatMap((value) => value === undefined ? [] : [{ label, value: toVisible(value).replaceAll("\t", "  ") }]);
    const { scope, shown, folder, session } = rule;
    return [
        ...said("covers", toCovers(rule)),
        ...(scope === "exact" ? said("call", shown) : []),
        ...said("folder", scope === undefined ? undefined : folder),
        ...said("session", session === undefined
            ? undefined
            : scope === undefined && /^[/~]/.test(session)
                ? `those opened in a folder that fits ${session}`
                : `only ${session}`),
        ...said("not", ...listGaps(rule)),
    ];
}
function toHead({ action, tool, scope }) {
    return `${action} ${scope === "edits" ? "ordinary edits" : tool}`;
}
function listLimits({ path, command, session, folder }) {
    return [
        ...(path === undefined ? [] : [`path ${path}`]),
        ...(command === undefined ? [] : [`command ${command}`]),
        ...(folder === undefined ? [] : [`in ${folder}`]),
        ...(session === undefined ? [] : [`session ${session}`]),
    ];
}
function toCovers(rule) {
    const { action, tool, scope, path, command } = rule;
    if (scope === "exact")
        return "this call, letter for letter, while the session is in this folder; the model may describe it in other words";
    if (scope === "edits")
        return "edits of files in this folder that are known kinds of source; not files that are hidden, installed, built, run automatically or read by agents";
    const tools = /[*?]/.test(tool) ? `tools whose name fits ${tool}` : tool;
    const parts = [
        ...(command === undefined ? [] : [`the command fits ${command}`]),
        ...(path === undefined ? [] : [`the file fits ${path}`]),
    ].join(" and ");
    const calls = parts === "" ? `calls of ${tools}` : `calls of ${tools} of which ${parts}`;
    switch (action) {
        case "allow":
            return `${calls}; read narrowly: files inside the session's folder unless a path says otherwise, commands of plain words`;
        case "ask":
            return `${calls}; read widely: people are asked, whatever other rules allow`;
        case "deny":
            return `${calls}; read widely: where it only may speak of a call, people are asked, with the code`;
        default:
            return action;
    }
}
/** What people may believe of the rule that is not so. */
function listGaps({ action, tool, scope, path, command }) {
    if (scope === "exact")
        return [
            "what a rule that denies or asks may speak of, questions and plans",
            findKeepLimit(tool),
            "what the call reads or calls may change as well: a file, an address",
        ];
    if (action === "allow")
        return [
            "what a rule that denies or asks may speak of, questions and plans",
            ...(scope === "edits" ? [] : toAllowGaps({ tool, path, command })),
        ];
    return [
        "what the client allows by its own settings: that is never asked about",
        "files that a program opens once it runs",
    ];
}
function toAllowGaps({ tool, path, command }) {
    const isShell = /[*?]/.test(tool) || /^(?:Bash|Monitor)$/.test(tool);
    return [
        ...(path === undefined
            ? []
            : [
                "shell commands; hidden files, unless the pattern names them; a path with .. or behind a link that leads elsewhere",
            ]),
        ...(path === undefined && isShell
            ? [
                "a command with more than plain words: quotes inside words, $, ~, redirection, several lines; what leaves the client's sandbox",
                command === undefined
                    ? undefined
                    : "a second command: * and ? stand for no ; & | < > ( ) $ quote or backslash",
            ]
            : []),
    ];
}
