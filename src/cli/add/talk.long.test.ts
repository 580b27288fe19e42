/** `sluice add` as a person meets it: in a terminal, with what is typed one answer after the other. */
import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { CliStage, CODE_CACHE, SLUICE } from "../run-cli.fixture.ts";
import { HAS_TERMINALS } from "../type-cli.fixture.ts";

const FAKES = fileURLToPath(new URL("../../../test/fakes/tunnels", import.meta.url));
const DOWN = "\u001b[B";
const CTRL_C = "\u0003";
const STUCK_MS = 60_000;

type Step = { see: RegExp; press?: string; act?: (screen: string) => Promise<void> };

function openStage() {
  const stage = new CliStage();
  onTestFinished(() => stage[Symbol.asyncDispose]());
  const [fakes, project] = [join(stage.folder, "fakes"), join(stage.folder, "project")];
  for (const folder of [fakes, join(project, ".git", "objects"), join(project, ".git", "refs")])
    mkdirSync(folder, { recursive: true });
  writeFileSync(join(project, ".git", "HEAD"), "ref: refs/heads/main\n");
  writeFileSync(
    join(project, ".git", "config"),
    '[remote "origin"]\n\turl = git@github.com:octo-org/octo-app.git\n',
  );
  return { stage, fakes, project };
}

/** Each step once its words are there, behind those of the step before. */
async function talk(
  { stage, fakes, project }: ReturnType<typeof openStage>,
  args: readonly string[],
  steps: readonly Step[],
): Promise<{ code: number | null; screen: string }> {
  const command = [process.execPath, SLUICE, ...args].map((word) => `'${word}'`).join(" ");
  const child = spawn("script", ["-qec", command, "/dev/null"], {
    cwd: project,
    env: {
      PATH: `${FAKES}${delimiter}${process.env["PATH"]}`,
      HOME: stage.folder,
      SLUICE_HOME: stage.home,
      SLUICE_TEST_FAKES: fakes,
      NODE_COMPILE_CACHE: CODE_CACHE,
      SLUICE_INGRESS_PORT: "0",
      NO_COLOR: "1",
    },
  });
  let screen = "";
  let from = 0;
  const left = [...steps];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    screen += text;
    const [step] = left;
    const shown = stripVTControlCharacters(screen.slice(from));
    if (step === undefined || !step.see.test(shown)) return;
    left.shift();
    from = screen.length;
    if (step.press !== undefined) child.stdin.write(step.press);
    void step.act?.(stripVTControlCharacters(screen));
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  // What waits for ever shows where.
  const stuck = setTimeout(() => child.kill("SIGKILL"), STUCK_MS);
  const code = await ended;
  clearTimeout(stuck);
  expect({ left: left.map(({ see }) => see.source), screen: code }, screen.slice(-2_000)).toEqual({
    left: [],
    screen: expect.any(Number),
  });
  return { code, screen: stripVTControlCharacters(screen) };
}

test.skipIf(!HAS_TERMINALS)(
  "from the kind to the first event, with nothing typed but answers",
  async () => {
    const scene = openStage();
    const { stage } = scene;
    // Its environment is the hub's: the fakes write where it says.
    await stage.run(["up"], { env: { SLUICE_TEST_FAKES: scene.fakes } });
    /** GitHub's first request, signed with the secret that was shown. */
    const ping = async (screen: string): Promise<void> => {
      const secret = /secret {2,}(\S+)/.exec(screen)?.[1] ?? "";
      const status = await stage.run(["status", "--json"]);
      const { hub } = JSON.parse(status.stdout) as { hub: { ingress: { port: number } } };
      const body = JSON.stringify({ zen: "Design for failure.", hook_id: 1, hook: { events: [] } });
      await fetch(`http://127.0.0.1:${hub.ingress.port}/in/github`, {
        method: "POST",
        body,
        headers: {
          "Content-Type": "application/json",
          "X-GitHub-Event": "ping",
          "X-GitHub-Delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
          "X-Hub-Signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
        },
      });
    };
    const { code, screen } = await talk(
      scene,
      ["add"],
      [
        { see: /Type to search/, press: "github" },
        { see: /Search: github/, press: "\r" },
        { see: /How does GitHub reach/, press: `${DOWN}${DOWN}${DOWN}\r` },
        { see: /At which address/, press: "https://hooks.invalid\r" },
        { see: /Where is the webhook made/, press: "\r" },
        { see: /Waiting for the first event/, act: ping },
      ],
    );
    expect([code, screen]).toEqual([0, expect.stringContaining("It works: ping")]);
    expect(screen).toContain("made in octo-org/octo-app");
    expect(readdirSync(join(scene.fakes, "gh-hooks"))).toHaveLength(1);
  },
);

test.skipIf(!HAS_TERMINALS)("Ctrl-C at a question leaves nothing half made", async () => {
  const scene = openStage();
  const { code, screen } = await talk(
    scene,
    ["add", "sentry"],
    [{ see: /How does Sentry reach/, press: CTRL_C }],
  );
  expect([code, screen]).toEqual([2, expect.stringContaining("nothing was added")]);
  expect((await scene.stage.run(["channels", "--json"])).stdout).toBe("[]\n");
  expect(JSON.parse((await scene.stage.run(["status", "--json"])).stdout)).not.toHaveProperty(
    "hub.tunnel",
  );
});

test("without a terminal nothing is asked, and the same is said by flags", async () => {
  const { stage, fakes } = openStage();
  const env = { PATH: `${FAKES}${delimiter}${process.env["PATH"]}`, SLUICE_TEST_FAKES: fakes };
  const missing = await stage.run(["add"], { env });
  expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining("<kind> is missing")]);
  const flags = ["--tunnel-url", "https://hooks.invalid", "--hook", "octo-org/octo-app"];
  const { code, stdout } = await stage.run(["add", "github", ...flags, "--wait", "1s", "--json"], {
    env,
  });
  // Nothing has come in that second.
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    name: "github",
    publicUrl: "https://hooks.invalid/in/github",
    tunnel: { by: "own", state: "unproven" },
    hooks: { made: [{ target: "octo-org/octo-app" }], faults: [] },
  });
});
