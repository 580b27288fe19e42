/**
 * Runs the command line in a terminal of its own, as a person would.
 *
 * Owns: the terminal (`script` of util-linux) and typing answers. Never: calls a command's code directly.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { stripVTControlCharacters } from "node:util";
import { type CliStage, CODE_CACHE, SLUICE } from "./run-cli.fixture.ts";

/** Where there is such a terminal. */
export const HAS_TERMINALS = process.platform === "linux";

export type Typed = { code: number | null; screen: string };

/** Runs a command to its end, and answers each of its questions with the next of `answers`. */
export async function type(
  stage: CliStage,
  args: readonly string[],
  answers: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Typed> {
  const left = [...answers];
  const command = [process.execPath, SLUICE, ...args].map((word) => `'${word}'`).join(" ");
  const child = spawn("script", ["-qec", command, "/dev/null"], {
    cwd: stage.folder,
    env: {
      PATH: process.env["PATH"],
      HOME: stage.folder,
      SLUICE_HOME: stage.home,
      NODE_COMPILE_CACHE: CODE_CACHE,
      SLUICE_INGRESS_PORT: "0",
      NO_COLOR: "1",
      ...env,
    },
  });
  let screen = "";
  let answeredAt = 0;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    screen += text;
    const shown = stripVTControlCharacters(screen);
    // The escape behind a question may come by itself: that is no further question.
    const isAsked = shown.endsWith(": ") && shown.length > answeredAt;
    if (isAsked) answeredAt = shown.length;
    const answer = isAsked ? left.shift() : undefined;
    if (answer !== undefined) child.stdin.write(`${answer}\r`);
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, screen };
}
