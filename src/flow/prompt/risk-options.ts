/**
 * What is risky about the options and files of one program.
 *
 * Owns: git's ways to run and throw away, options that write or delete, words that are files. Never: unwraps or nests (risk-command.ts).
 */
import { STEERING_SETTINGS, STEERING_VARIABLES, WRITERS } from "./programs.ts";
import { assessWrite, type Place } from "./risk-path.ts";
import type { ShellWord } from "./shell-word.ts";

/** What git would run or throw away. */
export function assessGit(name: string, verb: string, texts: readonly string[]): string[] {
  if (name === "npm" && verb === "config" && texts.includes("set"))
    return ["changes what programs run: npm config"];
  if (name !== "git") return [];
  const reasons: string[] = [];
  if (
    /^(?:hook|instaweb|credential|maintenance|mergetool)$/.test(verb) ||
    (verb === "grep" && texts.some((text) => /^-[A-Za-z]*O|^--open-files/.test(text))) ||
    (verb === "init" && texts.some((text) => text.startsWith("--template"))) ||
    texts.some((text) => text.startsWith("--config-env="))
  )
    reasons.push(`runs what is set up elsewhere: git ${verb}`);
  const at = texts.indexOf(verb);
  const rest = texts.slice(at + 1);
  if (
    texts.some(
      (text, i) =>
        (texts[i - 1] === "-c" || texts[i - 1] === "--config-env") && STEERING_SETTINGS.test(text),
    ) ||
    texts.some((text) => text.startsWith("--exec-path="))
  )
    reasons.push("changes what git runs");
  if (
    verb === "config" &&
    rest.some((text) => STEERING_SETTINGS.test(text)) &&
    !rest.some((text) => /^--(?:get|list|show|get-all|get-regexp)|^-l$|^get$|^list$/.test(text))
  )
    reasons.push("changes what git runs");
  if (
    verb === "config" &&
    rest.some((text) => /^--(?:global|system)$/.test(text)) &&
    rest.filter((text) => !text.startsWith("-")).length > 1
  )
    reasons.push("writes outside the session's folder: git's own settings");
  if (
    /^(?:checkout|switch)$/.test(verb) &&
    rest.some((text) => /^(?:--|-f|--force|--discard-changes|\.)$/.test(text))
  )
    reasons.push(`deletes or ends: git ${verb}`);
  if (verb === "branch" && rest.some((text) => /^-[A-Za-z]*[dD]|^--delete$/.test(text)))
    reasons.push("deletes or ends: git branch");
  if (verb === "tag" && rest.some((text) => /^-d|^--delete$/.test(text)))
    reasons.push("deletes or ends: git tag");
  if (
    /^(?:worktree|remote|submodule|notes)$/.test(verb) &&
    /^(?:remove|rm|prune|deinit)$/.test(rest[0] ?? "")
  )
    reasons.push(`deletes or ends: git ${verb} ${rest[0] ?? ""}`);
  if (
    (verb === "remote" && /^(?:update|show|prune)$/.test(rest[0] ?? "")) ||
    (verb === "submodule" && /^(?:update|add)$/.test(rest[0] ?? ""))
  )
    reasons.push(`network: git ${verb} ${rest[0] ?? ""}`);
  if (
    (verb === "bisect" && rest[0] === "run") ||
    (verb === "rebase" && rest.some((text) => /^(?:-x|--exec)/.test(text))) ||
    verb === "filter-branch" ||
    (verb === "submodule" && rest[0] === "foreach") ||
    verb === "difftool"
  )
    reasons.push(`runs code that is given on the line: git ${verb}`);
  return reasons;
}

/** Words that a shell, or a program that reads a language of its own, runs as code or takes for a variable that steers. */
export function assessBuiltin(name: string, texts: readonly string[]): string[] {
  const isCode = (pattern: RegExp): boolean => texts.some((text) => pattern.test(text));
  const given = [`runs code that is given on the line: ${name}`];
  switch (name) {
    case "test":
    case "[":
    case "[[":
    case "let":
    case "unset":
    case "declare":
    case "typeset":
    case "local":
    case "export":
      if (name === "[[" && texts.includes("{")) return ["cannot be read: a test with a body"];
      // An index is arithmetic, and that runs commands.
      return isCode(/\[[^\]]*(?:\$\(|`)/) ? given : [];
    case "read":
    case "printf":
    case "mapfile":
    case "readarray":
    case "getopts":
      if (isCode(/\[[^\]]*(?:\$\(|`)/) || (name !== "read" && isCode(/^-C/))) return given;
      return name !== "printf" || texts[0] === "-v"
        ? texts
            .filter((text) => STEERING_VARIABLES.test(`${text}=`))
            .map((text) => `changes what programs run: ${text}`)
        : [];
    case "compgen":
    case "complete":
      return isCode(/^-[A-Za-z]*[CF]/) ? given : [];
    case "enable":
      return isCode(/^-[A-Za-z]*f/) ? given : [];
    case "hash":
      return isCode(/^-[A-Za-z]*p/) ? ["changes what programs run: hash"] : [];
    case "fc":
    case "print":
      return isCode(name === "fc" ? /^-[A-Za-z]*[es]/ : /^-[A-Za-z]*z/) ? given : [];
    case "sed":
      return isCode(SED_RUNS) ? given : [];
    case "rg":
      return isCode(/^--pre(?:=|$)/) ? given : [];
    case "man":
      return isCode(/^-[A-Za-z]*[PH]|^--(?:pager|html)/) ? given : [];
    case "less":
    case "more":
    case "view":
    case "rview":
      return isCode(/^\+|^-c|^--cmd/) ? given : [];
    case "make":
    case "gmake":
      return isCode(/^--eval|^-f-?$|^SHELL=/) ? given : [];
    case "zip":
      return isCode(/^-TT|^--unzip-command/) ? given : [];
    case "chmod":
      return isCode(/^[ugoa]*[+=][rwxX]*s|^[2467]\d{3}$/)
        ? ["acts as another user: a program gets another's rights"]
        : [];
    case "psql":
    case "mysql":
    case "mariadb":
    case "sqlite3":
      return isCode(/\\!|^\s*\.(?:shell|system)\b|^\s*system\s|load_extension/i) ? given : [];
    default:
      return [];
  }
}

/** Commands e and w of sed, and the flags e and w of s///. */
const SED_RUNS = /(?:^|[;{}\n\d$/!]\s*)[ewW](?:\s|$)|^(?:.*[;{\s\d])?s(.).*\1.*\1[gpiIm\d]*[ew]/s;
/** They have the option for something else. */
const NO_OUTPUT = /^(?:grep|egrep|fgrep|rg|ls|ps|find|test|set|mount|\[|stat|df|lsof|head|tail)$/;

/** Options by which a program writes or deletes. */
export function assessOptions(name: string, words: readonly ShellWord[], place: Place): string[] {
  const texts = words.map(({ text }) => text);
  const write = (word: ShellWord | undefined, cut = 0): string[] =>
    word === undefined
      ? []
      : assessWrite({ path: word.text.slice(cut), isExact: word.isExact, ...place });
  const after = (option: RegExp): string[] =>
    words.flatMap((word, i) => {
      const joined = /^(--[a-z-]+=)/.exec(word.text)?.[1];
      if (joined !== undefined && option.test(joined.slice(0, -1)))
        return write(word, joined.length);
      return option.test(word.text) ? write(words[i + 1]) : [];
    });
  switch (name) {
    case "find":
      return [
        ...(texts.includes("-delete") ? ["deletes or ends: find -delete"] : []),
        ...after(/^-(?:fprint0?|fls|fprintf)$/),
      ];
    case "rsync":
      return texts.some((text) => /^--(?:delete|remove-source)/.test(text))
        ? ["deletes or ends: rsync --delete"]
        : [];
    case "sed":
      return texts.some((text) => /^-[A-Za-z]*i|^--in-place/.test(text))
        ? words
            .filter(({ text }) => !text.startsWith("-"))
            .slice(texts.some((text) => /^-[A-Za-z]*[ef]$/.test(text)) ? 0 : 1)
            .flatMap((word) => write(word))
        : [];
    case "tar":
      return /^-?[a-zA-Z]*x/.test(texts[0] ?? "") || texts.includes("--extract")
        ? [
            ...after(/^(?:-C|--directory)$/),
            ...(texts.some((text) =>
              /^--(?:to-command|checkpoint-action|use-compress-program|rsh-command|rmt-command|info-script)|^-[IFP]|^--absolute-names$/.test(
                text,
              ),
            )
              ? ["runs code that is given on the line: tar"]
              : []),
          ]
        : texts.some((text) =>
              /^--(?:to-command|checkpoint-action|use-compress-program|rsh-command|rmt-command|info-script)|^-[IF]/.test(
                text,
              ),
            )
          ? ["runs code that is given on the line: tar"]
          : after(/^-?[a-zA-Z]*c[a-zA-Z]*f$/);
    case "unzip":
      return after(/^-d$/);
    case "patch":
      return after(/^(?:-d|--directory|-o|--output|-r)$/);
    case "7z":
    case "7za":
      return words.flatMap((word) => (/^-o./.test(word.text) ? write(word, 2) : []));
    case "sort":
      return after(/^(?:-o|--output)$/);
    case "cp":
    case "mv":
    case "install":
    case "ln":
      return after(/^(?:-[A-Za-z]*t|--target-directory)$/);
    default:
      return NO_OUTPUT.test(name)
        ? []
        : after(
            /^(?:-o|-out|--out|--output|--output-file|--outfile|--output-dir|--outdir|--out-dir)$/,
          );
  }
}

/** Programs whose words are files that they write. */
export function assessFiles(name: string, words: readonly ShellWord[], place: Place): string[] {
  const which = WRITERS.get(name);
  if (which === undefined) return [];
  const plain = words.filter(({ text }) => !text.startsWith("-"));
  // The first word of these is a mode or an owner.
  const files = /^ch(?:mod|own|grp)$/.test(name) ? plain.slice(1) : plain;
  return (which === "all" ? files : files.slice(-1)).flatMap(({ text, isExact }) =>
    assessWrite({ path: text, isExact, ...place }),
  );
}
