import { expect, test } from "vitest";
import { Rig } from "../rig.fixture.ts";

async function scene() {
  const rig = new Rig();
  const one = rig.connect({ pid: 100, session: "s1", cwd: "/work/one" });
  const two = rig.connect({ pid: 200, session: "s2", cwd: "/work/two" });
  await rig.clock.advance(1_000);
  return { rig, one, two };
}

test("watch and unwatch speak of the session that calls, and of no other", async () => {
  const { rig, one, two } = await scene();
  expect(await one.tool("watch")).toContain("nothing");
  const asked = { channel: "github", entity: "octo/app#12", until: "merged" };
  expect(await one.tool("watch", asked)).toBe("Watching github octo/app#12 until merged.");
  expect(await one.tool("watch", asked)).toContain("Watching");
  expect(rig.delivery.watchers.list().length).toBe(1);
  expect(await one.tool("watch")).toContain("- github octo/app#12 until merged");
  expect(await two.tool("watch")).toContain("nothing");
  expect(await two.tool("unwatch", { channel: "github" })).toContain("ERROR");
  expect(await one.tool("unwatch", { channel: "github" })).toBe(
    "No longer watched: github octo/app#12 until merged",
  );
  expect(rig.delivery.watchers.list()).toEqual([]);
});

test.each([
  [{ channel: "../etc" }, "channel"],
  [{ channel: 7 }, "channel"],
  [{ channel: "ci", entity: "a\nb" }, "one line"],
  [{ channel: "ci", pattern: "x".repeat(257) }, "one line"],
  [{ channel: "ci", entity: {} }, "one line"],
  [{ channel: "ci", until: "tomorrow" }, "until"],
])("watch refuses %j in one sentence", async (input, expected) => {
  const { rig, one } = await scene();
  const answer = await one.tool("watch", input);
  expect(answer).toMatch(/^ERROR watch: .*\.$/);
  expect(answer).toContain(expected);
  expect(rig.delivery.watchers.list()).toEqual([]);
});

test("a session has at most a hundred subscriptions", async () => {
  const { one } = await scene();
  for (let i = 0; i < 100; i++) await one.tool("watch", { channel: "ci", entity: `e${i}` });
  expect(await one.tool("watch", { channel: "ci", entity: "e100" })).toContain("ERROR watch");
});
