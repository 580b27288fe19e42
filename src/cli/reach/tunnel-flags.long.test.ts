/** `sluice up --tunnel` where it fails: what there was before is there again. */
import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { CliStage } from "../run-cli.fixture.ts";

const FAKES = fileURLToPath(new URL("../../../test/fakes/tunnels", import.meta.url));

test("TUNNEL-5: a new tunnel that gives no address takes the earlier one not away", async () => {
  const stage = new CliStage();
  onTestFinished(() => stage[Symbol.asyncDispose]());
  const fakes = join(stage.folder, "fakes");
  mkdirSync(fakes);
  writeFileSync(join(fakes, "cloudflared.mode"), "rate-limited");
  const env = {
    PATH: [FAKES, dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter),
    SLUICE_TEST_FAKES: fakes,
  };
  const run = (...args: string[]) => stage.run(args, { env });
  expect((await run("up", "--tunnel-url", "https://hooks.invalid")).code).toBe(0);
  const { code, stderr } = await run("up", "--tunnel", "cloudflared");
  expect(code).not.toBe(0);
  expect(stderr).toContain("(429)");
  expect(stderr).toContain("the earlier tunnel (your own) is put back");
  const { hub } = JSON.parse((await run("status", "--json")).stdout) as {
    hub: { tunnel: { by: string; url: string } };
  };
  expect(hub.tunnel).toMatchObject({ by: "own", url: "https://hooks.invalid" });
});
