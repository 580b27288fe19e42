/**
 * A channel of the user's own, added from a file: the whole way, by real processes.
 */
import { createHmac } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { typeInTerminal, writeFiles } from "./code.ts";
import { listPrompts, untilAsked } from "./people.ts";
import { openRig, openRigWithHub, type Rig, until } from "./rig.ts";
import { countReads, makeWorkFolder, openLane } from "./sessions.ts";

const DEPLOYS = `import { defineChannel, header, env } from "sluice";
import { z } from "zod";
import { toLine } from "./line.ts";

let asked = 0;
export default defineChannel({
  kind: "deploys",
  title: "Deploys of the shop",
  webhook: {
    verify: header("X-Deploy-Token", env("DEPLOY_TOKEN")),
    payload: z.object({ service: z.string(), ok: z.boolean() }),
    receive: ({ payload }) => ({ text: toLine(payload), meta: { service: payload.service }, id: payload.service }),
  },
  tools: {
    deploys_again: {
      description: "Deploys a service again.",
      input: z.object({ service: z.string() }),
      run: ({ service }, live) => \`\${service} again, \${++asked}, \${live.secret("DEPLOY_TOKEN").length}\`,
    },
  },
});
`;
const LINE = `export const toLine = ({ service, ok }: { service: string; ok: boolean }): string =>
  \`\${service} \${ok ? "is out" : "failed"}\`;
`;

test.concurrent("added in a terminal from a file, an event goes through its process into a session, and its tool is called", async () => {
  await using rig = await openRigWithHub();
  const folder = writeFiles(rig, { "deploys.ts": DEPLOYS, "line.ts": LINE });
  const answers: string[] = [];
  const session = await openLane(rig, "channel", {
    model: async (turn) => {
      if (!turn.text.includes("event_id=")) return;
      answers.push((await turn.callTool("deploys_again", { service: "shop" })).text);
      answers.push((await turn.callTool("deploys_again", { service: 5 })).text);
      answers.push((await turn.callTool("details", {})).text);
    },
  });
  const { code, screen } = await typeInTerminal(
    rig,
    ["add", "./deploys.ts"],
    ["yes", "s3cret-token-of-16"],
    {
      cwd: folder,
    },
  );
  expect(code, screen).toBe(0);
  for (const line of [
    "Deploys of the shop",
    "deploys.ts",
    "line.ts",
    "proved by token-header with DEPLOY_TOKEN",
    "the tool deploys_again",
  ])
    expect(screen).toContain(line);
  expect(screen).not.toContain("s3cret-token-of-16");
  const url = await toUrl(rig, "deploys");
  const post = (token: string, body: object) =>
    fetch(url, {
      method: "POST",
      headers: { "x-deploy-token": token, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  expect((await post("wrong", { service: "shop", ok: false })).status).toBe(401);
  const bad = await post("s3cret-token-of-16", { service: "shop" });
  expect(bad.status).toBe(400);
  expect(await bad.text()).toContain("ok: ");
  const kept = await post("s3cret-token-of-16", { service: "shop", ok: false });
  expect(kept.status).toBe(202);
  const { id } = (await kept.json()) as { id: string };
  expect(await (await post("s3cret-token-of-16", { service: "shop", ok: false })).json()).toEqual({
    id,
    duplicate: true,
  });
  await until("it is read", () => countReads(session.reads, id) === 1);
  await until("the tool was called", () => answers.length === 3);
  expect(answers[0]).toBe("shop again, 1, 18");
  expect(answers[1]).toContain("service: ");
  expect(answers[2]).toBe(`Channels here: deploys.
deploys (one-way): Deploys of the shop
deploys tools: deploys_again`);
  const event = await rig.event(id);
  expect(event).toMatchObject({ text: "shop failed", meta: { service: "shop" } });
});

async function toUrl(rig: Rig, name: string): Promise<string> {
  const { channels } = await rig.status();
  const url = channels.find((one) => one.name === name)?.url;
  if (url === undefined) throw new Error(`${name} has no URL`);
  return url;
}

const DOORS = `import { createHmac } from "node:crypto";
import { bearer, defineChannel, drop, env, webhook } from "sluice";
let seen = 0;
export default defineChannel({
  kind: "doors",
  webhook: [
    webhook({ verify: bearer(env("DOOR_TOKEN")), receive: ({ text, path }) => text === "no" ? drop("not wanted") : \`\${text} at \${path}, \${seen}\` }),
    webhook({
      name: "signed",
      verify: ({ headers, body, secret }) => {
        seen++;
        return headers["x-mac"] === createHmac("sha256", secret("MAC_KEY")).update(body).digest("hex");
      },
      receive: ({ text }) => [text + " 1", text + " 2"],
    }),
  ],
  reply: true,
  secrets: [env("MAC_KEY")],
});
`;

// req:field.03
test.concurrent("DOOR-1: each webhook has its address and its proof; an author's own check sees what nobody has proved, and answers 401", async () => {
  await using rig = await openRigWithHub();
  const folder = writeFiles(rig, { "doors.ts": DOORS });
  const env = { DOOR_TOKEN: "token-of-sixteen-bytes", MAC_KEY: "key" };
  const { code, screen } = await typeInTerminal(rig, ["add", join(folder, "doors.ts")], ["yes"], {
    env,
  });
  expect(code, screen).toBe(0);
  expect(screen).toContain("unproved requests reach that code");
  expect(screen).toContain("DOOR_TOKEN is taken from the environment");
  const url = await toUrl(rig, "doors");
  const post = (path: string, body: string, headers: Record<string, string>) =>
    fetch(`${url}${path}`, {
      method: "POST",
      headers: { "content-type": "text/plain", ...headers },
      body,
    });
  const mac = createHmac("sha256", "key").update("two").digest("hex");
  const forged = await post(".signed", "two", { "x-mac": "00" });
  expect([forged.status, await forged.text()]).toEqual([401, '{"error":"unauthorized"}']);
  expect((await post(".signed", "two", { "x-mac": mac })).status).toBe(202);
  expect((await post("", "one", { authorization: "Bearer wrong-token-of-sixteen" })).status).toBe(
    401,
  );
  const proved = { authorization: `Bearer ${env.DOOR_TOKEN}` };
  expect((await post("/a/b", "one", proved)).status).toBe(202);
  expect(await (await post("", "no", proved)).json()).toEqual({ id: null, ignored: "not wanted" });
  expect((await post(".other", "one", proved)).status).toBe(401);
  const texts = (await rig.events()).map(({ text }) => text);
  // Two of two requests reached the author's check; none of the others.
  expect(texts.toSorted()).toEqual(["one at a/b, 2", "two 1", "two 2"]);
  // Its replies leave on its stream.
  const listen = /listen token +(\S+)/.exec(screen)?.[1] ?? "";
  const stream = await fetch(url.replace("/in/", "/out/"), {
    headers: { authorization: `Bearer ${listen}` },
  });
  expect(stream.status).toBe(200);
  await stream.body?.cancel();
});

const CHAT = `import { defineChannel, env, bearer } from "sluice";
import { appendFileSync } from "node:fs";
export default defineChannel({
  kind: "talk",
  webhook: {
    verify: bearer(env("TALK_TOKEN")),
    receive: ({ payload }) => ({ text: payload.text, sender: { id: payload.from }, id: payload.id }),
  },
  reply: async ({ chatId, text }, live) => {
    const answered = await fetch(live.settings.to, { method: "POST", body: JSON.stringify({ chatId, text }) });
    if (!answered.ok) throw new Error("the platform said " + answered.status);
  },
  permission: true,
});
`;

test.concurrent("two-way: a stranger is kept out, who was allowed is answered by its handler, and an approver answers a prompt on it", async () => {
  await using rig = openRig();
  mkdirSync(rig.home, { recursive: true, mode: 0o700 });
  const port = Number(rig.env["SLUICE_INGRESS_PORT"]);
  const ingress = { host: "127.0.0.1", port, frozen: false };
  const config = { version: 1, ingress, channels: [], prompts: { afterMs: 500 } };
  writeFileSync(join(rig.home, "config.json"), JSON.stringify(config), { mode: 0o600 });
  await rig.startHub();
  const said: { chatId: string; text: string }[] = [];
  const platform = createServer((incoming, outgoing) => {
    let body = "";
    incoming.on("data", (chunk) => (body += String(chunk)));
    incoming.on("end", () => {
      said.push(JSON.parse(body) as (typeof said)[number]);
      outgoing.end();
    });
  });
  await new Promise<void>((resolve) => platform.listen(0, "127.0.0.1", resolve));
  rig.add(() => platform.close());
  const folder = writeFiles(rig, { "talk.ts": CHAT });
  const to = `http://127.0.0.1:${(platform.address() as AddressInfo).port}`;
  const env = { TALK_TOKEN: "token-of-sixteen-bytes" };
  const added = await typeInTerminal(
    rig,
    ["add", join(folder, "talk.ts"), "--set", `to=${to}`],
    ["yes"],
    { env },
  );
  expect(added.code, added.screen).toBe(0);
  expect(added.screen).toContain("its code can answer for them");
  const allowed = await typeInTerminal(
    rig,
    ["access", "allow", "talk", "ada", "--role", "approver", "--role", "chatter"],
    ["yes"],
  );
  expect(allowed.code, allowed.screen).toBe(0);
  const outputs: boolean[] = [];
  const session = await openLane(rig, "monitor", {
    cwd: makeWorkFolder(rig),
    approve: () => new Promise(() => {}),
    model: async (turn) => {
      const [, id] = /event_id="(evt_\w+)"/.exec(turn.text) ?? [];
      if (turn.text.includes("clean up"))
        outputs.push((await turn.useTool("Bash", { command: "rm -rf build" })).isError);
      else if (id !== undefined) await turn.callTool("reply", { event_id: id, text: "hello ada" });
    },
  });
  const url = await toUrl(rig, "talk");
  const post = (from: string, text: string) =>
    fetch(url, {
      method: "POST",
      headers: { authorization: `Bearer ${env.TALK_TOKEN}`, "content-type": "application/json" },
      body: JSON.stringify({ from, text, id: `${from} ${text}` }),
    });
  expect((await post("mallory", "let me in")).status).toBe(401);
  expect((await post("ada", "hi there")).status).toBe(202);
  await until("she is answered", () => said.some(({ text }) => text.includes("hello ada")));
  expect(said.find(({ text }) => text.includes("hello ada"))?.chatId).toBe("ada");
  expect(session.reads.some(({ text }) => text.includes("let me in"))).toBe(false);
  // Her chat is known now: what the session wants to do is asked there.
  await until("her turn is over", async () => {
    const [one] = (await rig.status()).sessions;
    return one?.busy === false;
  });
  session.type("clean up");
  const prompt = await untilAsked(rig);
  await until("she is asked", () => said.some(({ text }) => text.includes(prompt.code)));
  expect(said.find(({ text }) => text.includes(prompt.code))?.text).toContain("rm -rf build");
  expect((await post("mallory", `yes ${prompt.code}`)).status).toBe(401);
  expect((await listPrompts(rig, "pending")).length).toBe(1);
  expect(await (await post("ada", `no ${prompt.code}`)).json()).toEqual({ id: null, heard: true });
  await until("the session has her answer", () => outputs.length === 1);
  expect(outputs).toEqual([true]);
});
