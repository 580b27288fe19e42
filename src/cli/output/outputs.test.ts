import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { printJson, printLine } from "./print.ts";

const CLI = join(import.meta.dirname, "..");
/** What they write themselves: questions in fixed words; frames of the demo, made printable in host/render.ts. */
const OTHERS = ["commands/demo.ts", "questions.ts"];

test("PRINT-1: commands write to the terminal by print.ts alone", () => {
  const writers = globSync("**/*.ts", { cwd: CLI }).filter(
    (file) =>
      !/\.(?:test|fixture)\.ts$/.test(file) &&
      /process\.std(?:out|err)\.write|console\./.test(readFileSync(join(CLI, file), "utf8")),
  );
  expect(writers.toSorted()).toEqual([...OTHERS, "output/print.ts"].toSorted());
});

test("PRINT-1: a line that a command forgot to make safe is made safe as it is printed", () => {
  const written: string[] = [];
  const { write } = process.stdout;
  process.stdout.write = ((text: string) => written.push(text) > 0) as typeof write;
  try {
    printLine("\u001b[2mdim\u001b[22m \u001b]0;x\u0007 \u{e0041}\u202e\u009b");
    printJson({ text: "\u{e0041}\u202e\u009b" });
  } finally {
    process.stdout.write = write;
  }
  expect(written).toEqual([
    "\u001b[2mdim\u001b[22m ⟨U+001B⟩]0;x⟨U+0007⟩ ⟨U+E0041⟩⟨U+202E⟩⟨U+009B⟩\n",
    '{"text":"\\udb40\\udc41\\u202e\\u009b"}\n',
  ]);
});
