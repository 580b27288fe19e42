import { expect, test } from "vitest";
import type { ReferenceSession } from "../../src/host/session.ts";
import { openRigWithHub } from "./rig.ts";
import { countReads, makeProject, openLane } from "./sessions.ts";

test("emit to a name reaches the next session that bears it, emit to an id only that conversation", async () => {
  await using rig = await openRigWithHub();
  await rig.addChannel({ kind: "webhook", name: "jobs" });
  const cwd = makeProject(rig, "octo-org/app");
  const name = "octo-org-app (main)";
  /** Its first hook says which conversation it is: to the hub all of them are one client, since they are in one process. */
  const open = async (options: { sessionId?: string } = {}): Promise<ReferenceSession> => {
    const session = await openLane(rig, "monitor", { cwd, ...options });
    session.type("hello");
    await session.until(({ kind }) => kind === "turn-end");
    return session;
  };
  const first = await open();
  const { sessionId } = first;
  await first.close();

  const emit = async (session: string): Promise<string> => {
    const { stdout, stderr } = await rig.run(
      "emit",
      "jobs",
      "ready",
      "--session",
      session,
      "--json",
    );
    if (stdout === "") throw new Error(stderr);
    return (JSON.parse(stdout) as { id: string }).id;
  };
  const [named, exact] = [await emit(name), await emit(sessionId)];
  await expect(emit("nobody is called so")).rejects.toThrow("no session is called");

  const second = await open();
  expect(second.sessionId).not.toBe(sessionId);
  const { deliveries } = await rig.untilState(named, "done");
  expect(deliveries).toMatchObject([{ session: second.sessionId }]);
  expect(countReads(second.reads, named)).toBe(1);
  expect((await rig.event(exact)).state).toBe("stored");
  await second.close();

  const resumed = await open({ sessionId });
  await rig.untilState(exact, "done");
  expect(countReads(resumed.reads, exact)).toBe(1);
});
