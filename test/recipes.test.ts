/** The recipes of docs/recipes.md as they stand there, each run where its language is installed, against a real hub. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import type { EventView } from "../src/api/wire/wire.ts";
import { CliStage } from "../src/cli/run-cli.fixture.ts";

const ROOT = resolve(import.meta.dirname, "..");
const page = readFileSync(join(ROOT, "docs/recipes.md"), "utf8");
const recipes = [...page.matchAll(/^```\w+\n(?:\/\/|#) (\S+)\n(.*?)^```/gms)].map(
  ([, name = "", code = ""]) => ({ name, code }),
);

/** How each file is run, and what shows that its language is there. */
const RUNNERS: Record<string, { look: [string, string]; run: string[]; says: string[] }> = {
  "app.mjs": {
    look: [process.execPath, "--version"],
    run: [process.execPath, "app.mjs"],
    says: ["Deploy of api failed: health check timed out", "SyntaxError: "],
  },
  "app.sh": {
    look: ["curl", "--version"],
    run: ["sh", "app.sh"],
    says: ["Backup failed: no space"],
  },
  "app.py": {
    look: ["python3", "--version"],
    run: ["python3", "app.py"],
    says: ["KeyError: 'order'"],
  },
  "main.go": {
    look: ["go", "version"],
    run: ["go", "run", "main.go"],
    says: ["Queue is 10 minutes"],
  },
  "app.rb": { look: ["ruby", "--version"], run: ["ruby", "app.rb"], says: ["Import finished"] },
};

test("every recipe is run here, or its language is not on this machine", async () => {
  expect(recipes.map(({ name }) => name)).toEqual(Object.keys(RUNNERS));
  await using stage = new CliStage();
  mkdirSync(join(stage.folder, "node_modules"));
  symlinkSync(ROOT, join(stage.folder, "node_modules/sluice"));
  const added = await stage.run(["add", "webhook", "--name", "app", "--json"]);
  const { url, token } = JSON.parse(added.stdout) as { url: string; token: string };
  const expected: string[] = [];
  for (const { name, code } of recipes) {
    const runner = RUNNERS[name];
    if (runner === undefined) throw new Error(`nobody runs ${name}`);
    const { look, run, says } = runner;
    if (spawnSync(look[0], [look[1]]).status !== 0) {
      console.warn(`the recipe ${name} is not run: no ${look[0]} on this machine`);
      continue;
    }
    writeFileSync(join(stage.folder, name), code);
    const [program = "", ...args] = run;
    const ran = spawnSync(program, args, {
      cwd: stage.folder,
      encoding: "utf8",
      env: {
        PATH: process.env["PATH"],
        HOME: stage.folder,
        TMPDIR: stage.folder,
        SLUICE_APP_URL: url,
        SLUICE_APP_TOKEN: token,
      },
    });
    expect(ran.status, `${name}: ${ran.stderr}`).toBe(0);
    expected.push(...says);
  }
  const list = async (): Promise<EventView[]> => {
    const { stdout } = await stage.run(["inbox", "--json"]);
    return stdout
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as EventView);
  };
  await expect.poll(async () => (await list()).length).toBe(expected.length);
  const texts = (await list()).map(({ text }) => text);
  for (const [index, words] of expected.entries()) expect(texts[index]).toContain(words);
});
