/** What `sluice down` does with a hub that does not answer for a while. */
import { afterAll, expect, test } from "vitest";
import { CliStage } from "../run-cli.fixture.ts";

const stage = new CliStage();
afterAll(() => stage[Symbol.asyncDispose]());

test("a hub that is frozen is told to end by the signal, and goes in order", async () => {
  const up = await stage.run(["up", "--json"]);
  const { pid } = JSON.parse(up.stdout) as { pid: number };
  process.kill(pid, "SIGSTOP");
  expect(await stage.run(["down"])).toMatchObject({
    code: 0,
    stdout: `hub stopped (pid ${pid})\n`,
  });
});

test.each([[["prompts"]], [["outbox"]], [["inbox"]], [["access", "log"]]])(
  "%j refuses a limit that is none, in its own words",
  async (words) => {
    const { code, stderr } = await stage.run([...words, "--limit", "0"]);
    expect(stderr).toMatch(/^sluice: --limit 0 is not a number from 1 to \d+\n$/);
    expect(code).toBe(2);
  },
);
