/**
 * A channel of one's own as somebody adds it who has installed the packed package, from a folder with nothing else in it.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { typeInTerminal, writeFiles } from "./code.ts";
import { openRig, ROOT, until } from "./rig.ts";

test("after a global install of the packed package, a file in an empty folder is added and its event is kept", async () => {
  await using rig = openRig();
  const prefix = join(rig.folder, "prefix");
  mkdirSync(prefix);
  execFileSync("npm", ["pack", "--ignore-scripts", `--pack-destination=${rig.folder}`], {
    cwd: ROOT,
    stdio: "ignore",
  });
  const tarball = readdirSync(rig.folder).find((name) => name.endsWith(".tgz")) ?? "";
  execFileSync(
    "npm",
    [
      "install",
      "-g",
      "--no-audit",
      "--no-fund",
      "--ignore-scripts",
      `--prefix=${prefix}`,
      join(rig.folder, tarball),
    ],
    { stdio: "ignore" },
  );
  const cli = realpathSync(join(prefix, "bin/sluice"));
  const folder = writeFiles(rig, {
    "notes.ts": `import { defineChannel, localOnly } from "sluice";
import { z } from "zod";
enum Level { Low, High }
export default defineChannel({
  kind: "notes",
  webhook: { verify: localOnly(), payload: z.object({ say: z.string() }), receive: ({ payload }) => \`\${payload.say} \${Level[1]}\` },
});
`,
  });
  const env = { SLUICE_CLI: cli };
  const added = await typeInTerminal(rig, ["add", "./notes.ts"], ["yes"], {
    cwd: folder,
    cli,
    env,
  });
  expect(added.code, added.screen).toBe(0);
  const url = `http://127.0.0.1:${rig.env["SLUICE_INGRESS_PORT"]}/in/notes`;
  const headers = { "content-type": "application/json" };
  let kept = "";
  await until("it is kept", async () => {
    const answered = await fetch(url, { method: "POST", headers, body: '{"say":"hi"}' });
    kept = await answered.text();
    return answered.status === 202;
  });
  expect((await rig.event((JSON.parse(kept) as { id: string }).id)).text).toBe("hi High");
});
