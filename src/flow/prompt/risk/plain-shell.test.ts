import { expect, test } from "vitest";
import { readPlainShell } from "./plain-shell.ts";

const toWords = (text: string): string[] | string => {
  const shell = readPlainShell(text);
  return shell.kind === "unread"
    ? shell.why
    : shell.commands.flatMap(({ words, after }) => [
        ...(after === "" ? [] : [after]),
        ...words.map((word) => word.text),
      ]);
};

test.each([
  ["ls -la src", ["ls", "-la", "src"]],
  ["  git   log -5\n", ["git", "log", "-5"]],
  ["rg \"a b\" 'c d'", ["rg", "a b", "c d"]],
  ['rg "total\\(" src', ["rg", "total\\(", "src"]],
  ["git log --grep='a b' HEAD~2", ["git", "log", "--grep=a b", "HEAD~2"]],
  ["a | b && c || d; e", ["a", "|", "b", "&&", "c", "||", "d", ";", "e"]],
  ["cat ~/x", ["cat", "~/x"]],
])("plain words are read as they stand: %j", (text, words) => {
  expect(toWords(text)).toEqual(words);
});

test.each([
  "ls $HOME",
  "ls `id`",
  'ls "$HOME"',
  'ls "a\\"b"',
  "ls *.ts",
  "ls a?",
  "ls [ab]",
  "ls {a,b}",
  "ls > x",
  "ls < x",
  "ls & id",
  "ls &",
  "ls\nid",
  "ls\r id",
  "ls\tx",
  "ls \\\nx",
  "ls a\\ b",
  "g''it status",
  "'ls'",
  'l"s"',
  "ls x'y'",
  "--x='a' b",
  "A=1 ls",
  "ls #x",
  "ls !x",
  "(ls)",
  "ls ~ann",
  "ls a=~/x",
  "ls --sort==ls",
  "ls =id",
  "ls \u00a0x",
  "ls \u200bx",
  "ls \u0000",
  "ls é",
  "ls 'a\u202eb'",
  "ls |",
  "| ls",
  "ls ;; id",
  "",
  "   ",
  "a".repeat(5_000),
])("SHELL-1: what shells fill in, or read in several ways, is not read: %j", (text) => {
  expect(typeof toWords(text)).toBe("string");
});

test("SHELL-1: why is said in words", () => {
  expect(toWords("ls > x")).toBe("it redirects");
  expect(toWords("ls\nid")).toBe("it has more than one line");
  expect(toWords("ls $x")).toBe("the shell fills something in ($ or `)");
});
