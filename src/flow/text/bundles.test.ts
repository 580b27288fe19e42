import { expect, test } from "vitest";
import { summariseWaiting } from "../../store/events/waiting.ts";
import { Rig } from "../rig.fixture.ts";
import { makeNote, NOTE_MAX_EVENTS } from "./bundles.ts";

test("an urgent failure leads the note though more events of its entity wait before it than a note takes", async () => {
  const rig = new Rig();
  const pull = { channel: "github", entity: "octo/app#12", kind: "workflow_job.completed" };
  for (let job = 0; job < NOTE_MAX_EVENTS + 5; job++)
    await rig.post({ ...pull, stateOf: `octo/app#12 job ${job}`, priority: "low" });
  const urgent = await rig.post({
    ...pull,
    stateOf: "octo/app#12 deploy",
    priority: "urgent",
    meta: { conclusion: "failure" },
  });
  const claim = { addresses: ['[null,"known",null,"github"]'] };
  const note = makeNote(rig.db, claim, summariseWaiting(rig.db, claim, 1_000));
  expect(note.taken.map(({ shown, merged }) => [shown.id, merged.length])).toEqual([
    [urgent, NOTE_MAX_EVENTS - 1],
  ]);
  expect(note.text).toContain("6 more wait");
});
