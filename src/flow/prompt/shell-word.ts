/**
 * Words and commands of a shell, as they are read.
 *
 * Owns: their shapes, and the spellings that hide a word. Never: reads a command line (shell.ts).
 */

export type ShellWord = { text: string; isExact: boolean };
export type ShellCommand = {
  /** Assignments before the command: PATH=/x. */
  assignments: readonly string[];
  words: readonly ShellWord[];
  /** Files that redirections write, and those they read. */
  writes: readonly ShellWord[];
  reads: readonly ShellWord[];
  /** Its input is another command's output, a here-document or a here-string. */
  isFed: boolean;
  /** Text that is fed to it, where the command line holds it. */
  fedText?: string;
};
export type Shell = { commands: readonly ShellCommand[]; problem?: string };

/** A command while it is read. */
export type Building = {
  assignments: string[];
  words: ShellWord[];
  writes: ShellWord[];
  reads: ShellWord[];
  isFed: boolean;
  fedText?: string;
};

const PLAIN_ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  a: "\u0007",
  b: "\b",
  e: "\u001b",
  f: "\f",
  v: "\v",
};

/** The inside of $'...'. */
export function decodeEscapes(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,6})|([^]))/g,
    (_all, hex?: string, octal?: string, short?: string, long?: string, char?: string) => {
      if (char !== undefined) return PLAIN_ESCAPES[char] ?? char;
      const code =
        octal === undefined
          ? Number.parseInt(hex ?? short ?? long ?? "0", 16)
          : Number.parseInt(octal, 8);
      return code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
    },
  );
}

/** {rm,-rf,/} are three words to the shell. */
export function expandBraces(word: ShellWord): ShellWord[] {
  const inner = /^\{([^{}]*,[^{}]*)\}$/.exec(word.text)?.[1];
  if (word.isExact || inner === undefined) return [word];
  return inner.split(",").map((text) => ({ text, isExact: !/[$*?[]/.test(text) }));
}
