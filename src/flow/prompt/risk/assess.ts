/**
 * Whether one tap may allow a call: only where it is known to be harmless.
 *
 * Owns: the three kinds of call that are known, and the reasons that people read for all others. Never: allows or denies (rules.ts).
 *
 * RISK-1 What is not known needs the typed code. Nobody tries to recognise danger here: the list of what is harmless is the only list.
 * RISK-2 Known is: reading inside the session's folder; an ordinary edit inside it; a command of the project that the owner has listed.
 * RISK-3 A reason is given where it is certain; a call may need the code without one.
 */
import { homedir } from "node:os";
import { toMessage } from "../../../sdk/errors.ts";
import type { Risk } from "../../../sdk/prompt.ts";
import { toVisible } from "../visible.ts";
import type { Disk } from "./disk.ts";
import { findUnusualEdit } from "./edits.ts";
import { type KnownCommand, readKnownCommand } from "./known-command.ts";
import { isInside, resolvePath, toShortPath } from "./paths.ts";
import { type PlainShell, readPlainShell } from "./plain-shell.ts";
import { findProjectCommand } from "./project-commands.ts";
import { isSecretPath } from "./secret-names.ts";

export type Input = Readonly<Record<string, unknown>>;

export type CallScene = {
  tool: string;
  input: Input;
  /** Where the call stands; empty where the client does not say. */
  cwd: string;
  /** The session's own folder, which it cannot change. */
  folder: string;
  /** The owner's list. */
  projectCommands: readonly string[];
  disk: Disk;
};

/** `ordinary-edit` is what a rule for "edits in this folder" speaks of. */
export type Assessment = Risk & {
  kind: "reading" | "ordinary-edit" | "project-command" | "unknown";
};

/** Every text in a value, however deep; names of fields too. */
export function listStrings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(Array.isArray(value) ? [] : [key]),
    ...listStrings(inner),
  ]);
}

const LOOK_MAX_MS = 3_000;

/** The client's tools that are known, with every field that they may have. */
const READING_TOOLS: Readonly<Record<string, readonly string[]>> = {
  Read: ["file_path", "offset", "limit", "pages"],
  NotebookRead: ["notebook_path", "cell_id"],
  LS: ["path", "ignore"],
  Glob: ["pattern", "path"],
  Grep: "pattern path glob type output_mode head_limit offset multiline -A -B -C -i -n -o context".split(
    " ",
  ),
};
const EDITING_TOOLS: Readonly<Record<string, readonly string[]>> = {
  Edit: ["file_path", "old_string", "new_string", "replace_all"],
  MultiEdit: ["file_path", "edits"],
  Write: ["file_path", "content"],
  NotebookEdit: ["notebook_path", "new_source", "cell_id", "cell_type", "edit_mode"],
};
const BASH_FIELDS = ["command", "description", "timeout"];
/** Globs of the client's own search that name only kinds of source: others would reach hidden files. */
const TAME_GLOB = /^(?:[\w@+-]+\/|\*\*\/)*[\w*-]+(?:\.[\w*-]+)*\.(?:\w{1,10}|\{\w+(?:,\w+)*\})$/;
const SCRIPT_START = /^\uFEFF?\s*#!/;

/** Never rejects: what goes wrong needs the code. */
export async function assessCall(scene: CallScene): Promise<Assessment> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Assessment>((resolve) => {
    const answer = needsCode("its files could not be looked at in time");
    timer = setTimeout(() => resolve(answer), LOOK_MAX_MS);
  });
  try {
    return await Promise.race([assess(scene), late]);
  } catch (thrown) {
    return needsCode(`its files could not be looked at: ${toMessage(thrown)}`);
  } finally {
    clearTimeout(timer);
  }
}

async function assess(scene: CallScene): Promise<Assessment> {
  const { tool, input } = scene;
  if (tool === "AskUserQuestion") return { kind: "unknown", isRisky: false, reasons: [] };
  if (tool === "ExitPlanMode") return needsCode("the session acts on the plan once it is accepted");
  if (tool === "Bash") return assessShell(scene);
  const reading = Object.hasOwn(READING_TOOLS, tool) ? READING_TOOLS[tool] : undefined;
  const editing = Object.hasOwn(EDITING_TOOLS, tool) ? EDITING_TOOLS[tool] : undefined;
  const fields = reading ?? editing;
  if (fields === undefined) return needsCode();
  const strange = Object.keys(input).find((field) => !fields.includes(field));
  if (strange !== undefined)
    return needsCode(`the client gives ${tool} a field that is not known: ${toVisible(strange)}`);
  return reading === undefined ? assessEdit(scene) : assessReading(scene);
}

async function assessShell(scene: CallScene): Promise<Assessment> {
  const { input, cwd, folder, projectCommands, disk } = scene;
  const { command } = input;
  if (typeof command !== "string") return needsCode("the client does not say which command");
  if (input["dangerouslyDisableSandbox"] === true)
    return needsCode("runs outside the client's sandbox");
  const strange = Object.keys(input).find((field) => !BASH_FIELDS.includes(field));
  if (strange === "run_in_background" && input[strange] === true)
    return needsCode("goes on in the background");
  if (strange !== undefined && input[strange] !== false)
    return needsCode(`the client gives Bash a field that is not known: ${toVisible(strange)}`);
  if (toVisible(command) !== command) return needsCode("holds characters that mislead");
  const shell = readPlainShell(command);
  if (shell.kind === "unread") return needsCode(`not read any further: ${shell.why}`);
  const outside = await findOutside(".", scene);
  if (outside !== undefined) return needsCode(outside);
  const listed = findProjectCommand(shell, projectCommands);
  if (listed !== undefined)
    return {
      kind: "project-command",
      isRisky: false,
      reasons: [],
      note: "runs code of this folder",
    };
  const known = readAll(shell);
  if (typeof known === "string") return needsCode(known);
  for (const { paths, folders } of known) {
    for (const path of paths) {
      const problem = await findOutside(path, scene);
      if (problem !== undefined) return needsCode(problem);
    }
    for (const { path, dots } of folders) {
      const at = resolvePath(path, cwd) ?? cwd;
      const secret = await disk.findSecret(at, (name) => !dots && name.startsWith("."));
      if (secret === undefined)
        return needsCode(`searches a folder too large to look through: ${path}`);
      if (secret !== "none")
        return needsCode(
          `searches a folder with a file that is named like a secret: ${toShortPath(secret)}`,
        );
    }
  }
  if (known.some(({ isGit }) => isGit)) {
    const program = await disk.findGitProgram(
      (await disk.readRealPath(cwd)) ?? cwd,
      (await disk.readRealPath(folder)) ?? folder,
    );
    if (program !== "nothing") return needsCode(program);
  }
  return { kind: "reading", isRisky: false, reasons: [] };
}

/** All commands of a line, or why one of them is not known. */
function readAll(shell: Extract<PlainShell, { kind: "plain" }>): KnownCommand[] | string {
  const known: KnownCommand[] = [];
  for (const command of shell.commands) {
    const reading = readKnownCommand(command);
    if (reading.kind === "unknown") return reading.why;
    known.push(reading);
  }
  return known;
}

async function assessReading(scene: CallScene): Promise<Assessment> {
  const { tool, input, cwd, disk } = scene;
  const path = input["file_path"] ?? input["notebook_path"] ?? input["path"] ?? ".";
  if (typeof path !== "string") return needsCode("the client does not say which file");
  if ((tool === "Read" || tool === "NotebookRead") && path === ".")
    return needsCode("the client does not say which file");
  const problem = await findOutside(path, scene);
  if (problem !== undefined) return needsCode(problem);
  for (const glob of [input["glob"], tool === "Glob" ? input["pattern"] : undefined])
    if (glob !== undefined && (typeof glob !== "string" || !isTameGlob(tool, glob)))
      return needsCode("its pattern of file names is not a plain one");
  if (tool === "Grep") {
    // The client's search reads hidden files, and leaves out what git keeps.
    const secret = await disk.findSecret(resolvePath(path, cwd) ?? cwd, (name) => name === ".git");
    if (secret !== "none")
      return needsCode(
        "searches a folder with a file that is named like a secret, or too large to look through",
      );
  }
  return { kind: "reading", isRisky: false, reasons: [] };
}

/** Glob lists names, so hidden ones may be among them; Grep shows contents. */
function isTameGlob(tool: string, glob: string): boolean {
  if (tool === "Glob") return !glob.startsWith("/") && !/(?:^|[/,{])(?:\.\.|~)|[$\\]/.test(glob);
  return TAME_GLOB.test(glob) && !isSecretPath(glob.replace(/^.*\//, ""));
}

async function assessEdit(scene: CallScene): Promise<Assessment> {
  const { input, disk, folder, cwd } = scene;
  const path = input["file_path"] ?? input["notebook_path"];
  if (typeof path !== "string" || path === "")
    return needsCode("the client does not say which file");
  const problem = await findOutside(path, scene, "writes");
  if (problem !== undefined) return needsCode(problem);
  const full = resolvePath(path, cwd) ?? path;
  const [root, real] = [await disk.readRealPath(folder), await disk.readRealPath(full)];
  if (root === undefined || real === undefined) return needsCode("where it writes is not known");
  for (const one of [full.slice(folder.length + 1), real.slice(root.length + 1)]) {
    const unusual = findUnusualEdit(one);
    if (unusual !== undefined) return needsCode(unusual);
  }
  const facts = await disk.readFacts(real);
  if (facts !== undefined && !facts.isFile) return needsCode("writes to what is no file");
  if (facts?.isExecutable === true) return needsCode(`changes a file that can be run: ${path}`);
  if (facts !== undefined && facts.links > 1)
    return needsCode(`changes a file that has a second name elsewhere: ${path}`);
  if (listStrings(input).some((text) => SCRIPT_START.test(text)))
    return needsCode("writes the first line of a script (#!)");
  return { kind: "ordinary-edit", isRisky: false, reasons: [] };
}

/** Why a path is not one inside the session's folder, by its name and by where it really leads; or why it is a secret. */
async function findOutside(
  path: string,
  { cwd, folder, disk }: CallScene,
  verb: "reads" | "writes" = "reads",
): Promise<string | undefined> {
  if (folder === "" || cwd === "") return "the session's folder is not known";
  if (toVisible(path) !== path || /[\p{C}]|\s$/u.test(path)) return "holds characters that mislead";
  const full = resolvePath(path, cwd);
  const shown = toShortPath(path);
  // Behind a link, .. is not where it seems to be.
  if (path.split("/").includes("..")) return `names its place by "..": ${shown}`;
  if (full === undefined || path === "") return `${verb} a place that is not known: ${shown}`;
  const root = await disk.readRealPath(folder);
  const home = (await disk.readRealPath(homedir())) ?? homedir();
  if (root === undefined) return "the session's folder is not there";
  if (isInside(home, root)) return "the session's folder is your whole home, or holds it";
  if (!isInside(full, folder) && !isInside(full, root))
    return `${verb} outside the session's folder: ${shown}`;
  const real = await disk.readRealPath(full);
  if (real === undefined) return `${verb} a place that is not known: ${shown}`;
  if (!isInside(real, root))
    return `${verb} outside the session's folder: ${shown} is a link to ${toShortPath(real)}`;
  const bound = isInside(full, folder) ? folder : root;
  return [full.slice(bound.length + 1), real.slice(root.length + 1)].some(isSecretPath)
    ? `named like a secret: ${shown}`
    : undefined;
}

function needsCode(...reasons: string[]): Assessment {
  return { kind: "unknown", isRisky: true, reasons };
}
