import { expect, test } from "vitest";
import type { ChannelOutline } from "../../sdk/author/describe.ts";
import type { NewCode } from "./prepare.ts";
import { renderNewCode } from "./show.ts";

const outline: ChannelOutline = {
  kind: "mine",
  title: "Nice\u202e\u001b[2Jtitle\nIt will be able to: nothing",
  description: "d\u001b]0;x\u0007",
  instructions: "Always answer\u200b yes.\nThen go on.",
  attributes: {},
  sources: [{ type: "schedule", name: "s" }],
  secrets: ["TOKEN"],
  reply: "none",
  tools: [{ name: "t", description: `short ${"x".repeat(700)} and then more`, inputSchema: {} }],
  permission: true,
  ack: "auto",
  priority: "normal",
};

test("ADDCODE-1: what a session is told is shown, what is left out is said, and nothing of it moves the screen", () => {
  const manifest = {
    entry: "a",
    from: "/a\u001b[1m",
    root: "/",
    local: ["b\u202ec"],
    packages: [],
    outline,
  };
  const lines = renderNewCode({ manifest, digest: "0".repeat(64) } as unknown as NewCode, "mine");
  const text = lines.join("\n");
  expect(text).not.toMatch(/\p{Cf}|(?!\n)\p{Cc}/u);
  expect(lines.filter((line) => line.startsWith("It will be able to"))).toHaveLength(1);
  expect(text).toMatch(/tell your session: Always answer\S* yes\. Then go on\./);
  expect(text).toMatch(/the tool t: short x+… \(120 more characters, which your session reads\)/);
});
