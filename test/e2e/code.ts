/**
 * A person at a terminal who adds a channel of their own.
 *
 * Owns: their files, and what they type. Never: a hub (rig.ts).
 */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CLI, type Rig, until } from "./rig.ts";

/** Writes files into a folder of their own and returns it. */
export function writeFiles(rig: Pick<Rig, "folder">, files: Record<string, string>): string {
  const folder = join(rig.folder, `code-${randomUUID().slice(0, 8)}`);
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return folder;
}

type TypingOptions = {
  cwd?: string;
  env?: Record<string, string>;
  cli?: string;
  /** Typed before anything is asked, as by a paste. */
  ahead?: string;
  /** Where the command's messages go instead of the screen. */
  messages?: string;
};

export type Typed = { code: number; screen: string };

/** What a person sees who types a command in a terminal of their own, and then `answers`, each once it is asked for. */
export async function typeInTerminal(
  rig: Pick<Rig, "folder" | "env">,
  args: readonly string[],
  answers: readonly string[] = [],
  more: TypingOptions = {},
): Promise<Typed> {
  const base = join(rig.folder, `terminal-${randomUUID()}`);
  const [log, done] = [`${base}.log`, `${base}.done`];
  const words = [process.execPath, more.cli ?? CLI, ...args].map(quote).join(" ");
  const messages = more.messages === undefined ? "" : ` 2>${quote(more.messages)}`;
  writeFileSync(`${base}.sh`, `${words}${messages}\necho $? > ${quote(done)}\n`);
  writeFileSync(`${base}.answers`, answers.map((answer) => `${answer}\n`).join(""));
  // Each line is typed once a question stands there; the terminal stays open until the command has ended.
  writeFileSync(
    `${base}.person`,
    `asked=0
printf '%s' ${quote(more.ahead ?? "")}
while IFS= read -r line; do
  asked=$((asked+1))
  until [ "$(grep -aoE 'to do it: |not shown: ' ${quote(log)} 2>/dev/null | wc -l)" -ge $asked ] || [ -e ${quote(done)} ]; do sleep 0.1; done
  printf '%s\\n' "$line"
done < ${quote(`${base}.answers`)}
until [ -e ${quote(done)} ]; do sleep 0.1; done
`,
  );
  const pipe = `sh ${quote(`${base}.person`)} | script -qefc ${quote(`sh ${quote(`${base}.sh`)}`)} ${quote(log)}`;
  // Nobody's child: what runs below a test that has sessions counts as a session's shell.
  const child = spawn("setsid", ["-f", "sh", "-c", pipe], {
    cwd: more.cwd ?? rig.folder,
    env: { ...rig.env, ...more.env, NO_COLOR: "1" },
    stdio: "ignore",
  });
  await once(child, "close");
  await until(
    "the command has ended",
    () => existsSync(done),
    120_000,
    () => readScreen(log),
  );
  return { code: Number(readFileSync(done, "utf8")), screen: readScreen(log) };
}

function readScreen(log: string): string {
  return existsSync(log) ? readFileSync(log, "utf8").replaceAll("\r", "") : "";
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
