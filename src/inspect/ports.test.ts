import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { readListeners, toCurl } from "./ports.ts";

test.skipIf(process.platform !== "linux")(
  "what a process below a shell listens on is found, by IPv4 and IPv6, and nothing of others",
  async () => {
    const code = `const { createServer } = require("http");
      let open = 0;
      const up = () => { if (++open === 2) console.log("up"); };
      createServer().listen(0, "127.0.0.1", up); createServer().listen(0, "::1", up);
      process.stdin.on("end", () => process.exit(0)).resume();`;
    const shell = spawn("sh", ["-c", `"${process.execPath}" -e '${code}'; true`]);
    onTestFinished(() => void shell.stdin.end());
    await once(shell.stdout, "data");
    const found = readListeners(shell.pid ?? 0) ?? [];
    expect(found.map(({ address }) => address).toSorted()).toEqual(["127.0.0.1", "::1"]);
    expect(found.every(({ port }) => port > 0)).toBe(true);
    expect(readListeners(2 ** 30)).toEqual([]);
  },
);

test("elsewhere nothing is claimed", () => {
  expect(readListeners(process.pid, "darwin")).toBeUndefined();
});

test("a curl that can be pasted", () => {
  expect(toCurl({ address: "0.0.0.0", port: 80 })).toContain("http://127.0.0.1:80/");
  expect(toCurl({ address: "::1", port: 80 })).toContain("http://[::1]:80/");
});
