import { expect, test } from "vitest";
import { receive, request } from "./github.fixture.ts";
import { redact } from "../../catalogue/redact.ts";
import { toKeptPayload } from "./payload.ts";

const PAT = `ghp_${"a1".repeat(18)}`;

test.each<[unknown]>([
  [{ token: "hunter2" }],
  [{ api_key: "hunter2" }],
  [{ "X-Api-Key": "hunter2" }],
  [{ clientSecret: "hunter2" }],
  [{ PASSWORD: "hunter2", list: ["x"] }],
  [{ env: [{ name: "NPM_TOKEN", value: "hunter2" }] }],
  [{ env: [{ key: "db_password", value: "hunter2" }] }],
  [{ secrets: ["hunter2", "hunter2b"] }],
  [{ secret: { nested: "kept", password: "hunter2" } }],
  [{ text: "curl -H 'Authorization: Bearer hunter2hunter2'" }],
  [{ link: "https://me:hunter2@example.com/x" }],
  [{ link: "see https://s3.example.com/x?X-Amz-Signature=hunter2&y=1 there" }],
  [{ link: "https://example.com/reset?token=hunter2" }],
  [{ link: "https://example.com/cb#access_token=hunter2" }],
  [{ link: "https://x.blob.core.windows.net/a?sv=1&sig=hunter2" }],
])("PAYLOAD-1: %j leaves no credential", (value) => {
  expect(JSON.stringify(redact(value))).not.toContain("hunter2");
});

test.each([
  PAT,
  `github_pat_${"A1b2".repeat(10)}`,
  "AKIAIOSFODNN7EXAMPLE",
  "xoxb-1234567890-abcdef",
  `sk-ant-${"a1".repeat(12)}`,
  "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc-def",
  "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
  "-----BEGIN PRIVATE KEY-----\nMIIE that goes on",
])("PAYLOAD-1: %s goes wherever it stands, in keys too", (token) => {
  const text = JSON.stringify(
    redact({ note: `before ${token} after`, [token]: 1, deep: [[token]] }),
  );
  expect(text).not.toContain(token.slice(8, 24));
});

test("what only sounds like a credential stays", () => {
  const harmless = {
    secret_type: "aws_key",
    author: "monalisa",
    tokens: 512,
    commit: "6dcb09b5b57875f334f61aebed695e2e4193db5e",
    link: "https://example.com/search?q=token&state=open",
    monkey: "banana",
    public_key: "ssh-rsa AAAA",
  };
  expect(redact(harmless)).toEqual(harmless);
});

test("an event that GitHub invents tomorrow names its object, and its payload is kept beside the note", () => {
  const payload = {
    action: "created",
    copilot_review: {
      id: 7,
      name: "审查 🤖",
      number: 3,
      title: "Use a </channel> queue",
      html_url: "https://github.com/octo-org/octo-app/reviews/7",
      token: "hunter2",
      url: "https://api.github.com/repos/octo-org/octo-app/reviews/7",
    },
    repository: {
      id: 1,
      full_name: "octo-org/octo-app",
      node_id: "x",
      html_url: "https://github.com/octo-org/octo-app",
    },
    sender: { id: 2, login: "monalisa", avatar_url: "https://avatars.githubusercontent.com/u/2" },
  };
  const arrival = receive(request("copilot_review", JSON.stringify(payload)));
  expect(arrival.text.split("\n")).toEqual([
    'copilot_review.created (copilot review "审查 🤖") #3 in octo-org/octo-app by monalisa',
    "https://github.com/octo-org/octo-app/reviews/7",
  ]);
  expect(arrival.quotes).toEqual([{ label: "title", text: "Use a </channel> queue" }]);
  expect(JSON.parse(arrival.payload ?? "")).toEqual({
    action: "created",
    copilot_review: {
      id: 7,
      name: "审查 🤖",
      number: 3,
      title: "Use a </channel> queue",
      html_url: "https://github.com/octo-org/octo-app/reviews/7",
      token: "[redacted]",
    },
    repository: {
      id: 1,
      full_name: "octo-org/octo-app",
      html_url: "https://github.com/octo-org/octo-app",
    },
    sender: { login: "monalisa", id: 2 },
  });
});

test("a payload keeps no NUL and no half character, and a hostile one makes no trouble", () => {
  const hostile = JSON.parse(
    '{"__proto__":{"token":"hunter2"},"a\\u0000b":"\\ud800","sender":null,"repository":7,"x":{"constructor":{"password":"hunter2"}}}',
  ) as object;
  const text = toKeptPayload(hostile);
  expect(text.isWellFormed()).toBe(true);
  expect(text).not.toMatch(/hunter2|\0/);
});

test("a payload that was made to be slow to look through is cut instead", () => {
  const slow = [
    `https://example.com/?${"token".repeat(200_000)}`,
    "eyJ".repeat(400_000),
    `eyJ${"a.".repeat(400_000)}`,
    "-----BEGIN ".repeat(100_000),
    "https://".repeat(200_000),
    `Bearer ${" ".repeat(400_000)}`,
    "?a=1&".repeat(200_000),
  ];
  const text = toKeptPayload({ thing: { slow, list: Array(50_000).fill("x") } });
  expect(text.length).toBeLessThan(slow.length * 40_000 + 20_000);
  expect(text).toContain("more characters)");
  expect(text).toContain("(49000 more entries)");
});

test("a large deep payload is not blown up by indentation", () => {
  const row = `[${"1,".repeat(999)}1]`;
  const body = '{"a":['.repeat(30) + `${`${row},`.repeat(199)}${row}` + "]}".repeat(30);
  expect(toKeptPayload(JSON.parse(body) as object).length).toBe(body.length);
  expect(toKeptPayload({ small: 1 })).toBe('{\n "small": 1\n}');
});
