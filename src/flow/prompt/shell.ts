/**
 * Reading a shell command as the shell would: which programs it starts, with which words, and which files it writes.
 *
 * Owns: quotes, expansions, operators, here-documents and nesting. Never: judges (risk.ts, rules.ts), runs or expands anything.
 *
 * S1 What cannot be read is said to be so: `problem`. Nobody may take an unread command for a harmless one.
 * S2 A word that the shell would fill in ($x, *, {a,b}) is not exact: its text is no fact.
 * S3 Commands in $(), backticks, <() and here-documents are in the list like any other.
 *
 * The grammar: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html and the Bash manual. Tools that parse all of it
 * are grammars in WebAssembly or unmaintained; for a judgement that errs on the side of asking, words are enough.
 */

import { decodeEscapes, expandBraces } from "./shell-word.ts";
import type { Building, Shell, ShellCommand, ShellWord } from "./shell-word.ts";

const MAX_DEPTH = 24;
const MAX_CHARS = 100_000;
const BLANK = /[ \t\r]/;
const META = /[ \t\r\n;&|<>()]/;
/** Words that only steer; what follows them is a command again. */
const KEYWORDS = new Set("if then elif else fi do done while until ! { } time".split(" "));
const ASSIGNMENT = /^[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=/;

type Document = { end: string; isLiteral: boolean; command: Building; stripsTabs: boolean };

/** Pure, linear time in all but the depth of nesting. */
export function readShell(text: string): Shell {
  if (text.length > MAX_CHARS) return { commands: [], problem: "it is too long to be read" };
  const reader = new Reader(text);
  try {
    reader.readList(undefined, 0);
  } catch (thrown) {
    if (thrown instanceof Unreadable) return { commands: reader.commands, problem: thrown.message };
    throw thrown;
  }
  return { commands: reader.commands };
}

class Unreadable extends Error {}

class Reader {
  readonly commands: ShellCommand[] = [];
  readonly #text: string;
  #at = 0;
  #documents: Document[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  /** Reads commands up to `close`, or to the end. */
  readList(close: ")" | undefined, depth: number): void {
    if (depth > MAX_DEPTH) throw new Unreadable("it is nested too deep");
    let command = toEmpty();
    let cases = 0;
    const end = (feedsNext = false): void => {
      if (
        command.words.length +
          command.assignments.length +
          command.writes.length +
          command.reads.length >
        0
      )
        this.commands.push(command);
      command = toEmpty();
      command.isFed = feedsNext;
    };
    while (this.#at < this.#text.length) {
      const char = this.#text[this.#at] ?? "";
      if (BLANK.test(char)) this.#at++;
      else if (char === "\\" && this.#text[this.#at + 1] === "\n") this.#at += 2;
      else if (char === "#") this.#skipLine();
      else if (char === "\n") {
        this.#at++;
        end();
        this.#readDocuments(depth);
      } else if (close !== undefined && char === close && !(char === ")" && cases > 0)) {
        this.#at++;
        end();
        return;
      } else if (char === ")" && cases > 0) {
        // The pattern of a case is no command.
        this.#at++;
        command = toEmpty();
      } else if (char === ")") throw new Unreadable("a bracket closes that none opened");
      else if (char === "(") {
        this.#at++;
        if (command.words.length === 0 && this.#text[this.#at] === "(") this.#skipArithmetic();
        else if (command.words.length === 1 && this.#text[this.#at] === ")") {
          // A function: its body comes as commands, so it is judged like any other.
          this.#at++;
          command = toEmpty();
        } else if (command.assignments.at(-1)?.endsWith("=") === true) this.#skipArray(depth);
        else if (command.words.length > 0 && !BLANK.test(this.#text[this.#at - 2] ?? " "))
          // ls *(e:'command':)
          throw new Unreadable("a pattern with a bracket can run commands");
        else {
          end();
          this.readList(")", depth + 1);
        }
      } else if (char === "|") {
        this.#at += /^\|[|&]/.test(this.#text.slice(this.#at, this.#at + 2)) ? 2 : 1;
        end(this.#text[this.#at - 1] !== "|" || this.#text[this.#at - 2] !== "|");
      } else if (char === ";" || (char === "&" && !this.#text.startsWith("&>", this.#at))) {
        while (/[;&]/.test(this.#text[this.#at] ?? "")) this.#at++;
        end();
      } else if (
        /^\d*[<>]|^&>/.test(this.#text.slice(this.#at, this.#at + 12)) &&
        this.#isRedirect()
      ) {
        this.#readRedirect(command, depth);
      } else {
        const word = this.#readWord(depth);
        const first = command.words.length === 0;
        if (first && word.isExact && word.text === "case") cases++;
        if (first && word.isExact && word.text === "esac") {
          cases = Math.max(0, cases - 1);
          continue;
        }
        if (first && word.text === "function") {
          while (BLANK.test(this.#text[this.#at] ?? "")) this.#at++;
          this.#readWord(depth);
        } else if (first && /^(?:case|for|select)$/.test(word.text)) {
          // Up to the list of values: names and words, in which only substitutions run.
          this.#skipHead(depth);
        } else if (first && KEYWORDS.has(word.text)) continue;
        else if (first && ASSIGNMENT.test(word.text)) command.assignments.push(word.text);
        else command.words.push(...expandBraces(word));
      }
    }
    if (close !== undefined) throw new Unreadable("a bracket is not closed");
    end();
    if (this.#documents.length > 0) throw new Unreadable("a here-document is not there");
  }

  #isRedirect(): boolean {
    // `<(` and `>(` begin a word.
    return !/^[<>]\(/.test(this.#text.slice(this.#at, this.#at + 2));
  }

  #readRedirect(command: Building, depth: number): void {
    const operator =
      /^\d*(?:&>>?|>&|<&|<<<|<<-?|<>|>>|>\||[<>])|^&>>?/.exec(
        this.#text.slice(this.#at, this.#at + 12),
      )?.[0] ?? "";
    this.#at += operator.length;
    while (BLANK.test(this.#text[this.#at] ?? "")) this.#at++;
    const sign = operator.replace(/^\d+/, "");
    const from = this.#at;
    const word = this.#readWord(depth);
    if (this.#at === from) throw new Unreadable("a redirection leads nowhere");
    if (sign === "<<<") {
      command.isFed = true;
      if (word.isExact) command.fedText = word.text;
    } else if (sign.startsWith("<<")) {
      command.isFed = true;
      const isLiteral = /["'\\]/.test(this.#text.slice(from, this.#at));
      this.#documents.push({ end: word.text, isLiteral, command, stripsTabs: sign === "<<-" });
    } else if (/^[<>]&$/.test(sign) && /^(?:\d+|-|\d+-)$/.test(word.text)) return;
    else if (sign === "<" || sign === "<&") {
      command.reads.push(word);
      command.isFed = true;
    } else command.writes.push(word);
  }

  /** The bodies of here-documents, which begin on the line after. */
  #readDocuments(depth: number): void {
    for (const { end, isLiteral, command, stripsTabs } of this.#documents.splice(0)) {
      const from = this.#at;
      let isClosed = false;
      while (this.#at < this.#text.length && !isClosed) {
        const next = this.#text.indexOf("\n", this.#at);
        const line = this.#text.slice(this.#at, next === -1 ? undefined : next);
        this.#at = next === -1 ? this.#text.length : next + 1;
        isClosed = (stripsTabs ? line.replace(/^\t+/, "") : line) === end;
      }
      if (!isClosed) throw new Unreadable("a here-document does not end");
      const body = this.#text.slice(from, this.#at).replace(/[^\n]*\n?$/, "");
      command.fedText = body;
      if (!isLiteral) this.#readInner(body, depth);
    }
  }

  /** Substitutions in text that is otherwise not run. */
  #readInner(body: string, depth: number): void {
    const inner = new Reader(body);
    while (inner.#at < body.length) {
      if (body[inner.#at] === "\\") inner.#at += 2;
      else if (!inner.#readSubstitution(depth)) inner.#at++;
    }
    this.commands.push(...inner.commands);
  }

  #readWord(depth: number): ShellWord {
    let text = "";
    let isExact = true;
    while (this.#at < this.#text.length) {
      const char = this.#text[this.#at] ?? "";
      if (char === "\\") {
        const next = this.#text[this.#at + 1];
        if (next === undefined) throw new Unreadable("it ends in a backslash");
        if (next !== "\n") text += next;
        this.#at += 2;
      } else if (char === "'") {
        const close = this.#text.indexOf("'", this.#at + 1);
        if (close === -1) throw new Unreadable("a quote is not closed");
        text += this.#text.slice(this.#at + 1, close);
        this.#at = close + 1;
      } else if (char === '"' || (char === "$" && this.#text[this.#at + 1] === '"')) {
        this.#at += char === "$" ? 2 : 1;
        const inner = this.#readQuoted(depth);
        text += inner.text;
        isExact &&= inner.isExact;
      } else if (char === "$" && this.#text[this.#at + 1] === "'") text += this.#readEscaped();
      else if (/[<>]/.test(char) && this.#text[this.#at + 1] === "(") {
        this.#at += 2;
        this.readList(")", depth + 1);
        text += "$()";
        isExact = false;
      } else if (char === "$" || char === "`") {
        const from = this.#at;
        isExact = false;
        if (!this.#readSubstitution(depth)) this.#at++;
        const source = this.#text.slice(from, this.#at);
        text += /^\$(?:\w*|\{\w+\})$/.test(source) ? source : "$()";
      } else if (META.test(char)) break;
      else {
        if (
          /[*?[]/.test(char) ||
          (char === "{" &&
            /^\{[^\s{}]*(?:,|\.\.)[^\s{}]*\}/.test(this.#text.slice(this.#at, this.#at + 200)))
        )
          isExact = false;
        text += char;
        this.#at++;
      }
    }
    // The test command, and no pattern.
    return { text, isExact: isExact || /^\[\[?$/.test(text) };
  }

  /** Between double quotes, the first of which is read. */
  #readQuoted(depth: number): ShellWord {
    let text = "";
    let isExact = true;
    while (this.#at < this.#text.length) {
      const char = this.#text[this.#at] ?? "";
      if (char === '"') {
        this.#at++;
        return { text, isExact };
      }
      if (char === "\\") {
        const next = this.#text[this.#at + 1] ?? "";
        if (next !== "\n") text += /[$`"\\]/.test(next) ? next : `\\${next}`;
        this.#at += 2;
      } else if (char === "$" || char === "`") {
        const from = this.#at;
        if (this.#readSubstitution(depth)) {
          isExact = false;
          const source = this.#text.slice(from, this.#at);
          text += /^\$(?:\w+|\{\w+\})$/.test(source) ? source : "$()";
        } else {
          text += char;
          this.#at++;
        }
      } else {
        text += char;
        this.#at++;
      }
    }
    throw new Unreadable("a quote is not closed");
  }

  /** $x, ${x}, $(x), $((x)) and backticks. False where a dollar is only a dollar. */
  #readSubstitution(depth: number): boolean {
    if (depth > MAX_DEPTH) throw new Unreadable("it is nested too deep");
    const rest = this.#text.slice(this.#at, this.#at + 3);
    if (rest.startsWith("`")) {
      const found = /^`((?:[^`\\]|\\[^])*)`/.exec(this.#text.slice(this.#at));
      if (found === null) throw new Unreadable("a backtick is not closed");
      this.#at += found[0].length;
      const inner = new Reader((found[1] ?? "").replace(/\\([`\\$])/g, "$1"));
      // What was read of it counts, even where the rest cannot be.
      try {
        inner.readList(undefined, depth + 1);
      } finally {
        this.commands.push(...inner.commands);
      }
      return true;
    }
    if (rest.startsWith("$((")) {
      this.#at += 2;
      this.#skipArithmetic();
      return true;
    }
    if (rest.startsWith("$(")) {
      this.#at += 2;
      this.readList(")", depth + 1);
      return true;
    }
    if (rest.startsWith("${")) {
      this.#at += 2;
      while (this.#at < this.#text.length && this.#text[this.#at] !== "}") {
        if (this.#text.startsWith("@P}", this.#at))
          throw new Unreadable("an expansion runs what a variable holds");
        if (this.#text[this.#at] === "\\") this.#at += 2;
        else if (!this.#readSubstitution(depth + 1)) this.#at++;
      }
      if (this.#at >= this.#text.length) throw new Unreadable("a bracket is not closed");
      this.#at++;
      return true;
    }
    const name = /^\$(?:[A-Za-z_]\w*|[0-9@*#?$!-])/.exec(
      this.#text.slice(this.#at, this.#at + 256),
    );
    if (name === null) return false;
    this.#at += name[0].length;
    return true;
  }

  /** $'...', whose escapes can spell anything. */
  #readEscaped(): string {
    const found = /^\$'((?:[^'\\]|\\[^])*)'/.exec(this.#text.slice(this.#at, this.#at + 10_000));
    if (found === null) throw new Unreadable("a quote is not closed");
    this.#at += found[0].length;
    return decodeEscapes(found[1] ?? "");
  }

  /** From the second bracket of ((. */
  #skipArithmetic(): void {
    const close = this.#text.indexOf("))", this.#at);
    const body = close === -1 ? "" : this.#text.slice(this.#at, close);
    if (close === -1 || /[$`]\(|`/.test(body)) throw new Unreadable("its arithmetic runs commands");
    this.#at = close + 2;
  }

  /** `for x in a b`, `case $x in`: up to where commands begin. */
  #skipHead(depth: number): void {
    while (this.#at < this.#text.length && !/[;\n]/.test(this.#text[this.#at] ?? "")) {
      if (META.test(this.#text[this.#at] ?? "")) {
        if (/[()&|<>]/.test(this.#text[this.#at] ?? "")) return;
        this.#at++;
      } else if (
        this.#readWord(depth).text === "in" &&
        /^\s*[^\s;]+\)/.test(this.#text.slice(this.#at, this.#at + 200))
      )
        return;
    }
  }

  /** The values of `a=(x y)`. */
  #skipArray(depth: number): void {
    while (this.#at < this.#text.length && this.#text[this.#at] !== ")") {
      if (/\s/.test(this.#text[this.#at] ?? "")) this.#at++;
      else if (META.test(this.#text[this.#at] ?? "")) throw new Unreadable("a list is not closed");
      else this.#readWord(depth);
    }
    if (this.#at >= this.#text.length) throw new Unreadable("a list is not closed");
    this.#at++;
  }

  #skipLine(): void {
    const next = this.#text.indexOf("\n", this.#at);
    this.#at = next === -1 ? this.#text.length : next;
  }
}

function toEmpty(): Building {
  return { assignments: [], words: [], writes: [], reads: [], isFed: false };
}
