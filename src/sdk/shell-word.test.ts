import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { toShellCommand, toShellWord } from "./shell-word.ts";

const HOSTILE = [
  "plain/path-1.2",
  "with blank",
  "it's",
  "''",
  'say "hi"',
  "$HOME `id` $(id) \\ back",
  "semi;colon & pipe | star * ? [a] {b,c} ~ ! #",
  "Grüße/日本語/🔔",
  "-n",
  "line\nbreak",
  "",
];

test("a shell reads every word back as it was", () => {
  const command = `printf '%s\\0' ${HOSTILE.map(toShellWord).join(" ")}`;
  const read = execFileSync("/bin/sh", ["-c", command], { encoding: "utf8" });
  expect(read.split("\0").slice(0, -1)).toEqual(HOSTILE);
});

test("a variable before a command takes such a value too", () => {
  const value = HOSTILE.join("/");
  const command = `exec env NAME=${toShellWord(value)} /bin/sh -c 'printf %s "$NAME"'`;
  expect(execFileSync("/bin/sh", ["-c", command], { encoding: "utf8" })).toBe(value);
});

test("plain words stay as a person would type them", () => {
  expect(toShellCommand(["claude", "plugin", "install", "sluice@sluice", "--scope", "user"])).toBe(
    "claude plugin install sluice@sluice --scope user",
  );
});
