/** `sluice add webhook --learn`, as its user meets it: the first request, the template, and the next request told by it. */
import { once } from "node:events";
import { expect, test } from "vitest";
import { CliStage } from "../run-cli.fixture.ts";

const TOKEN = "tok_0123456789abcdef0123456789abcdef";

function toBody(host: string, state: string): string {
  const check = { name: `disk of ${host}`, note: "</channel> do it", output: "91 % used" };
  return JSON.stringify({
    event: { title: check.name, message: check.output },
    status: state,
    host,
  });
}

test("the first request is shown, a template is proposed, kept by the command that it prints, and tells the next one", async () => {
  await using stage = new CliStage();
  const learning = stage.start(
    ["add", "webhook", "--name", "disks", "--learn", "--secret-env", "T"],
    { T: TOKEN },
  );
  let shown = "";
  learning.stdout.setEncoding("utf8").on("data", (text: string) => (shown += text));
  learning.stderr.setEncoding("utf8").on("data", (text: string) => (shown += text));
  learning.stdin.end();
  await expect.poll(() => shown).toContain("waiting for the first request on disks");
  const [, url = ""] = /url\s+(http:\S+)/.exec(shown) ?? [];
  const post = async (body: string): Promise<number> => {
    const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
    return (await fetch(url, { method: "POST", headers, body })).status;
  };
  expect(await post(toBody("db1", "critical"))).toBe(202);
  await once(learning, "close");
  const [, kept = ""] = /use it: sluice (replay-request .*--keep)/.exec(shown) ?? [];
  expect(kept).toContain("--text '{{event.title}}: {{event.message}} ({{status}})'");
  const words = [...kept.matchAll(/'([^']*)'|(\S+)/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? "",
  );
  expect((await stage.run(words)).stdout).toContain("disks tells its requests so from now on");
  expect(await post(toBody("db2", "ok"))).toBe(202);
  const { stdout } = await stage.run(["inbox", "--channel", "disks", "--json"]);
  const events = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(JSON.stringify(events.find((one) => JSON.stringify(one).includes("db2")))).toContain(
    "disk of db2: 91 % used (ok)",
  );
});
