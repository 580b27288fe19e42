/** An inbox that is damaged, and its backup put back as Sluice says: what is told, what comes again, what does not leave twice. */
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { toBackupPath } from "../../src/store/file/backup.ts";
import { copyDatabase } from "../../src/store/file/backup-copy.ts";
import { CLI, openRigWithHub, type Rig, until } from "./rig.ts";
import { postGithub, GITHUB_SECRET, postMessage } from "./senders.ts";
import { countReads, openLane } from "./sessions.ts";

/** `sluice` as a shell finds it, for the line that the owner types. */
function makeCommand(rig: Rig): string {
  const bin = join(rig.folder, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "sluice"), `#!/bin/sh\nexec "${process.execPath}" "${CLI}" "$@"\n`);
  chmodSync(join(bin, "sluice"), 0o755);
  return `${bin}:/usr/bin:/bin`;
}

test("a damaged inbox: the start says what to type, it works, what was delivered since comes as replayed, what may have been sent is asked", async () => {
  await using rig = await openRigWithHub();
  const database = join(rig.home, "sluice.db");
  const github = await rig.addChannel({ kind: "github", secret: GITHUB_SECRET });
  const ops = await rig.addChannel({ kind: "webhook", name: "ops", twoWay: true });
  await rig.run("notices", "ops");
  const waiting = await postGithub(github);

  // An answer that nobody has listened for waits in the backup as well.
  const asked = await postMessage(ops, "where are we?");
  const session = await openLane(rig, "channel", {
    model: async (turn) => {
      if (turn.text.includes(asked.id))
        await turn.callTool("reply", { event_id: asked.id, text: "nearly there" });
    },
  });
  await rig.untilState(asked.id, "done");
  await rig.untilState(waiting.id, "done");
  await session.close();
  const held = await postGithub(github);
  mkdirSync(join(rig.home, "backup"), { mode: 0o700 });
  await copyDatabase(database, toBackupPath(database, Date.now())).done;
  // After the backup: the event is read, and somebody hears the answer.
  const later = await openLane(rig, "channel");
  await rig.untilState(held.id, "done");
  await later.close();

  await rig.killHub();
  writeFileSync(database, Buffer.alloc(16_384, 0x5a));
  const refused = spawnSync(process.execPath, [CLI, "up"], { env: { ...rig.env } });
  expect(refused.status).toBe(78);
  const [, command = ""] = /newest backup: (sluice down .*)$/m.exec(String(refused.stderr)) ?? [];
  expect(command).toContain("&& sluice up");
  execFileSync("sh", ["-c", command], { env: { ...rig.env, PATH: makeCommand(rig) } });

  expect(existsSync(join(rig.home, "damaged", "sluice.db"))).toBe(true);
  // The first words go to the hub that was killed.
  await until("the new hub answers", () => rig.hubPid().then(Boolean, () => false));
  const { next, events } = await rig.status();
  expect(events).toMatchObject({ stored: 1, done: 2 });
  expect(next.join("\n")).toMatch(/the inbox was put back from a backup whose last event is of /);
  const { stdout } = await rig.run("outbox", "--json");
  const rows = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { text: string; state: string });
  expect(rows).toContainEqual(expect.objectContaining({ text: "nearly there", state: "maybe" }));
  expect(rows).toContainEqual(
    expect.objectContaining({
      text: expect.stringContaining("An event that was open in it may come again") as string,
      state: "queued",
    }),
  );
  const again = await openLane(rig, "channel");
  await rig.untilState(held.id, "done");
  expect(countReads(again.reads, held.id)).toBe(1);
  const { text } = again.reads.find((one) => one.text.includes(held.id)) ?? { text: "" };
  expect(text).toContain('replayed="true"');
  expect(countReads(again.reads, waiting.id)).toBe(0);
});
