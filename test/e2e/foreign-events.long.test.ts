/** A foreign server of MCP Events, written with the MCP SDK, into a session: over HTTP through a killed hub, and on stdio. */
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { connectStdio } from "../../src/channels/mcp-events/stdio.ts";
import { openForeignServer } from "./foreign-events.ts";
import { openRigWithHub, until } from "./rig.ts";
import { countReads, findRead, openLane } from "./sessions.ts";

test("an event of a foreign MCP server is read in a session once, though the hub is killed in between", async () => {
  const far = await openForeignServer();
  onTestFinished(far.close);
  await using rig = await openRigWithHub();
  const session = await openLane(rig, "monitor");
  const added = await rig.run(
    "add",
    "mcp-events",
    "--server",
    far.url,
    "--event",
    "build.finished",
    "--name",
    "builds",
  );
  expect(added).toMatchObject({ code: 0 });
  const state = async () =>
    (await rig.status()).channels.find(({ name }) => name === "builds")?.state;
  await until("the server was reached", async () => (await state()) === "ok");
  far.add({ eventId: "b-1", data: { project: "app", result: "failed" } });
  const find = async (words: string) =>
    (await rig.events()).find(({ text }) => text.includes(words));
  await until("it is stored", async () => (await find("failed")) !== undefined);
  const event = await find("failed");
  await rig.untilState(event?.id ?? "", "done");
  expect(findRead(session.reads, event?.id ?? "").text).toContain("result: failed");
  await rig.killHub();
  far.add({ eventId: "b-1", data: { project: "app", result: "failed" } });
  far.add({ eventId: "b-2", data: { project: "app", result: "passed" } });
  await rig.startHub();
  await until("the next is stored", async () => (await find("passed")) !== undefined);
  const next = await find("passed");
  await rig.untilState(next?.id ?? "", "done");
  expect((await rig.events()).filter(({ channel }) => channel === "builds")).toHaveLength(2);
  expect(countReads(session.reads, event?.id ?? "")).toBe(1);
});

test("a server that is started speaks the same on stdio, and ends with its channel", async () => {
  const argv = [process.execPath, join(import.meta.dirname, "foreign-events.ts")];
  const connection = await connectStdio(argv, new AbortController().signal);
  const { events } = await connection.ask("events/list", {});
  expect(events).toMatchObject([{ name: "build.finished" }]);
  const { cursor } = await connection.ask("events/poll", { name: "build.finished", arguments: {} });
  await expect
    .poll(
      async () =>
        (await connection.ask("events/poll", { name: "build.finished", cursor }))["events"],
    )
    .not.toEqual([]);
  await expect(connection.ask("events/none", {})).rejects.toThrow(/not found/i);
  await connection.close();
  await expect(connection.ask("events/list", {})).rejects.toThrow(/stopped/);
});

test("a command as a server takes a person at a terminal", async () => {
  await using rig = await openRigWithHub();
  const added = await rig.run("add", "mcp-events", "--server", "node server.js", "--event", "tick");
  expect(added).toMatchObject({ code: 1 });
  expect(added.stderr).toContain("terminal");
  expect((await rig.status()).channels).toEqual([]);
});
