/** `sluice run` below a shell with job control, in a terminal of its own: Ctrl-C, Ctrl-Z, fg, and a command that stops itself. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { expect, onTestFinished, test } from "vitest";
import { CliStage, SLUICE } from "../run-cli.fixture.ts";
import { HAS_TERMINALS } from "../type-cli.fixture.ts";

const RUN = `"${process.execPath}" "${SLUICE}" run --`;

class Shell {
  readonly #child: ChildProcessWithoutNullStreams;
  #screen = "";

  constructor(stage: CliStage) {
    this.#child = spawn("script", ["-qec", "bash --norc --noprofile -i", "/dev/null"], {
      cwd: stage.folder,
      env: { PATH: process.env["PATH"], HOME: stage.folder, SLUICE_HOME: stage.home, PS1: "> " },
    });
    this.#child.stdout.setEncoding("utf8").on("data", (text: string) => (this.#screen += text));
    onTestFinished(() => void this.#child.kill("SIGKILL"));
  }

  /** Types, and waits until the screen shows it; what was there before does not count. */
  async type(keys: string, shows: RegExp): Promise<string> {
    const from = this.#screen.length;
    this.#child.stdin.write(keys);
    await expect.poll(() => this.#screen.slice(from)).toMatch(shows);
    return this.#screen.slice(from);
  }
}

test.runIf(HAS_TERMINALS)(
  "RUNCHILD-1 and RUNCHILD-4: Ctrl-Z stops the job, fg continues it, Ctrl-C reaches the command once, and a loop of the shell ends by it",
  async () => {
    await using stage = new CliStage();
    const shell = new Shell(stage);
    const trap = `trap 'echo int-$((n=n+1)); exit 7' INT; echo be''gun; while :; do sleep 0.05; done`;
    await shell.type(`${RUN} bash -c "${trap.replaceAll("$", "\\$")}"\n`, /begun/);
    await shell.type("\u001a", /Stopped/);
    await shell.type("jobs; echo lis''ted\n", /Stopped[^]*listed/);
    await shell.type("fg\n", /fg/);
    const ended = await shell.type("\u0003", /int-1[^]*> /);
    expect(ended).not.toContain("int-2");
    await shell.type("echo code=$?\n", /code=7/);

    await shell.type(`${RUN} sh -c 'kill -TSTP $$; echo re""sumed'\n`, /Stopped/);
    await shell.type("fg\n", /resumed/);
    const loop = `for i in 1 2 3; do ${RUN} sh -c 'echo ro""und; exec sleep 60'; done; echo af''ter\n`;
    await shell.type(loop, /round/);
    const left = await shell.type("\u0003", /> /);
    expect(left).not.toMatch(/round|after/);
    await shell.type("echo code=$?\n", /code=130/);
  },
);
