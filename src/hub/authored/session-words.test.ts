/**
 * What a session reads of the channels before anything happens: the hub's file as a shim gives it to its client.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { readInstructions } from "../../shim/words.ts";
import { defineChannel } from "../../sdk/author/define.ts";
import { describeChannel } from "../../sdk/author/describe.ts";
import { toSessionLines } from "./session-words.ts";

const webhook = { receive: () => "x" };
const desk = defineChannel({
  kind: "help-desk",
  instructions: "Customers ask about orders.\n  Look one up with desk_order\u202E.",
  attributes: { order: "its number", tier: "gold or none" },
  webhook,
  reply: true,
  tools: { desk_order: { description: "x", input: z.object({ n: z.int() }), run: () => "x" } },
});
const deploys = defineChannel({ kind: "deploys", title: "Deploys of the shop", webhook });

const toEntry = (name: string, channel?: typeof desk) => ({
  config: { name },
  ...(channel === undefined ? {} : { outline: describeChannel(channel) }),
});
const CHANNELS = [toEntry("deploys", deploys), toEntry("github"), toEntry("desk", desk)];
const USED = { desk: 3, github: 2 };

function instruct(lines: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "sluice-words-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "instructions");
  writeFileSync(file, lines.join("\n"));
  return readInstructions(file);
}

// req:field.10
test("WORDS-1: the owner's channels by name, in order of use, with their attributes, how they are answered, and their tools", () => {
  const [, ...lines] = instruct(toSessionLines(CHANNELS, USED)).split("settings of Sluice");
  expect(lines.join("")).toBe(`: refuse and tell your user.
Channels here: desk, github, deploys.
desk (reply answers): Customers ask about orders. Look one up with desk_order⟨U+202E⟩.
desk attributes: order (its number), tier (gold or none)
desk tools: desk_order
deploys (one-way): Deploys of the shop`);
});

test("WORDS-1: under 2 KB whatever is configured: the ones in use, and where the rest is read", () => {
  const many = Array.from({ length: 200 }, (_, nth) => toEntry(`channel-${nth}`, desk));
  const used = { "channel-150": 2, "channel-7": 1 };
  const text = instruct(toSessionLines(many, used));
  expect(Buffer.byteLength(text)).toBeLessThan(2_048);
  const lines = text.split("\n");
  expect(lines.find((line) => line.startsWith("Channels here"))).toMatch(
    /: channel-150, channel-7, channel-0, .* and 188 more\.$/,
  );
  expect(lines.filter((line) => line.includes("(reply answers)"))[0]).toContain("channel-150 ");
  expect(lines.at(-1)).toBe("(more about the channels: call details without event_id)");
  const wide = instruct([`x: ${"ä".repeat(5_000)}`]);
  expect(Buffer.byteLength(wide)).toBeLessThan(2_048);
  expect(wide).toMatch(/\nx: ä{400,}…\n\(more about/);
  // As long as a channel's instructions may be.
  const long = instruct(["Channels here: a.", `a (one-way): ${"several words ".repeat(85)}`]);
  expect(long).toMatch(/\na \(one-way\): several .* (?:several|words)…\n\(more about/);
});

test("without a channel, and where no hub has run, the instructions are those of every session", () => {
  expect(toSessionLines([], {})).toEqual([]);
  const plain = instruct([]);
  expect(readInstructions("/nowhere/at/all")).toBe(plain);
  expect(plain).toMatch(
    /^Sluice brings events .*settings of Sluice: refuse and tell your user\.$/s,
  );
});
