import { isGlobFit } from "./glob.js";
import { readPlainShell } from "../risk/plain-shell.js";
const FOR_PEOPLE = ["AskUserQuestion", "ExitPlanMode"];
const SHELL_TOOLS = ["Bash", "Monitor"];
const FILE_TOOLS = [
    "Edit",
    "MultiEdit",
    "Write",
    "NotebookEdit",
    "Read",
    "NotebookRead",
    "Grep",
    "Glob",
    "LS",
];
const OTHER_SERVERS = "arguments of other servers' tools are not read";
/** Why a rule that allows can fit no call; undefined where it can. Pure. */
export function findNoEffect({ action, tool, command, path, scope, }) {
    if (action !== "allow" || scope !== undefined)
        return undefined;
    if (FOR_PEOPLE.includes(tool))
        return "people answer questions and plans themselves";
    if (tool === "PowerShell")
        return "PowerShell is not read, so each call needs its code";
    if (path === undefined && command === undefined)
        return undefined;
    if (tool.startsWith("mcp__"))
        return OTHER_SERVERS;
    if (path === undefined)
        return isOneOf(tool, SHELL_TOOLS) ? findCommandFault(command) : `${tool} runs no command`;
    if (isOneOf(tool, FILE_TOOLS)) {
        if (command !== undefined)
            return "no call has both a path and a command that are read";
        return path.split("/").includes("..") ? 'its path holds ".."' : undefined;
    }
    return isOneOf(tool, SHELL_TOOLS)
        ? "a rule with a path allows no shell command"
        : `no path is read of ${tool}`;
}
/** The tool of a rule may be a pattern. */
function isOneOf(tool, names) {
    return names.some((name) => isGlobFit(tool, name, { foldsCase: false }));
}
function findCommandFault(command = "*") {
    const shell = readPlainShell(command.replaceAll(/[*?]+/g, "x"));
    if (shell.kind === "unread")
        return `its command is not read: ${shell.why}`;
    return shell.commands.some(({ words }) => words.some(({ isHome }) => isHome))
        ? 'its command holds "~", which the shell fills in'
        : undefined;
}
