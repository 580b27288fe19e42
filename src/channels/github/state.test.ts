import { expect, test } from "vitest";
import { receive, receiveSample, request } from "./github.fixture.ts";
import samples from "./samples.json" with { type: "json" };

const REPOSITORY = samples.push.payload.repository;
const RUN = samples["workflow run"].payload.workflow_run;
const CHECK = samples["check run"].payload.check_run;
const SHA = "6dcb09b5b57875f334f61aebed695e2e4193db5e";

type Change = Record<string, unknown>;

function stateOf(event: string, payload: object): string | undefined {
  const whole = { repository: REPOSITORY, sender: { id: 1, login: "octocat" }, ...payload };
  return receive(request(event, JSON.stringify(whole))).stateOf;
}

const ofRun = (change: Change): string | undefined =>
  receiveSample("workflow run", { workflow_run: { ...RUN, ...change } }).stateOf;
const ofCheck = (change: Change): string | undefined =>
  receiveSample("check run", { check_run: { ...CHECK, ...change } }).stateOf;
const ofStatus = (change: Change): string | undefined =>
  stateOf("status", {
    id: 1,
    sha: SHA,
    context: "ci/a",
    state: "failure",
    branches: [],
    ...change,
  });
const ofJob = (change: Change): string | undefined =>
  stateOf("workflow_job", {
    action: "completed",
    workflow_job: {
      run_id: 7,
      name: "测试",
      status: "completed",
      conclusion: "failure",
      ...change,
    },
  });

function toDifferent(one: string | undefined, others: (string | undefined)[]): void {
  expect(one).toBeTypeOf("string");
  for (const other of others) expect([other, typeof other]).not.toEqual([one, "string"]);
}

test("events of one pull request that are different things are states of different things", () => {
  const failed = ofRun({ conclusion: "failure" });
  expect(ofRun({ conclusion: "success", id: 9, run_number: 563, head_sha: "a".repeat(40) })).toBe(
    failed,
  );
  toDifferent(failed, [
    ofRun({ workflow_id: 8, name: "Lint" }),
    // A workflow of the same name in another file.
    ofRun({ workflow_id: 9 }),
    // The same workflow for the push of the same branch.
    ofRun({ event: "push" }),
    ofRun({ pull_requests: [] }),
    ofRun({ pull_requests: [{ ...RUN.pull_requests[0], number: 13 }] }),
    ofRun({ head_branch: "other" }),
  ]);
  toDifferent(ofRun({ pull_requests: [], head_branch: "main" }), [
    ofRun({ pull_requests: [], head_branch: "main", head_repository: { id: 99 } }),
  ]);
});

test("STATE-1: 测试 failed and 构建 succeeded on one branch: two names that are shown alike are two things", () => {
  toDifferent(ofCheck({ name: "测试" }), [ofCheck({ name: "构建" })]);
  toDifferent(ofStatus({ context: "测试" }), [ofStatus({ context: "构建" })]);
  toDifferent(ofJob({ name: "测试" }), [ofJob({ name: "构建" })]);
  const long = "n".repeat(300);
  toDifferent(ofCheck({ name: `${long}a` }), [ofCheck({ name: `${long}b` })]);
  toDifferent(ofCheck({ name: "a b" }), [
    ofCheck({ name: "a  b" }),
    ofCheck({ name: "a\u200b b" }),
  ]);
});

test("a check is told apart by its app; jobs of GitHub Actions that share a name, by their suite", () => {
  const other = { id: 1, slug: "other-ci", name: "Other" };
  toDifferent(ofCheck({}), [
    ofCheck({ check_suite: { id: 2, head_branch: "main" } }),
    ofCheck({ app: other }),
  ]);
  // Another app's suite is of one commit: its check of the next commit is the same check.
  expect(ofCheck({ app: other, check_suite: { id: 2, head_branch: "main" }, head_sha: "b" })).toBe(
    ofCheck({ app: other }),
  );
});

test("runs that a person, a comment or another run starts stand side by side: only attempts of one are one thing", () => {
  for (const event of ["workflow_dispatch", "issue_comment", "workflow_run", "dynamic"]) {
    const failed = ofRun({ event, id: 5, run_attempt: 1, head_branch: "main", pull_requests: [] });
    const other = { event, id: 6, head_branch: "main", pull_requests: [], conclusion: "success" };
    toDifferent(failed, [ofRun(other)]);
    expect(ofRun({ ...other, id: 5, run_attempt: 2 })).toBe(failed);
  }
});

test("two pull requests of one branch have a run each: the success of one does not end the failure of the other", () => {
  const [pull] = RUN.pull_requests;
  const both = { pull_requests: [pull, { ...pull, number: 13 }] };
  toDifferent(ofRun({ ...both, id: 5 }), [ofRun({ ...both, id: 6, conclusion: "success" })]);
  // A push has one run, whichever pull requests it is in.
  expect(ofRun({ ...both, event: "push", id: 6 })).toBe(ofRun({ ...both, event: "push", id: 5 }));
});

test("the slow run of an earlier commit is no later state than the run of the next commit", () => {
  const of = (run_started_at: string, updated_at: string): number | undefined =>
    receiveSample("workflow run", { workflow_run: { ...RUN, run_started_at, updated_at } })
      .occurredAt;
  const slow = of("2026-05-04T10:00:00Z", "2026-05-04T10:30:00Z");
  expect(slow).toBeLessThan(of("2026-05-04T10:05:00Z", "2026-05-04T10:10:00Z") ?? 0);
});

test("STATE-2: what was skipped does not end the failure before it", () => {
  toDifferent(ofRun({ conclusion: "failure" }), [ofRun({ conclusion: "skipped", id: 9 })]);
  toDifferent(ofCheck({ conclusion: "failure" }), [
    ofCheck({ conclusion: "skipped" }),
    ofCheck({ conclusion: "stale" }),
  ]);
  toDifferent(ofJob({}), [ofJob({ conclusion: "skipped" })]);
});

test("STATE-2: what runs again does not end the failure before it", () => {
  const failed = ofRun({ conclusion: "failure" });
  const running = ofRun({ conclusion: null, status: "in_progress" });
  toDifferent(failed, [running]);
  expect(ofRun({ conclusion: null, status: "queued" })).toBe(running);
  const check = ofCheck({ conclusion: "failure" });
  toDifferent(check, [ofCheck({ conclusion: null, status: "queued" })]);
  const again = receiveSample("check run", {
    action: "rerequested",
    check_run: { ...CHECK, conclusion: "failure" },
  });
  toDifferent(check, [again.stateOf]);
  expect(again.text).toContain("asked to run again");
  expect(again.meta["severity"]).toBe("info");
  toDifferent(ofStatus({}), [ofStatus({ state: "pending" })]);
  toDifferent(ofJob({}), [ofJob({ conclusion: null, status: "in_progress" })]);
});

test("a status is of the branch whose head it reports on, not of one that merely contains the commit", () => {
  const head = [{ name: "main", commit: { sha: SHA } }];
  const onMain = ofStatus({ branches: head });
  expect(
    ofStatus({
      sha: "c".repeat(40),
      branches: [{ name: "main", commit: { sha: "c".repeat(40) } }],
    }),
  ).toBe(onMain);
  toDifferent(onMain, [
    ofStatus({ branches: [{ name: "main", commit: { sha: "d".repeat(40) } }] }),
    ofStatus({ branches: [] }),
    ofStatus({ branches: [...head, { name: "dev", commit: { sha: SHA } }] }),
  ]);
});

test("an old deployment that becomes inactive does not end the failure of the new one", () => {
  const deployment = samples["deployment status"].payload;
  const of = (state: string, id = 5, environment = "production"): string | undefined =>
    receiveSample("deployment status", {
      deployment: { ...deployment.deployment, id, environment },
      deployment_status: { ...deployment.deployment_status, state, environment },
    }).stateOf;
  expect(of("success", 6)).toBe(of("failure", 5));
  toDifferent(of("failure", 5), [
    of("inactive", 4),
    of("in_progress", 6),
    of("failure", 5, "生产"),
  ]);
});

test("another task, workflow, app or temporary ref deploys another thing to the same environment", () => {
  const { deployment, deployment_status } = samples["deployment status"].payload;
  const of = (change: Change, more: Change = {}): string | undefined =>
    receiveSample("deployment status", {
      deployment: { ...deployment, ...change },
      deployment_status,
      ...more,
    }).stateOf;
  const preview = { transient_environment: true };
  toDifferent(of({}), [
    of({ task: "deploy:migrations" }),
    of({ performed_via_github_app: { id: 8329 } }),
    of({}, { workflow_run: { id: 3, workflow_id: 77 } }),
  ]);
  toDifferent(of({ ...preview, ref: "a" }), [of({ ...preview, ref: "b" })]);
  expect(of({ ref: "v2", sha: "b".repeat(40), id: 9 })).toBe(of({}));
});

test("a code scanning alert that is fixed on one branch goes on on another; what a person does to it ends it where it was found", () => {
  const of = (action: string, ref: string, found = "refs/heads/main"): string | undefined =>
    stateOf("code_scanning_alert", {
      action,
      ref,
      commit_oid: SHA,
      alert: { number: 4, rule: { id: "x" }, most_recent_instance: { ref: found } },
    });
  const created = of("created", "refs/heads/main");
  toDifferent(created, [of("fixed", "refs/heads/feature", "refs/heads/feature")]);
  expect(of("fixed", "refs/heads/main")).toBe(created);
  expect(of("closed_by_user", "")).toBe(created);
});

test("an alert is one thing from its creation to its end; other numbers and kinds are others", () => {
  const alert = (event: string, action: string, number: number, more: object): string | undefined =>
    stateOf(event, {
      action,
      alert: { number, ...more },
      commit_oid: event === "code_scanning_alert" ? SHA : undefined,
    });
  const dependency = { dependency: { package: { name: "rack" } } };
  const opened = alert("dependabot_alert", "created", 3, dependency);
  expect(alert("dependabot_alert", "fixed", 3, dependency)).toBe(opened);
  toDifferent(opened, [
    alert("dependabot_alert", "fixed", 4, dependency),
    alert("secret_scanning_alert", "resolved", 3, { secret_type: "x" }),
    alert("code_scanning_alert", "fixed", 3, { rule: { id: "x" } }),
  ]);
});

test("what people write, and what happened once, is a state of nothing", () => {
  for (const name of [
    "review",
    "review comment",
    "issue comment",
    "issue opened",
    "push",
    "release",
    "star",
    "pull request opened",
  ] as const)
    expect(receiveSample(name).stateOf).toBeUndefined();
});

test("a part that is missing makes no key: then nothing is superseded", () => {
  expect(ofRun({ workflow_id: undefined, head_branch: null, head_sha: null })).toBeUndefined();
  expect(
    stateOf("dependabot_alert", { action: "created", alert: { dependency: {} } }),
  ).toBeUndefined();
});
