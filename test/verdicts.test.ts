/**
 * Nothing that a session can call gives a verdict: held by who decides.
 */
import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const sources = globSync("src/**/*.{ts,tsx}").filter((file) => !/\.(test|fixture)\.ts$/.test(file));

function listUsers(of: RegExp): string[] {
  return sources.filter((file) => of.test(readFileSync(file, "utf8"))).toSorted();
}

test("verdicts come from chats, the page, its pushes and the command line alone", () => {
  expect(listUsers(/prompts\.decide\(/)).toEqual([
    "src/api/routes/prompt-routes.ts",
    "src/flow/prompt/chat/reply-handler.ts",
    "src/flow/prompt/chat/taps.ts",
    "src/hub/web/prompts-page.ts",
    "src/hub/web/push/push.ts",
  ]);
});

test("no tool and no shim knows how to give one", () => {
  const ways = sources.filter((file) => /^src\/(shim\/|flow\/tools\/)/.test(file));
  expect(ways.length).toBeGreaterThan(8);
  const knowing = ways.filter((file) =>
    /\.verdict\.\$post|\.decide\(|writeVerdict|closePrompt/.test(readFileSync(file, "utf8")),
  );
  expect(knowing).toEqual([]);
});
