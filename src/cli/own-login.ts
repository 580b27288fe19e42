/**
 * The login on GitHub that this user's tools know.
 *
 * Owns: asking `gh` and `git` for it. Never: asks the network, reads a credential, or runs anything of a repository: both commands print
 * one value of the user's own configuration, from a folder that is no repository.
 */
import { execFile } from "node:child_process";
import { tmpdir } from "node:os";

const WAIT_MS = 3_000;
const QUESTIONS: readonly (readonly [command: string, args: readonly string[]])[] = [
  ["gh", ["config", "get", "user", "--host", "github.com"]],
  ["git", ["config", "--global", "--get", "github.user"]],
];

/** Undefined where neither knows one. */
export async function findOwnLogin(): Promise<string | undefined> {
  const answers = await Promise.all(QUESTIONS.map(([command, args]) => ask(command, args)));
  return answers.find((answer) => /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(answer));
}

function ask(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    // Not installed, or without such a value: both are no answer.
    execFile(
      command,
      args,
      { cwd: tmpdir(), timeout: WAIT_MS, windowsHide: true },
      (fault, stdout) => resolve(fault === null ? stdout.trim() : ""),
    );
  });
}
