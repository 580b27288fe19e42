/**
 * What is risky about a shell command.
 *
 * Owns: unwrapping programs that run others (sudo, env, xargs, bash -c), and judging each by the tables. Never: reads the text itself
 * (shell.ts), or knows a tool but the shell.
 */
import { posix } from "node:path";
import {
  AGENTS,
  AS_ANOTHER,
  CARRIERS,
  DESTRUCTION,
  DESTRUCTIVE_VERBS,
  INTERPRETERS,
  NETWORK,
  NETWORK_VERBS,
  OPAQUE,
  REREADERS,
  RUNNERS,
  RUNNERS_WITH_WORD,
  SHELLS,
  STEERING_VARIABLES,
} from "./programs.ts";
import { assessBuiltin, assessFiles, assessGit, assessOptions } from "./risk-options.ts";
import { assessRead, assessWrite, type Place, resolvePath } from "./risk-path.ts";
import { readShell } from "./shell.ts";
import type { ShellCommand, ShellWord } from "./shell-word.ts";

const MAX_DEPTH = 8;
const MAX_CARRIED = 24;
/** Read-only words of our own. */
const LOOKS = /^(?:status|prompts|events|doctor|log|trace|help|version)$/;

/** Reasons in words for people; none twice. Pure. */
export function assessCommand(text: string, cwd: string): string[] {
  return [...new Set(assessText(text, { cwd, base: cwd === "" ? undefined : cwd }, 0))];
}

/** Every command that `text` would run, with what runs others taken off: `sudo env X=1 rm a` is also `rm a`. */
export function listCommands(text: string, depth = 0): ShellWord[][] {
  if (depth > MAX_DEPTH) return [];
  return readShell(text).commands.flatMap((command) =>
    unwrap(command.words).flatMap((words) => {
      const code = toShellCode(words, command);
      return [words, ...(code?.text === undefined ? [] : listCommands(code.text, depth + 1))];
    }),
  );
}

function assessText(text: string, place: Place, depth: number): string[] {
  if (depth > MAX_DEPTH) return ["cannot be read: it is nested too deep"];
  const { commands, problem } = readShell(text);
  let at = place;
  const reasons = commands.flatMap((command) => {
    const found = assessOne(command, at, depth);
    at = follow(command.words, at);
    return found;
  });
  return problem === undefined ? reasons : [...reasons, `cannot be read: ${problem}`];
}

function assessOne(command: ShellCommand, place: Place, depth: number): string[] {
  return [
    ...command.assignments
      .filter((one) => STEERING_VARIABLES.test(one))
      .map((one) => `changes what programs run: ${one.slice(0, one.indexOf("="))}`),
    // x='a[$(curl y)]', which arithmetic runs
    ...(command.assignments.some((one) => /\$\([^)]|`/.test(one))
      ? ["holds a command that may be run later"]
      : []),
    ...command.writes.flatMap(({ text, isExact }) =>
      assessWrite({ path: text, isExact, ...place }),
    ),
    ...command.reads.flatMap(({ text }) =>
      /^\/dev\/(?:tcp|udp)\//.test(text)
        ? ["network: /dev/tcp"]
        : assessRead({ path: text, ...place }),
    ),
    ...unwrap(command.words).flatMap((words) => assessWords(words, command, place, depth)),
  ];
}

/** The command, and what it runs in turn, outermost first. */
function unwrap(words: readonly ShellWord[]): ShellWord[][] {
  const chain: ShellWord[][] = [];
  let rest = [...words];
  for (let i = 0; i < MAX_DEPTH && rest.length > 0; i++) {
    chain.push(rest);
    if (CARRIERS.has(toName(rest)))
      for (let at = 1; at < Math.min(rest.length, MAX_CARRIED); at++) chain.push(rest.slice(at));
    const next = toInner(rest);
    if (next === undefined || next.length === 0) break;
    rest = next;
  }
  return chain;
}

function toInner(words: readonly ShellWord[]): ShellWord[] | undefined {
  const name = toName(words);
  if (name === "find" || name === "fd") {
    const at = words.findIndex(({ text }) =>
      /^(?:-exec|-execdir|-ok|-okdir|-x|-X|--exec|--exec-batch)$/.test(text),
    );
    return at === -1 ? undefined : words.slice(at + 1);
  }
  const takesWord = RUNNERS.get(name);
  if (takesWord === undefined) return undefined;
  let at = 1;
  while (at < words.length) {
    const text = words[at]?.text ?? "";
    if (name === "env" && /^(?:-S|--split-string)/.test(text)) return undefined;
    if (takesWord.test(text)) at += 2;
    else if (text.startsWith("-") && text !== "-") at += 1;
    else if (/^[A-Za-z_]\w*=/.test(text)) at += 1;
    else break;
  }
  if (RUNNERS_WITH_WORD.has(name)) at += 1;
  return words.slice(at);
}

function assessWords(
  words: readonly ShellWord[],
  command: ShellCommand,
  place: Place,
  depth: number,
): string[] {
  const [first, ...others] = words;
  if (first === undefined) return [];
  if (!first.isExact || first.text.includes("{}"))
    return [`runs a program whose name is computed: ${first.text.slice(0, 40)}`];
  const name = toName(words);
  const texts = others.map(({ text }) => text);
  const verb = toVerb(name, texts);
  const reasons: string[] = [];
  if (NETWORK.has(name)) reasons.push(`network: ${name}`);
  if (NETWORK_VERBS.get(name)?.has(verb) === true) reasons.push(`network: ${name} ${verb}`);
  if (name === "yarn" && verb === "") reasons.push("network: yarn");
  if (name === "rsync" && texts.some((text) => /^[^/]+:/.test(text) && !text.startsWith("-")))
    reasons.push("network: rsync");
  if (DESTRUCTION.has(name) || name.startsWith("mkfs.")) reasons.push(`deletes or ends: ${name}`);
  if (DESTRUCTIVE_VERBS.get(name)?.has(verb) === true)
    reasons.push(`deletes or ends: ${name} ${verb}`);
  if (AS_ANOTHER.has(name)) reasons.push(`acts as another user: ${name}`);
  if (OPAQUE.has(name)) reasons.push(`runs commands that cannot be read here: ${name}`);
  if (AGENTS.has(name) && !(name === "sluice" && LOOKS.test(verb)))
    reasons.push(`starts an agent or changes one: ${name}`);
  if (REREADERS.has(name)) reasons.push(...assessReread(others, place, depth));
  if (name === "eval" || name === "trap") reasons.push(...assessJoined(name, others, place, depth));
  if (name === "env" && texts.some((text) => /^(?:-S|--split-string)/.test(text)))
    reasons.push("cannot be read: env splits a text into a command");
  if (/^(?:export|declare|typeset|readonly|local|env|sudo|cross-env)$/.test(name))
    reasons.push(
      ...texts
        .filter((text) => STEERING_VARIABLES.test(text))
        .map((text) => `changes what programs run: ${text.slice(0, text.indexOf("="))}`),
    );
  if (name === "alias" && texts.some((text) => text.includes("=")))
    reasons.push("changes what programs run: alias");
  if (/^(?:xargs|parallel)$/.test(name) && toInner(words)?.length === 0 && name === "parallel")
    reasons.push("runs what another command prints");
  if ((name === "source" || name === ".") && /^(?:\/dev\/|\$\(\))/.test(texts[0] ?? ""))
    reasons.push("runs what another command prints");
  reasons.push(
    ...assessCode(words, command, place, depth),
    ...assessBuiltin(name, texts),
    ...assessGit(name, verb, texts),
    ...assessOptions(name, others, place),
    ...assessFiles(name, others, place),
    ...others.flatMap(({ text }) => assessRead({ path: text.replace(/^@/, ""), base: place.base })),
  );
  return reasons;
}

/** Shells and interpreters: code on the line is read where it is shell, and risky where it is not. */
function assessCode(
  words: readonly ShellWord[],
  command: ShellCommand,
  place: Place,
  depth: number,
): string[] {
  const name = toName(words);
  const code = toShellCode(words, command);
  if (code !== undefined)
    return code.text === undefined
      ? ["runs what another command prints"]
      : assessText(code.text, place, depth + 1);
  const family = name
    .replace(/[\d.]+$/, "")
    .replace(/^pypy$/, "python")
    .replace(/^(?:nodejs|gawk|mawk)$/, (alias) => (alias === "nodejs" ? "node" : "awk"));
  const option = INTERPRETERS.get(family);
  const texts = words.slice(1).map(({ text }) => text);
  if (
    family === "awk" &&
    texts.some((text) => /system\s*\(|\|\s*"|"\s*\||\|&|>\s*"|\/inet\//.test(text))
  )
    return ["runs code that is given on the line: awk"];
  if (
    /^(?:vim?|nvim|ed|ex|emacs)$/.test(family) &&
    texts.some((text) => /^(?:-c|\+|--cmd|--eval)/.test(text))
  )
    return [`runs code that is given on the line: ${family}`];
  if (option === undefined) return [];
  if (
    family === "python" &&
    texts[0] === "-m" &&
    /^(?:pytest|unittest|mypy|ruff|black|flake8|isort|compileall|json\.tool|venv|coverage|doctest|timeit)$/.test(
      texts[1] ?? "",
    )
  )
    return [];
  if (
    family === "python" &&
    texts[0] === "-m" &&
    /^(?:pip|http\.server|ensurepip|pipx)$/.test(texts[1] ?? "")
  )
    return [`network: ${name} -m ${texts[1] ?? ""}`];
  if (givesCode(texts, option)) return [`runs code that is given on the line: ${name}`];
  return command.isFed && !texts.some((text) => !text.startsWith("-") || text.startsWith("--test"))
    ? ["runs what another command prints"]
    : [];
}

/** Options after the script's name are the script's own. */
function givesCode(texts: readonly string[], option: RegExp): boolean {
  for (let i = 0; i < texts.length; i++) {
    const text = texts[i] ?? "";
    if (option.test(text)) return true;
    if (/^(?:-[rIWXMCd]|--(?:require|import|loader|conditions|env-file))$/.test(text)) i++;
    else if (!text.startsWith("-")) return false;
  }
  return false;
}

/** What a shell is given to run: its text, or no text where nobody can know it. Undefined for a script, and for no shell. */
function toShellCode(
  words: readonly ShellWord[],
  command: Pick<ShellCommand, "isFed" | "fedText">,
): { text: string | undefined } | undefined {
  const name = toName(words);
  if (!SHELLS.has(name) && !(AS_ANOTHER.has(name) && name === "su")) return undefined;
  const others = words.slice(1);
  const at = others.findIndex(({ text }) => /^-[A-Za-z]*c$/.test(text) || text === "--command");
  if (at !== -1) {
    const code = others.slice(at + 1).find(({ text }) => !/^[-+]/.test(text));
    return { text: code?.isExact === true ? code.text : undefined };
  }
  if (name === "su") return undefined;
  const script = others.find(({ text }) => !/^[-+]/.test(text));
  if (script !== undefined)
    return /^(?:\/dev\/(?:stdin|fd\/)|\$\(\))/.test(script.text) ? { text: undefined } : undefined;
  return command.isFed ? { text: command.fedText } : undefined;
}

function assessJoined(
  name: string,
  words: readonly ShellWord[],
  place: Place,
  depth: number,
): string[] {
  const rest = words[0]?.text === "--" ? words.slice(1) : words;
  const code = name === "trap" ? rest.slice(0, 1) : rest;
  if (code.some(({ isExact }) => !isExact)) return ["runs text that is computed"];
  return assessText(code.map(({ text }) => text).join(" "), place, depth + 1);
}

/** Words that are commands by themselves: watch 'curl x'. */
function assessReread(words: readonly ShellWord[], place: Place, depth: number): string[] {
  return words
    .filter(({ text }) => /\s/.test(text))
    .flatMap(({ text, isExact }) =>
      isExact ? assessText(text, place, depth + 1) : ["runs text that is computed"],
    );
}

/** Where the next command stands, after a `cd`. */
function follow(words: readonly ShellWord[], place: Place): Place {
  if (!/^(?:cd|pushd|popd)$/.test(toName(words))) return place;
  const to = words.slice(1).find(({ text }) => !/^-[LPe@]+$/.test(text) && text !== "--");
  if (to === undefined) return { ...place, base: resolvePath("~", undefined) };
  const isKnown = (to.isExact || /^\$(?:HOME|\{HOME\})/.test(to.text)) && to.text !== "-";
  return { ...place, base: isKnown ? resolvePath(to.text, place.base) : undefined };
}

/** The program, without its folder. */
function toName(words: readonly ShellWord[]): string {
  return posix
    .basename((words[0]?.text ?? "").replace(/^=(?=[a-z])/, ""))
    .replace(/^(pip|npm|pnpm|yarn)[\d.]+$/, "$1");
}

/** The first word that is no option; options of git and npm that take a word are passed over with it. */
function toVerb(name: string, texts: readonly string[]): string {
  for (let i = 0; i < texts.length; i++) {
    const text = texts[i] ?? "";
    if (name === "code" && text.startsWith("--install")) return text;
    if (
      /^(?:-C|-c|--git-dir|--work-tree|--namespace|--exec-path|--prefix|--cwd|--dir|--filter|-w|--workspace|-F|--manifest-path|--project)$/.test(
        text,
      )
    )
      i++;
    else if (!text.startsWith("-") && !text.startsWith("+")) return text;
  }
  return "";
}
