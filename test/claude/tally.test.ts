// The counter must notice what it is there for: otherwise every long run would look well.
import { expect, test } from "vitest";

import type { ApiRequest } from "./api-request.ts";
import { Tally } from "./tally.ts";

const ID = "evt_01m7wqeg0gxh426d4rn9nvvw4r";
const TAG = `<channel source="sluice" channel="ci" event_id="${ID}" kind="emit">\nmk-1-emit\n</channel>`;
const AGAIN = TAG.replace(" kind", ' replayed="true" kind');

test("what a conversation repeats in each request counts once", () => {
  const tally = new Tally(/mk-\d+-\w+/g);
  tally.count(toRequest("a", TAG));
  tally.count(toRequest("a", TAG, "and more"));
  expect(tally.tellings.get(ID)).toEqual([{ session: "a", replayed: false, way: "tag" }]);
  expect(tally.places.get("mk-1-emit")).toBe(1);
});

test("told again counts again, in the same conversation and in another, and says whether it was marked", () => {
  const tally = new Tally(/mk-\d+-\w+/g);
  tally.count(toRequest("a", TAG));
  tally.count(toRequest("a", TAG, TAG));
  tally.count(toRequest("b", AGAIN));
  expect(tally.tellings.get(ID)?.map(({ replayed }) => replayed)).toEqual([false, false, true]);
  expect(tally.places.get("mk-1-emit")).toBe(3);
});

test("a digest's line tells of an event as its tag does", () => {
  const tally = new Tally(/mk-\d+-\w+/g);
  tally.count(toRequest("a", `- ${ID} ci emit: mk-1-emit`, `- ${ID} ci emit urgent replayed: x`));
  expect(tally.tellings.get(ID)).toEqual([
    { session: "a", replayed: false, way: "line" },
    { session: "a", replayed: true, way: "line" },
  ]);
});

function toRequest(session: string, ...texts: string[]): ApiRequest {
  return {
    at: 0,
    kind: "main",
    method: "POST",
    path: "/v1/messages",
    headers: { "x-claude-code-session-id": session },
    model: "m",
    stream: true,
    body: undefined,
    messages: texts.map((text) => ({ role: "user", text })),
    toolNames: [],
  };
}
