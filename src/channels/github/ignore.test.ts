import { expect, test } from "vitest";
import { readExamples } from "./examples.fixture.ts";
import { request } from "./github.fixture.ts";
import { github } from "./index.ts";
import samples from "./samples.json" with { type: "json" };

function receive(
  name: keyof typeof samples,
  ignoreSenders: string[],
  change: object = {},
): unknown {
  const { event, payload } = samples[name];
  const body = JSON.stringify({ ...payload, ...change });
  const received = github.receive(request(event, body), {
    name: "gh",
    twoWay: false,
    ignoreSenders,
  });
  return received.kind === "ignore" ? received.reason : received.kind;
}

test("a session's own comments do not wake it; everybody else's do", () => {
  expect(receive("issue comment", ["OctoCat"])).toBe("sender");
  expect(receive("issue comment", ["monalisa"])).toBe("arrival");
  expect(receive("issue comment", [])).toBe("arrival");
  expect(receive("push", ["octocat"])).toBe("sender");
  expect(receive("review", ["octocat"])).toBe("arrival");
  const bot = { sender: { id: 9, login: "my-app[bot]" } };
  expect(receive("issue comment", ["my-app[bot]"], bot)).toBe("sender");
  expect(receive("issue comment", ["my-app"], bot)).toBe("arrival");
  expect(receive("issue comment", ["unknown"], { sender: null })).toBe("arrival");
});

test("GITHUB-4: what machines find out about an ignored account's work still comes", () => {
  for (const name of [
    "workflow run",
    "check run",
    "check suite",
    "deployment status",
    "ping",
  ] as const)
    expect([name, receive(name, ["octocat"])]).toEqual([name, "arrival"]);
  const machine =
    /^(?:workflow_run|workflow_job|check_|status$|deployment|page_build|merge_group|.*_alert|security_|repository_vulnerability)/;
  for (const { event, payload } of readExamples()) {
    if (!machine.test(event)) continue;
    const { login } = (payload["sender"] ?? { login: "nobody" }) as { login: string };
    const message = request(event, JSON.stringify(payload));
    const options = { name: "gh", twoWay: false, ignoreSenders: [login] };
    expect([event, github.receive(message, options).kind]).toEqual([event, "arrival"]);
  }
  expect(receive("pull request opened", ["octocat"], { action: "dequeued" })).toBe("arrival");
});

test("an event that nobody knows is not left out", () => {
  const body = JSON.stringify({ tomorrow: {}, sender: { id: 1, login: "octocat" } });
  const options = { name: "gh", twoWay: false, ignoreSenders: ["octocat"] };
  expect(github.receive(request("tomorrow", body), options).kind).toBe("arrival");
});
