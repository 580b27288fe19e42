/**
 * Questions to the person at the terminal.
 *
 * Owns: asking, with or without an echo. Never: what an answer means.
 *
 * Questions go to stderr: stdout may be somebody's JSON.
 */
import { Writable } from "node:stream";

export type Questions = {
  /** Rejects on Ctrl-C and Ctrl-D. */
  ask(question: string): Promise<string>;
  close(): void;
};

/** Until nothing more has come for so long: what was pasted comes at once. */
const QUIET_MS = 150;
const CTRL_C = 3;

/**
 * Throws away what was typed before there was anything to answer. Whoever pastes a command may not see that lines behind it are answers to
 * what it asks.
 */
export async function dropTypedAhead(): Promise<void> {
  const { stdin } = process;
  if (!stdin.isTTY) return;
  let isQuiet = false;
  const drop = (typed: Buffer): void => {
    isQuiet = false;
    if (typed.includes(CTRL_C)) process.kill(process.pid, "SIGINT");
  };
  // Else the terminal holds back a line that has no end yet.
  stdin.setRawMode(true);
  stdin.on("data", drop);
  try {
    while (!isQuiet) {
      isQuiet = true;
      await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    }
  } finally {
    stdin.off("data", drop);
    stdin.pause();
    stdin.setRawMode(false);
  }
}

/** `hidden`: what is typed is not shown from now on; what is typed before it is asked for is not shown either. */
export function openQuestions({ hidden }: { hidden: boolean }): Questions {
  const silence = new Writable({ write: (_chunk, _encoding, done) => done() });
  // Loaded where somebody is asked: nearly every command asks nobody.
  const { createInterface } = process.getBuiltinModule("node:readline/promises");
  const lines = createInterface({
    input: process.stdin,
    output: hidden ? silence : process.stderr,
    terminal: true,
  });
  // Readline holds the terminal, so nobody else hears a Ctrl-C; after a Ctrl-D an answer never comes.
  const stopped = new AbortController();
  lines.once("SIGINT", () => stopped.abort());
  lines.once("close", () => stopped.abort());
  return {
    async ask(question) {
      if (!hidden) return lines.question(question, { signal: stopped.signal });
      process.stderr.write(question);
      try {
        return await lines.question("", { signal: stopped.signal });
      } finally {
        process.stderr.write("\n");
      }
    },
    close: () => lines.close(),
  };
}
