/**
 * What is risky about the options and files of one program.
 *
 * Owns: git's ways to run and throw away, options that write or delete, words that are files. Never: unwraps or nests (risk-command.ts).
 */
import { STEERING_SETTINGS, WRITERS } from "./programs.ts";
import { assessWrite, type Place } from "./risk-path.ts";
import type { ShellWord } from "./shell-word.ts";

/** What git would run or throw away. */
export function assessGit(name: string, verb: string, texts: readonly string[]): string[] {
  if (name === "npm" && verb === "config" && texts.includes("set"))
    return ["changes what programs run: npm config"];
  if (name !== "git") return [];
  const reasons: string[] = [];
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
              /^--(?:to-command|checkpoint-action|use-compress-program)|^-P$|^--absolute-names$/.test(
                text,
              ),
            )
              ? ["runs code that is given on the line: tar"]
              : []),
          ]
        : texts.some((text) =>
              /^--(?:to-command|checkpoint-action|use-compress-program)/.test(text),
            )
          ? ["runs code that is given on the line: tar"]
          : after(/^-?[a-zA-Z]*c[a-zA-Z]*f$/);
    case "unzip":
      return after(/^-d$/);
    case "sort":
      return after(/^(?:-o|--output)$/);
    case "cp":
    case "mv":
    case "install":
    case "ln":
      return after(/^(?:-t|--target-directory)$/);
    default:
      return [];
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
