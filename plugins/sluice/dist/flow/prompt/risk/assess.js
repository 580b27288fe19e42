/**
 * Whether one tap may allow a call: only where it is known to be harmless.
 *
 * Owns: the three kinds of call that are known, and the reasons that people read for all others. Never: allows or denies (rules.ts).
 * A reason is given where it is certain; a call may need the code without one.
 *
 * RISK-1 A call that is not known to be harmless needs the typed code. Nothing here tries to recognise danger: the list of harmless
 *    calls is the only list.
 * RISK-2 Known are: reading inside the session's folder; an ordinary edit inside it; a command of the project that the owner has
 *    listed.
 */
import { within } from "../../../sdk/clock.js";
import { homedir } from "node:os";
import { posix } from "node:path";
import { toMessage } from "../../../sdk/errors.js";
import { toVisible } from "../show/visible.js";
import { findUnusualEdit } from "./edits.js";
import { readKnownCommand } from "./known-command.js";
import { isGlobHere, isInside, resolvePath, toGlobRoot, toShortPath } from "./paths.js";
import { readPlainShell } from "./plain-shell.js";
import { findProjectCommand } from "./project-commands.js";
import { isSecretPath } from "./secret-names.js";
import { readToolCall } from "./tools.js";
/** Every text in a value, however deep; names of fields too. */
export function listStrings(value) {
    if (typeof value === "string")
        return [value];
    if (typeof value !== "object" || value === null)
        return [];
    return Object.entries(value).flatMap(([key, inner]) => [
        ...(Array.isArray(value) ? [] : [key]),
        ...listStrings(inner),
    ]);
}
export const LOOK_MAX_MS = 3_000;
/** Globs of the client's own search that name only kinds of source: others would reach hidden files. */
const TAME_GLOB = /^(?:[\w@+-]+\/|\*\*\/)*[\w*-]+(?:\.[\w*-]+)*\.(?:\w{1,10}|\{\w+(?:,\w+)*\})$/;
const TEXT_MAX_CHARS = 10_000;
/** Some four hundred lines: nobody reads more of them at a glance. */
const EDIT_MAX_CHARS = 20_000;
const SCRIPT_START = /^\uFEFF?\s*#!/;
/** Never rejects: what goes wrong needs the code. */
export async function assessCall(scene) {
    const late = needsCode("its files could not be looked at in time");
    try {
        return await within(LOOK_MAX_MS, assess(scene), late);
    }
    catch (thrown) {
        return needsCode(`its files could not be looked at: ${toMessage(thrown)}`);
    }
}
async function assess(scene) {
    const { tool, input } = scene;
    if (tool === "AskUserQuestion")
        return { kind: "unknown", isRisky: false, reasons: [] };
    if (tool === "ExitPlanMode")
        return needsCode("the session acts on the plan once it is accepted");
    const known = readToolCall(tool, input);
    if (known === undefined)
        return needsCode();
    if ("strange" in known)
        return needsCode(toStrange(scene, known.strange));
    const { description, pattern } = input;
    for (const text of [description, pattern])
        if (typeof text === "string" && (text.length > TEXT_MAX_CHARS || toVisible(text) !== text))
            return needsCode("is very long, or holds characters that mislead");
    if (typeof pattern === "string" && pattern.startsWith("-"))
        return needsCode("its pattern poses as an option");
    switch (known.group) {
        case "shell":
            return assessShell(scene, String(input["command"]));
        case "reading":
            return assessReading(scene);
        case "editing":
            return assessEdit(scene);
        default:
            return known.group;
    }
}
function toStrange({ tool, input }, field) {
    if (input["dangerouslyDisableSandbox"] === true)
        return "runs outside the client's sandbox";
    if (input["run_in_background"] === true)
        return "goes on in the background";
    return `${tool} is called in a way that is not known: ${toVisible(field)}`;
}
async function assessShell(scene, command) {
    const { projectCommands } = scene;
    const shell = readPlainShell(command);
    if (shell.kind === "unread")
        return needsCode(`not read any further: ${shell.why}`);
    if (toVisible(command) !== command)
        return needsCode("holds characters that mislead");
    const outside = await findOutside(".", scene);
    if (outside !== undefined)
        return needsCode(outside);
    if (findProjectCommand(shell, projectCommands) !== undefined)
        return {
            kind: "project-command",
            isRisky: false,
            reasons: [],
            note: "runs code of this folder",
        };
    const known = readAll(shell);
    if (typeof known === "string")
        return needsCode(known);
    const problem = await findUnreadable(scene, known);
    return problem === undefined
        ? { kind: "reading", isRisky: false, reasons: [] }
        : needsCode(problem);
}
/** Why a known command reads more here than one tap may allow. */
async function findUnreadable(scene, known) {
    const { cwd, folder, disk } = scene;
    for (const path of known.flatMap((one) => [...one.paths, ...one.perhapsPaths])) {
        const problem = await findOutside(path, scene);
        if (problem !== undefined)
            return problem;
    }
    for (const { path, reads } of known.flatMap(({ folders }) => folders)) {
        const at = resolvePath(path, cwd) ?? cwd;
        if (reads === "files") {
            if ((await disk.readFacts(at))?.isFolder === true)
                return `goes through a folder, and where its links lead: ${path}`;
            continue;
        }
        const hasDots = reads === "folders-and-dots";
        const secret = await disk.findSecret(at, (name) => !hasDots && name.startsWith("."));
        if (secret === undefined)
            return `searches a folder too large to look through: ${path}`;
        if (secret !== "none")
            return `searches a folder with a file that is named like a secret: ${toShortPath(secret)}`;
    }
    if (!known.some(({ isGit }) => isGit))
        return undefined;
    const [at, root] = [await disk.readRealPath(cwd), await disk.readRealPath(folder)];
    if (at === undefined || root === undefined)
        return "the session's folder is not there";
    const program = await disk.findGitProgram(at, root);
    return program === "nothing" ? undefined : program;
}
/** All commands of a line, or why one of them is not known. */
function readAll(shell) {
    const known = [];
    for (const command of shell.commands) {
        const reading = readKnownCommand(command);
        if (reading.kind === "unknown")
            return reading.why;
        known.push(reading);
    }
    return known;
}
async function assessReading(scene) {
    const { tool, input, cwd, disk } = scene;
    // Texts, where they are there: readToolCall.
    const { file_path, notebook_path, path: named, glob, pattern } = input;
    const path = file_path ?? notebook_path ?? named ?? ".";
    const problem = await findOutside(path, scene);
    if (problem !== undefined)
        return needsCode(problem);
    if (glob !== undefined && !(TAME_GLOB.test(glob) && !isSecretPath(posix.basename(glob))))
        return needsCode("its pattern of file names is not a plain one");
    if (tool === "Glob") {
        const start = toGlobRoot(pattern ?? "");
        const at = posix.join(path, start === "" ? "." : start);
        const beyond = isGlobHere(pattern ?? "")
            ? await findOutside(at, scene)
            : "its pattern of file names begins elsewhere";
        if (beyond !== undefined)
            return needsCode(beyond);
    }
    if (tool === "Grep") {
        // The client's search reads hidden files, and leaves out what git keeps.
        const secret = await disk.findSecret(resolvePath(path, cwd) ?? cwd, (name) => name === ".git");
        if (secret !== "none")
            return needsCode("searches a folder with a file that is named like a secret, or too large to look through");
    }
    return { kind: "reading", isRisky: false, reasons: [] };
}
async function assessEdit(scene) {
    const { input, disk, folder, cwd } = scene;
    const path = String(input["file_path"]);
    const texts = listStrings(input);
    if (texts.reduce((sum, text) => sum + text.length, 0) > EDIT_MAX_CHARS)
        return needsCode("is too long to be read whole");
    if (texts.some((text) => toVisible(text) !== text))
        return needsCode("holds characters that mislead");
    if (texts.some((text) => text.includes("PRIVATE KEY-----")))
        return needsCode("holds the mark of a private key");
    const problem = await findOutside(path, scene, "writes");
    if (problem !== undefined)
        return needsCode(problem);
    const full = resolvePath(path, cwd) ?? path;
    const [root, real] = [await disk.readRealPath(folder), await disk.readRealPath(full)];
    if (root === undefined || real === undefined)
        return needsCode("where it writes is not known");
    for (const one of [full.slice(folder.length + 1), real.slice(root.length + 1)]) {
        const unusual = findUnusualEdit(one);
        if (unusual !== undefined)
            return needsCode(unusual);
    }
    const facts = await disk.readFacts(real);
    if (facts !== undefined && !facts.isFile)
        return needsCode("writes to a path that is not a file");
    if (facts?.isExecutable === true)
        return needsCode(`changes a file that can be run: ${path}`);
    if (facts !== undefined && facts.links > 1)
        return needsCode(`changes a file that has a second name elsewhere: ${path}`);
    if (texts.some((text) => SCRIPT_START.test(text)))
        return needsCode("writes the first line of a script (#!)");
    return { kind: "ordinary-edit", isRisky: false, reasons: [] };
}
/** Why a path is not one inside the session's folder, by its name and by where it really leads; or why it is a secret. */
async function findOutside(path, { cwd, folder, disk }, verb = "reads") {
    if (folder === "" || cwd === "")
        return "the session's folder is not known";
    if (toVisible(path) !== path || /[\p{C}]|\s$/u.test(path))
        return "holds characters that mislead";
    const full = resolvePath(path, cwd);
    const shown = toShortPath(path);
    // Behind a link, .. is not where it seems to be.
    if (path.split("/").includes(".."))
        return `names its place by "..": ${shown}`;
    if (full === undefined || path === "")
        return `${verb} a place that is not known: ${shown}`;
    const root = await disk.readRealPath(folder);
    const home = (await disk.readRealPath(homedir())) ?? homedir();
    if (root === undefined)
        return "the session's folder is not there";
    if (isInside(home, root))
        return "the session's folder is your whole home, or holds it";
    if (!isInside(full, folder) && !isInside(full, root))
        return `${verb} outside the session's folder: ${shown}`;
    const real = await disk.readRealPath(full);
    if (real === undefined)
        return `${verb} a place that is not known: ${shown}`;
    if (!isInside(real, root))
        return `${verb} outside the session's folder: ${shown} is a link to ${toShortPath(real)}`;
    const bound = isInside(full, folder) ? folder : root;
    return [full.slice(bound.length + 1), real.slice(root.length + 1)].some(isSecretPath)
        ? `named like a secret: ${shown}`
        : undefined;
}
function needsCode(...reasons) {
    return { kind: "unknown", isRisky: true, reasons };
}
