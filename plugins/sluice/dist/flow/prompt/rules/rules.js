import { isGlobFit, NO_SLASH } from "./glob.js";
import { isGlobHere, isInside, resolvePath } from "../risk/paths.js";
import { readPlainShell } from "../risk/plain-shell.js";
import { readToolCall } from "../risk/tools.js";
import { reachCommand, reachPath } from "./rule-reach.js";
import { toVisible } from "../show/visible.js";
const FOR_PEOPLE = /^(?:AskUserQuestion|ExitPlanMode)$/;
const SHELL_TOOLS = /^(?:Bash|Monitor)$/;
const FILE_TOOLS = /^(?:Edit|MultiEdit|Write|NotebookEdit|Read|NotebookRead|Grep|Glob|LS)$/;
const PATH_FIELDS = ["file_path", "notebook_path", "path"];
/** What a wildcard of an allowed command may stand for. */
const TAME = /[^;&|<>()$`'"\\{}!\p{C}\p{Zl}\p{Zp}]/u;
/** Pure. */
export function findRule(rules, call) {
    for (const action of ["deny", "ask"]) {
        const reached = rules
            .filter((rule) => rule.action === action)
            .map((rule) => ({ rule, reach: reachOf(rule, call) }));
        const found = reached.find(({ reach }) => reach === "certain") ??
            reached.find(({ reach }) => reach === "possible");
        if (found !== undefined)
            return { rule: found.rule, isCertain: found.reach === "certain" || action === "ask" };
    }
    const allowed = rules.find((rule) => rule.action === "allow" && isAllowed(rule, call));
    return allowed === undefined ? undefined : { rule: allowed, isCertain: true };
}
/** The rule in one line, for people. */
export function describeRule({ id, action, tool, path, command }) {
    return [`rule ${id}: ${action} ${tool}`, command, path]
        .filter((one) => one !== undefined)
        .join(" ");
}
function reachOf(rule, call) {
    if (!isGlobFit(rule.tool, call.tool, { foldsCase: true }))
        return "none";
    if (rule.session !== undefined && !isSession(rule.session, call, true))
        return "none";
    const parts = [
        ...(rule.path === undefined ? [] : [reachPath(rule.path, call)]),
        ...(rule.command === undefined ? [] : [reachCommand(rule.command, call)]),
    ];
    if (parts.includes("none"))
        return "none";
    return parts.includes("possible") ? "possible" : "certain";
}
function isAllowed(rule, call) {
    const { tool, input } = call;
    // A name in other letters poses as another tool.
    if (FOR_PEOPLE.test(tool) || !/^[\w.:/-]+$/.test(tool))
        return false;
    if (rule.session !== undefined && !isSession(rule.session, call, false))
        return false;
    if (rule.scope === "exact")
        return (rule.tool === tool &&
            rule.exact === call.exact &&
            call.exact !== "" &&
            rule.folder === call.cwd);
    if (rule.scope === "edits")
        return call.assessment.kind === "ordinary-edit" && rule.folder === call.folder;
    // To leave the client's sandbox, to hide something, to be called otherwise: more than any pattern speaks of.
    const known = readToolCall(tool, input);
    if (call.hidesSomething || tool === "PowerShell" || (known !== undefined && "strange" in known))
        return false;
    if (input["dangerouslyDisableSandbox"] !== undefined && known === undefined)
        return false;
    if (!isGlobFit(rule.tool, tool, { foldsCase: false }))
        return false;
    if (SHELL_TOOLS.test(tool))
        return rule.path === undefined && isCommandAllowed(rule.command, input["command"]);
    if (rule.command !== undefined)
        return false;
    if (FILE_TOOLS.test(tool))
        return isPathAllowed(rule.path, call);
    return rule.path === undefined;
}
function isCommandAllowed(pattern, command) {
    if (typeof command !== "string")
        return false;
    const shell = readPlainShell(command);
    if (shell.kind === "unread" ||
        shell.commands.some(({ words }) => words.some(({ isHome }) => isHome)))
        return false;
    // Between words any number of spaces is one.
    const line = /["']/.test(command) ? command.trim() : command.trim().replaceAll(/ +/g, " ");
    return isGlobFit(pattern ?? "*", line, { any: TAME, foldsCase: false });
}
/** By its name and by where it really leads; without a pattern, any that is not hidden inside the session's folder. */
function isPathAllowed(pattern, call) {
    const { input, cwd, folder, places } = call;
    const named = PATH_FIELDS.flatMap((field) => (input[field] === undefined ? [] : [input[field]]));
    const paths = named.length === 0 ? ["."] : named;
    // The client's search goes where its pattern begins.
    if (call.tool === "Glob" && !isGlobHere(String(input["pattern"])))
        return false;
    const root = places.get(folder)?.real ?? folder;
    return paths.every((path) => {
        if (typeof path !== "string" || path.split("/").includes(".."))
            return false;
        if (toVisible(path) !== path)
            return false;
        const full = resolvePath(path, cwd);
        const place = full === undefined ? undefined : places.get(full);
        if (full === undefined || place === undefined || folder === "")
            return false;
        if (place.isUnknown === true)
            return false;
        const { real } = place;
        if (pattern === undefined)
            return isInside(real, root) && !/\/\./.test(real.slice(root.length));
        const wanted = resolvePath(pattern, folder);
        const isAbsolute = /^[/~]/.test(pattern);
        const really = isAbsolute || wanted === undefined ? wanted : `${root}${wanted.slice(folder.length)}`;
        return (wanted !== undefined && really !== undefined && isBelow(full, wanted) && isBelow(real, really));
    });
}
/** A wildcard stands for no hidden file: `**` is no word about .git or .claude. */
function isBelow(path, pattern) {
    const spelled = pattern.split("/");
    return (isGlobFit(pattern, path, { any: NO_SLASH, foldsCase: false }) &&
        path.split("/").every((part) => !part.startsWith(".") || spelled.includes(part)));
}
function isSession(wanted, { session, sessionName, cwd, folder }, isWide) {
    if (!/^[/~]/.test(wanted))
        return wanted === session || isGlobFit(wanted, sessionName, { foldsCase: isWide });
    const pattern = resolvePath(wanted, undefined) ?? wanted;
    const glob = { any: NO_SLASH, foldsCase: isWide };
    return (isWide ? [folder, cwd] : [folder]).some((at) => at !== "" &&
        (isGlobFit(pattern, at, glob) || (isWide && isGlobFit(`${pattern}/**`, at, glob))));
}
