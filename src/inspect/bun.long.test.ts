import { execFileSync } from "node:child_process";
import { globSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "../store/sample.fixture.ts";
import { startRig } from "./inspect-rig.fixture.ts";

/** As its own documents say, into a folder of our own; where there is no registry, there is nothing to test. */
function installBun(folder: string): string | undefined {
  writeFileSync(join(folder, "package.json"), "{}");
  try {
    execFileSync("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", "bun@1"], {
      cwd: folder,
      stdio: "pipe",
      timeout: 150_000,
    });
  } catch {
    return undefined;
  }
  // Its install script would only link what stands in the platform's own package.
  const [bun] = globSync(join(folder, "node_modules/@oven/*/bin/bun"));
  if (bun === undefined) return undefined;
  try {
    execFileSync(bun, ["--version"], { stdio: "pipe" });
    return bun;
  } catch {
    return undefined;
  }
}

/** The minimal webhook of the client's documents, line by line, but for its port. */
const WEBHOOK = `
import { Server } from "@modelcontextprotocol/server";
import { StdioServerTransport } from "@modelcontextprotocol/server/stdio";
const mcp = new Server(
  { name: "webhook", version: "0.0.1" },
  { capabilities: { experimental: { "claude/channel": {} } }, instructions: "Events arrive as <channel>." },
);
await mcp.connect(new StdioServerTransport());
Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  async fetch(req) {
    const body = await req.text();
    await mcp.notification({
      method: "notifications/claude/channel",
      params: { content: body, meta: { path: new URL(req.url).pathname, method: req.method } },
    });
    return new Response("ok");
  },
});
`;

test.skipIf(process.platform !== "linux")(
  "the documents' webhook on Bun: its port is found, its event is read",
  async (context) => {
    const folder = makeFolder();
    const bun = installBun(folder);
    if (bun === undefined) return context.skip("Bun cannot be installed here");
    symlinkSync(
      resolve("node_modules/@modelcontextprotocol"),
      join(folder, "node_modules/@modelcontextprotocol"),
    );
    symlinkSync(resolve("node_modules/zod"), join(folder, "node_modules/zod"));
    const path = join(folder, "webhook.ts");
    writeFileSync(path, WEBHOOK);
    await using rig = await startRig(path, { HOME: folder }, { command: bun });
    const { listeners } = await rig.until("listens");
    await fetch(`http://127.0.0.1:${listeners[0]?.port}/ci`, {
      method: "POST",
      body: "build failed",
    });
    expect((await rig.until("event")).text).toBe(
      '<channel source="webhook" path="/ci" method="POST">\nbuild failed\n</channel>',
    );
  },
);
