// A channel of the user's own in the real client, in the hub and alone: its event is
// read, the tool that it offers is called, and the answer leaves at its platform.
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "vitest";

import { typeInTerminal, writeFiles } from "../e2e/code.ts";
import { toRead } from "./api-request.ts";
import { stageTest } from "./claude-test.ts";
import { expectReadExactlyOnce, waitForWords } from "./readings.ts";
import { callTool, script, useTool } from "./script.ts";
import { sessionTest, toArgs } from "./sluice-test.ts";
import { waitUntil } from "./wait.ts";
import type { Stage } from "./with-client.ts";

const cli = fileURLToPath(new URL("../../bin/sluice.js", import.meta.url));
const TOKEN = "a-token-of-the-desk";

/** A help desk that people write to; `platform` is where its own side of it listens. */
const toDesk = (platform: string): string => `import { bearer, defineChannel, env } from "sluice";
import { z } from "zod";

const platform: string = ${JSON.stringify(platform)};
const message = z.object({ id: z.string(), from: z.string(), text: z.string() });
export default defineChannel({
  kind: "desk",
  instructions: "Customers ask about orders: look an order up with desk_order.",
  webhook: {
    verify: bearer(env("DESK_TOKEN")),
    payload: message,
    receive: ({ payload: { id, from, text } }) => ({ text, id, sender: { id: from } }),
  },
  senders: ["ada"],
  reply: async ({ chatId, text }) => {
    const answered = await fetch(platform, { method: "POST", body: JSON.stringify({ chatId, text }) });
    if (!answered.ok) throw new Error("the desk said " + answered.status);
  },
  tools: {
    desk_order: {
      description: "Looks up an order.",
      input: z.object({ number: z.int() }),
      run: async ({ number }) => (await fetch(platform + "/orders/" + number)).text(),
    },
  },
});
`;

/** As the server told it on standard error. */
function findAddress(log: string): string | undefined {
  if (!existsSync(log)) return undefined;
  return /http:\/\/127\.0\.0\.1:\d+\/in\/desk/.exec(readFileSync(log, "utf8"))?.[0];
}

type Said = { chatId: string; text: string };

async function openPlatform({ defer }: Pick<Stage, "defer">) {
  const said: Said[] = [];
  const orders: string[] = [];
  const server = createServer((incoming, outgoing) => {
    let body = "";
    incoming.setEncoding("utf8").on("data", (text: string) => (body += text));
    incoming.on("end", () => {
      if (incoming.method === "POST") said.push(JSON.parse(body) as Said);
      else orders.push(incoming.url ?? "");
      outgoing.end("order 7 is packed");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  defer(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, said, orders };
}

function ask(url: string, text: string): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify({ id: text, from: "ada", text }),
  });
}

sessionTest(
  "added from a file at a terminal, its event wakes the session, its tool is called, its reply leaves at the platform",
  {
    args: ["--allowed-tools", "mcp__plugin_sluice_sluice__desk_order"],
    script: script(
      {
        when: /event_id="evt_\w+"[^]*where-is-order-7/,
        answer: () => callTool("desk_order", { number: 7 }),
      },
      {
        when: /event_id="(evt_\w+)"[^]*where-is-order-7[^]*\[tool_result\][^]*order 7 is packed/,
        answer: ([, id]) => callTool("reply", { event_id: id, text: "It is packed." }),
      },
    ),
  },
  async (stage) => {
    const { api, client, home, open, sluice } = stage;
    const platform = await openPlatform(stage);
    const place = { folder: home.project, env: home.env };
    const file = join(writeFiles(place, { "desk.ts": toDesk(platform.url) }), "desk.ts");
    const env = { DESK_TOKEN: TOKEN };
    const added = await typeInTerminal(place, ["add", file], ["yes"], { env });
    expect(added.code, added.screen).toBe(0);
    const allow = ["access", "allow", "desk", "ada", "--role", "chatter"];
    const allowed = await typeInTerminal(place, allow, ["yes"]);
    expect(allowed.code, allowed.screen).toBe(0);

    const { url = "" } = (await sluice.status()).channels.find(({ name }) => name === "desk") ?? {};
    const posted = await ask(url, "where-is-order-7");
    expect(posted.status).toBe(202);
    const { id } = (await posted.json()) as { id: string };
    await waitUntil(() => platform.said.length > 0 || undefined, {
      what: "the answer at the platform",
      timeoutMs: 30_000,
    });
    expect(platform.said).toEqual([{ chatId: "ada", text: "It is packed." }]);
    expect(platform.orders).toEqual(["/orders/7"]);
    await sluice.waitForState(id, "done");
    expectReadExactlyOnce(api, { id, marker: "where-is-order-7" });
    await client.waitForIdle();

    // The next session knows the channel before anything comes from it.
    const before = api.requests.length;
    const next = await open(toArgs({}));
    await sluice.waitForSessions(2);
    // The client tells its model what servers say with the first request after they are connected.
    for (const words of ["who-may-write-here", "and-what-then"]) {
      await next.submit(words);
      await waitForWords(api, words);
      await next.waitForIdle();
    }
    const told = JSON.stringify(api.requests.slice(before).map(({ body }) => body));
    expect(told).toContain(
      "desk (reply answers): Customers ask about orders: look an order up with desk_order.",
    );
  },
);

stageTest(
  "the same file alone, under the development flag that this client refuses: its event is read with inbox, its tool is called, its reply leaves",
  {
    script: script(
      { when: /look-at-the-desk/, answer: () => useTool("mcp__desk__inbox", {}) },
      {
        when: /look-at-the-desk[^]*\[tool_result\][^]*where-is-order-7/,
        answer: () => useTool("mcp__desk__desk_order", { number: 7 }),
      },
      {
        when: /event_id="(evt_\w+)"[^]*where-is-order-7[^]*\[tool_result\][^]*order 7 is packed/,
        answer: ([, id]) => useTool("mcp__desk__reply", { event_id: id, text: "It is packed." }),
      },
    ),
  },
  async (stage) => {
    const { api, home, open, run } = stage;
    const platform = await openPlatform(stage);
    const place = { folder: home.project, env: home.env };
    const file = join(writeFiles(place, { "desk.ts": toDesk(platform.url) }), "desk.ts");
    const log = join(home.home, "server.log");
    // What a client does not take waits for the tool; what it drops without a word cannot be known.
    const env = { DESK_TOKEN: TOKEN, SLUICE_PORT: "0", SLUICE_LANE: "pull" };
    const server = `exec '${process.execPath}' '${cli}' serve '${file}' 2>'${log}'`;
    const words = Object.entries(env).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
    const added = await run(["mcp", "add", "desk", ...words, "--", "/bin/sh", "-c", server]);
    expect(added).toMatchObject({ code: 0 });
    const tools = ["inbox", "desk_order", "reply"].map((name) => `mcp__desk__${name}`).join(",");
    const client = await open([
      ...toArgs({}),
      "--allowed-tools",
      tools,
      "--dangerously-load-development-channels",
      "server:desk",
    ]);
    expect(await client.screen({ history: true })).toMatch(/channels? (?:ignored|are not)/i);
    const url = await waitUntil(() => findAddress(log), { what: "the address of the webhook" });
    expect((await ask(url, "where-is-order-7")).status).toBe(202);
    await client.submit("look-at-the-desk");
    await waitUntil(() => platform.said.length > 0 || undefined, {
      what: "the answer at the platform",
      timeoutMs: 30_000,
    });
    expect(platform.said).toEqual([{ chatId: "ada", text: "It is packed." }]);
    expect(platform.orders).toEqual(["/orders/7"]);
    await client.waitForIdle();
    expect(api.requests.map(toRead).join("\n")).toContain("[tool_result] sent");
  },
);
