/** A repository that is looked at by the API alone, over real HTTP and in virtual time. */
import { expect, onTestFinished, test } from "vitest";
import { FAKE_TOKEN, FakeGithub } from "../../../../test/fakes/github/fake-github.ts";
import { VirtualClock } from "../../../testing/virtual-clock.ts";
import { WatchRig } from "../../watchers/watch-rig.fixture.ts";
import { github } from "../index.ts";

const MINUTE = 60_000;
const REPO = "octo-org/octo-app";
const HOME = `https://github.com/${REPO}`;

async function openScene({ token = FAKE_TOKEN } = {}) {
  const fake = await FakeGithub.open();
  onTestFinished(() => fake.close());
  const clock = new VirtualClock(Date.UTC(2026, 10, 30, 10));
  fake.now = () => clock.now();
  const settings = { poll: REPO, api: `${fake.root}/api/v3` };
  const rig = new WatchRig(github.forSettings(settings), settings, clock);
  rig.secret = token;
  let count = 22_249_084_900;
  const happen = (type: string, payload: object, more: object = {}): Record<string, unknown> => {
    const event = {
      id: String(++count),
      type,
      actor: {
        id: 583231,
        login: "octocat",
        display_login: "octocat",
        url: "https://api.github.com/users/octocat",
      },
      repo: { id: 1296269, name: REPO, url: `https://api.github.com/repos/${REPO}` },
      payload,
      public: true,
      created_at: new Date(clock.now()).toISOString(),
      ...more,
    };
    fake.events.unshift(event);
    return event;
  };
  const pass = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= MINUTE / 2) {
      await rig.advance(Math.min(MINUTE / 2, left));
      for (let calm = 0, before = -1; calm < 3;) {
        await new Promise((done) => setTimeout(done, 5));
        calm = before === fake.asked.length ? calm + 1 : 0;
        before = fake.asked.length;
      }
    }
  };
  return { fake, clock, rig, happen, pass };
}

const PULL = {
  action: "opened",
  number: 12,
  // As the API has it since 2025: without title, body and page.
  pull_request: {
    id: 1,
    number: 12,
    url: `https://api.github.com/repos/${REPO}/pulls/12`,
    head: {
      ref: "retry-upload",
      sha: "6dcb09b5b57875f334f61aebed695e2e4193db5e",
      repo: { id: 1296269 },
    },
    base: { ref: "main", sha: "0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c", repo: { id: 1296269 } },
  },
};

// POLLED-1
test("the same texts as a webhook's: a push with its commits, a pull request with its title, a review, a comment, a run", async () => {
  const { fake, rig, happen, pass } = await openScene();
  await rig.start();
  fake.pulls.set(12, {
    number: 12,
    title: "Retry uploads",
    body: "Closes #9",
    state: "open",
    user: { login: "octocat" },
  });
  const [before, head] = ["c".repeat(40), "d".repeat(40)];
  fake.compared.set(`${before}...${head}`, {
    status: "ahead",
    total_commits: 1,
    commits: [{ sha: head, commit: { message: "Retry once more\n\nbody" } }],
  });
  happen("PushEvent", { repository_id: 1296269, push_id: 1, ref: "refs/heads/main", head, before });
  happen("PullRequestEvent", PULL);
  happen("PullRequestReviewEvent", {
    action: "created",
    pull_request: PULL.pull_request,
    review: {
      id: 2,
      state: "changes_requested",
      body: "Please test it",
      user: { login: "hubot" },
      submitted_at: "2026-11-30T10:00:30Z",
    },
  });
  happen("IssueCommentEvent", {
    action: "created",
    issue: { number: 9, title: "Uploads fail", state: "open", html_url: `${HOME}/issues/9` },
    comment: {
      id: 3,
      body: "Same here",
      html_url: `${HOME}/issues/9#issuecomment-3`,
      author_association: "NONE",
      user: { login: "ada" },
    },
  });
  fake.runs = [
    {
      id: 30433642,
      name: "test",
      head_branch: "main",
      head_sha: head,
      run_number: 562,
      run_attempt: 1,
      event: "push",
      status: "completed",
      conclusion: "failure",
      workflow_id: 159038,
      html_url: `${HOME}/actions/runs/30433642`,
      pull_requests: [],
      created_at: "2026-11-30T10:00:00Z",
      updated_at: "2026-11-30T10:01:00Z",
      run_started_at: "2026-11-30T10:00:00Z",
      triggering_actor: { id: 1, login: "octocat" },
    },
  ];
  await pass(2 * MINUTE);
  const notes = rig.taken.map(({ text, quotes }) =>
    [text, ...quotes.map(({ label, text: quoted }) => `> ${label}: ${quoted}`)].join("\n"),
  );
  expect(notes.join("\n\n")).toMatchInlineSnapshot(`
    "Pushed 1 commit to branch main in octo-org/octo-app by octocat
    was ccccccc, now ddddddd
    https://github.com/octo-org/octo-app/compare/cccccccccccccccccccccccccccccccccccccccc...dddddddddddddddddddddddddddddddddddddddd
    > commits: ddddddd Retry once more

    Pull request #12 opened in octo-org/octo-app by octocat
    retry-upload into main, state open
    https://github.com/octo-org/octo-app/pull/12
    > title: Retry uploads
    > body: Closes #9

    Review of pull request #12: changes requested in octo-org/octo-app by octocat
    https://github.com/octo-org/octo-app/pull/12
    > title: Retry uploads
    > body: Please test it

    Comment on issue #9 in octo-org/octo-app by octocat (none)
    https://github.com/octo-org/octo-app/issues/9#issuecomment-3
    > title: Uploads fail
    > comment: Same here

    Workflow "test": failure on main at ddddddd in octo-org/octo-app by octocat
    run 562, on push
    https://github.com/octo-org/octo-app/actions/runs/30433642"
  `);
  expect(rig.taken.map(({ kind, priority }) => `${kind} ${priority}`)).toMatchInlineSnapshot(`
    [
      "push normal",
      "pull_request.opened normal",
      "pull_request_review.submitted normal",
      "issue_comment.created normal",
      "workflow_run.completed normal",
    ]
  `);
  expect(rig.taken.every(({ repository }) => repository === REPO)).toBe(true);
});

// GHPOLL-1
test("what was there is no news; late events are, wherever they stand, and those that move up as others are deleted are not", async () => {
  const { fake, rig, happen, pass, clock } = await openScene();
  const watch = (login: string, more: object = {}) =>
    happen("WatchEvent", { action: "started" }, { actor: { id: 7, login }, ...more });
  for (let n = 0; n < 320; n++)
    watch(`old-${n}`, {
      created_at: new Date(clock.now() - (320 - n) * 10 * MINUTE).toISOString(),
    });
  await rig.start();
  await pass(2 * MINUTE);
  expect(rig.taken).toEqual([]);
  watch("new");
  const late = watch("late", { created_at: new Date(clock.now() - 5 * 60 * MINUTE).toISOString() });
  fake.events = [...fake.events.slice(1, 40), late, ...fake.events.slice(40)];
  await pass(2 * MINUTE);
  expect(rig.taken.map(({ sender }) => sender.name)).toEqual(["late", "new"]);
  fake.events.splice(10, 5);
  await pass(3 * MINUTE);
  await rig.restart();
  await pass(3 * MINUTE);
  expect(rig.taken).toHaveLength(2);
  // 250 in one look: three pages.
  for (let n = 0; n < 250; n++) watch(`flood-${n}`);
  await pass(2 * MINUTE);
  expect(rig.taken).toHaveLength(252);
  expect(rig.doubles).toBe(0);
});

// GHPOLL-2
test("GitHub is asked as often as it says; without a token no more than its 60 requests of an hour, and public events come all the same", async () => {
  const { fake, rig, happen, pass } = await openScene({ token: "" });
  fake.limit = 60;
  await rig.start();
  await pass(60 * MINUTE);
  expect(fake.asked.length).toBeLessThan(55);
  happen("ReleaseEvent", {
    action: "published",
    release: {
      tag_name: "v1.4.0",
      name: "1.4",
      body: "notes",
      html_url: `${HOME}/releases/tag/v1.4.0`,
    },
  });
  happen("PullRequestEvent", { ...PULL, action: "merged" });
  happen("PushEvent", { ref: "refs/heads/main", head: "d".repeat(40), before: "c".repeat(40) });
  await pass(6 * MINUTE);
  expect(rig.texts).toEqual([
    `Release v1.4.0 published in ${REPO} by octocat\n${HOME}/releases/tag/v1.4.0`,
    `Pull request #12 merged in ${REPO} by octocat\nretry-upload into main\n${HOME}/pull/12`,
    `Pushed to branch main in ${REPO} by octocat\nwas ccccccc, now ddddddd\n${HOME}/compare/${"c".repeat(40)}...${"d".repeat(40)}`,
  ]);
  fake.pollInterval = 600;
  await pass(10 * MINUTE);
  const before = fake.asked.filter((path) => path.includes("/events")).length;
  await pass(30 * MINUTE);
  expect(fake.asked.filter((path) => path.includes("/events")).length - before).toBeLessThanOrEqual(
    4,
  );
});

test("a list that has not changed costs nothing, and each attempt of a run is told once it has ended", async () => {
  const { fake, rig, pass, clock } = await openScene();
  const run = (id: number, status: string, attempt = 1) => ({
    id,
    name: "ci",
    status,
    conclusion: status === "completed" ? "success" : null,
    run_attempt: attempt,
    updated_at: new Date(clock.now()).toISOString(),
    head_branch: "main",
  });
  fake.runs = [run(1, "completed"), run(2, "in_progress")];
  await rig.start();
  await pass(3 * MINUTE);
  const { used } = fake;
  await pass(30 * MINUTE);
  expect(fake.used).toBe(used);
  fake.runs = [run(2, "completed"), run(1, "completed")];
  await pass(2 * MINUTE);
  fake.runs = [run(2, "queued", 2), run(1, "completed")];
  await pass(2 * MINUTE);
  fake.runs = [run(2, "completed", 2), run(1, "completed")];
  await rig.restart();
  await pass(2 * MINUTE);
  expect(rig.taken.map(({ deliveryId }) => deliveryId)).toEqual(["run:2.1", "run:2.2"]);
});

// GHPOLL-3
test("a token that may read no runs brings events; what cannot be read now is read later, from where it was", async () => {
  const { fake, rig, happen, pass } = await openScene();
  fake.fault = (path) =>
    path.endsWith("/actions/runs")
      ? { status: 403, headers: { "x-accepted-github-permissions": "actions=read" } }
      : undefined;
  await rig.start();
  happen("ForkEvent", {
    forkee: { full_name: "ada/octo-app", html_url: "https://github.com/ada/octo-app" },
  });
  await pass(2 * MINUTE);
  expect(rig.texts).toEqual([expect.stringContaining("Forked to ada/octo-app")]);
  rig.fault = { when: "before", error: new Error("the inbox is full") };
  happen("WatchEvent", { action: "started" });
  await pass(2 * MINUTE);
  expect(rig.taken).toHaveLength(2);
  fake.fault = () => ({ status: 502, headers: { "content-type": "text/html" }, body: "<html>" });
  happen("WatchEvent", { action: "started" });
  await pass(3 * MINUTE);
  expect(rig.states.at(-1)).toMatchObject({ kind: "retrying" });
  fake.fault = () => undefined;
  await pass(3 * MINUTE);
  expect(rig.taken).toHaveLength(3);
});

test("a private repository without a token, and one that is not there, are told in words", async () => {
  const { fake, rig } = await openScene({ token: "" });
  fake.isPrivate = true;
  await rig.start();
  expect(rig.states.at(-1)).toMatchObject({
    kind: "retrying",
    reason: expect.stringContaining("private, which takes a token"),
  });
});

test("what the owner ignores is left out, and events that GitHub invents tomorrow are told", async () => {
  const { rig, happen, pass } = await openScene();
  rig.ignoreSenders = ["octocat"];
  await rig.start();
  happen("WatchEvent", { action: "started" });
  happen("TeleportEvent", {
    action: "beamed",
    teleport: { name: "pad 7", html_url: `${HOME}/pads/7` },
  });
  happen("not an event", {});
  happen("PushEvent", null as never, { id: null });
  await pass(2 * MINUTE);
  expect(rig.texts).toEqual([
    `teleport.beamed (teleport "pad 7") in ${REPO} by octocat\n${HOME}/pads/7`,
  ]);
});
