import { expect, test } from "vitest";
import { readExamples } from "../../src/channels/github/examples.fixture.ts";
import { Secret } from "../../src/sdk/secret.ts";
import { sign } from "../../src/verify/sign.ts";
import { openRigWithHub } from "./rig.ts";
import { type Endpoint, GITHUB_SECRET, post, type Posted } from "./senders.ts";
import { openLane } from "./sessions.ts";

const GITHUB = { kind: "github", secret: GITHUB_SECRET, rate: 0 };
const credential = { keyId: "k1", secret: new Secret(GITHUB_SECRET) };

function send({ url }: Endpoint, event: string, payload: object, id: string): Promise<Posted> {
  const body = Buffer.from(JSON.stringify(payload));
  return post(url, body, {
    "content-type": "application/json",
    "x-github-event": event,
    ...sign("github", credential, { id, sentAt: Date.now(), body }),
  });
}

test("all 329 published payloads are stored, or are known where their bytes are equal", async () => {
  await using rig = await openRigWithHub();
  const github = await rig.addChannel(GITHUB);
  const seen = new Map<string, string>();
  const examples = readExamples();
  expect(examples).toHaveLength(329);
  for (const [index, { event, payload }] of examples.entries()) {
    const text = JSON.stringify(payload);
    const known = seen.get(text);
    const answer = await send(github, event, payload, `delivery-${index}`);
    expect([event, answer.status, answer.text]).toEqual([
      event,
      known === undefined ? 202 : 200,
      known === undefined ? answer.text : JSON.stringify({ id: known, duplicate: true }),
    ]);
    if (known === undefined) seen.set(text, answer.id);
  }
});

test("of an event that is not described a note has a line, and details the payload", async () => {
  await using rig = await openRigWithHub();
  const github = await rig.addChannel(GITHUB);
  let details = "";
  const session = await openLane(rig, "pull", {
    env: { ...rig.env, SLUICE_LANE: "pull" },
    model: async (turn) => {
      const { text } = await turn.callTool("inbox");
      const [, id = ""] = /event_id="(evt_\w+)"/.exec(text) ?? [];
      details = (await turn.callTool("details", { event_id: id })).text;
    },
  });
  const thing = {
    name: "审查 🤖",
    verdict: "needs a second look",
    api_token: "hunter2",
    rows: ["MARK"],
  };
  const payload = { action: "created", thing, sender: { id: 1, login: "octocat" } };
  const { status } = await send(github, "thing_of_tomorrow", payload, "d1");
  expect(status).toBe(202);
  session.type("anything new?");
  await session.until((note) => note.kind === "turn-end");
  const note = session.reads.find(({ text }) => text.includes("thing_of_tomorrow"))?.text;
  expect(note).toContain('thing_of_tomorrow.created (thing "审查 🤖") in GitHub by octocat');
  expect(note).not.toContain("needs a second look");
  expect(details).toContain('"verdict": "needs a second look"');
  expect(details).toContain('"api_token": "[redacted]"');
  expect(details).not.toContain("hunter2");
});

test("a session's own comments are answered 202, ignored and counted, from the next delivery on", async () => {
  await using rig = await openRigWithHub();
  const github = await rig.addChannel({ ...GITHUB, ignoreSenders: ["Codertocat"] });
  const comment = readExamples().find(({ event }) => event === "issue_comment")?.payload ?? {};
  const answer = await send(github, "issue_comment", comment, "d1");
  expect([answer.status, answer.text]).toEqual([202, '{"id":null,"ignored":"sender"}']);
  const refused = async (): Promise<unknown> => (await rig.status()).channels[0]?.refused;
  await expect.poll(refused, { timeout: 30_000 }).toEqual({ ignored: 1 });
  const heard = await rig.run("ignore", "github", "Codertocat", "--remove");
  expect(heard.stdout).toBe("github ignores no account\n");
  expect((await send(github, "issue_comment", comment, "d2")).status).toBe(202);
  const again = await rig.run("ignore", "github", "@codertocat", "hubot", "--json");
  expect(JSON.parse(again.stdout)).toEqual({
    name: "github",
    ignoreSenders: ["codertocat", "hubot"],
  });
  expect((await send(github, "issue_comment", { ...comment, x: 1 }, "d3")).text).toContain(
    "ignored",
  );
});
