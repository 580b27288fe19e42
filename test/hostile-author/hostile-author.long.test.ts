/**
 * A hostile author's channel hurts nobody else, and its owner reads what happened: a real hub, real processes.
 */
import { statSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { typeInTerminal, writeFiles } from "../e2e/code.ts";
import { openRigWithHub, type Rig, until } from "../e2e/rig.ts";
import { HOSTILE, type Hostile } from "./channels.ts";

const CALM = `import { defineChannel, localOnly } from "sluice";
export default defineChannel({ kind: "calm", webhook: { verify: localOnly(), receive: ({ text }) => text } });
`;

/** Several hubs, so that they wait side by side. */
const GROUPS = 3;

for (let group = 0; group < GROUPS; group++) {
  const table = HOSTILE.filter((_, index) => index % GROUPS === group);
  test.concurrent(`CHILD-1, CHECK-1, SUPERVISE-2: ${table.map(({ name }) => name).join(", ")}: each alone is hurt by it, and it is told`, async () => {
    await using rig = await openRigWithHub();
    const pid = await rig.hubPid();
    await add(rig, "calm", CALM);
    for (const { name, code } of table) await add(rig, name, code.replace("KIND", `"${name}"`));
    const answers = await Promise.all(
      table.map(async (one) => ({ one, answer: await post(rig, one.name, one.name) })),
    );
    for (const { one, answer } of answers) {
      expect(one.status, `${one.name}: ${answer.text}`).toContain(answer.status);
      if (answer.status === 503) expect(Number(answer.retryAfter)).toBeGreaterThan(0);
      if (answer.status === 202 && one.text !== undefined) {
        const { id } = JSON.parse(answer.text) as { id: string };
        expect((await rig.event(id)).text, one.name).toMatch(one.text);
      }
    }
    for (const one of table) await untilTold(rig, one);
    const calm = await post(rig, "calm", "as ever");
    expect(calm.status, calm.text).toBe(202);
    expect(await rig.hubPid()).toBe(pid);
    expect(readRss(pid)).toBeLessThan(500);
    const events = await rig.events();
    expect(events.filter(({ channel }) => channel === "calm").map(({ text }) => text)).toEqual([
      "as ever",
    ]);
    for (const event of events.filter(({ text }) => text === "forged"))
      expect(event.sender).toEqual({ id: "forges:forges", role: "source" });
    expect(readLogBytes(rig)).toBeLessThan(2_000_000);
  });
}

async function add(rig: Rig, name: string, code: string): Promise<void> {
  const folder = writeFiles(rig, { [`${name}.mjs`]: code });
  const { code: exit, screen } = await typeInTerminal(
    rig,
    ["add", join(folder, `${name}.mjs`)],
    ["yes"],
  );
  expect(exit, screen).toBe(0);
}

async function post(rig: Rig, name: string, body: string) {
  const url = `http://127.0.0.1:${rig.env["SLUICE_INGRESS_PORT"]}/in/${name}`;
  const answered = await fetch(url, {
    method: "POST",
    headers: { "content-type": "text/plain" },
    body,
  });
  return {
    status: answered.status,
    text: await answered.text(),
    retryAfter: answered.headers.get("retry-after"),
  };
}

async function untilTold(rig: Rig, { name, told }: Hostile): Promise<void> {
  if (told === undefined) return;
  let said = "";
  await until(
    `${name} is told`,
    async () => {
      const { channels, next } = await rig.status();
      said = JSON.stringify([channels.find((one) => one.name === name), next]);
      return next.some((line) => line.includes(`channel ${name}`) && told.test(line));
    },
    120_000,
    () => said,
  );
}

function readRss(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1];
  return Number(kib) / 1024;
}

function readLogBytes(rig: Rig): number {
  const folder = join(rig.home, "log");
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}
