import { expect, test } from "vitest";
import { toCallDigest } from "../../sdk/call-digest.ts";
import { isPreviewOf, toFacts, toPreviewFacts } from "./call.ts";
import type { Assessment } from "./risk/assess.ts";

const KNOWN: Assessment = { kind: "reading", isRisky: false, reasons: [] };
const assess = (): Promise<Assessment> => Promise.resolve(KNOWN);

test("CALL-2: a value with line breaks of any kind cannot pose as another field", () => {
  for (const end of ["\n", "\r\n", "\r", "\v", "\f", "\u0085", "\u2028", "\u2029"]) {
    const input = { command: `ls${end}file_path: /etc/passwd`, cwd: "/" };
    const lines = toFacts("Bash", input, KNOWN).arguments.split("\n");
    expect(lines).toEqual(["command:", "  ls", "  file_path: /etc/passwd", "cwd: /"]);
  }
  const key = toFacts("Bash", { "a: 1\nfile_path": "x" }, KNOWN).arguments;
  expect(key.split("\n")).toHaveLength(1);
});

test("CALL-1: secrets are masked before anything is kept, in arguments, questions and options", async () => {
  const secret = "ghp_0123456789abcdefghijABCDEFGHIJ012345";
  const question = {
    question: `Use ${secret}?`,
    options: [{ label: secret, description: secret }],
  };
  for (const facts of [
    toFacts("Bash", { command: `curl -H "Authorization: Bearer ${secret}" x` }, KNOWN),
    toFacts("AskUserQuestion", { questions: [question] }, KNOWN),
    toFacts("ExitPlanMode", { plan: `push with ${secret}` }, KNOWN),
    await toPreviewFacts("Bash", `{"command":"echo ${secret}`, assess),
  ])
    expect(JSON.stringify(facts)).not.toContain(secret);
});

test("a plan is shown as it is written", () => {
  const plan = "# Plan\n\n1. look\n2. act";
  expect(toFacts("ExitPlanMode", { plan }, KNOWN)).toMatchObject({ kind: "plan", arguments: plan });
});

test("arguments that no person reads lose their middle, and people are told", () => {
  const content = `first ${"x".repeat(300_000)} last`;
  const facts = toFacts("Write", { content }, KNOWN);
  expect(facts.isCut).toBe(true);
  expect(facts.arguments.length).toBeLessThan(210_000);
  expect(facts.arguments).toMatch(
    /^content: first x+\n\[\.\.\. \d+ characters left out \.\.\.\]\nx+ last$/,
  );
  expect(facts.digest).toBe(toCallDigest({ content }));
});

test("the digest does not depend on the order of fields, and on everything else", () => {
  const digest = toCallDigest({ a: 1, b: { c: [1, 2], d: "x" } });
  expect(digest).toMatch(/^[0-9a-f]{32}$/);
  expect(toCallDigest({ b: { d: "x", c: [1, 2] }, a: 1 })).toBe(digest);
  for (const other of [
    { a: 1 },
    { a: 1, b: { c: [2, 1], d: "x" } },
    { a: "1", b: { c: [1, 2], d: "x" } },
  ])
    expect(toCallDigest(other)).not.toBe(digest);
});

test.each([
  ['{"command":"npm test"}', true],
  ['{ "command": "npm test" }', true],
  ['{"command":"npm', true],
  ['{"command":"npm te…', true],
  ['{"command":"npm ***"}', true],
  ['{"command":"[REDACTED]"}', true],
  ['{"command":"npm run deploy"}', false],
  ['npm test"}', false],
  ['{"command":"npm test"}}', false],
])("the preview %s of an npm test: %s", (preview, expected) => {
  expect(isPreviewOf(preview, { command: "npm test" })).toBe(expected);
});

test("a preview that was cut is risky: nobody knows what stands behind the cut", async () => {
  expect(await toPreviewFacts("Read", '{"file_path":"/a', assess)).toMatchObject({
    isCut: true,
    risk: { isRisky: true },
  });
  expect((await toPreviewFacts("Read", '{"file_path":"/a"}', assess)).isCut).toBe(false);
});

test("questions that are none are left out; what is odd in one does not hide the others", () => {
  const facts = toFacts(
    "AskUserQuestion",
    {
      questions: [
        { question: "" },
        "text",
        { question: "Which?", multiSelect: "yes", options: [{ label: "A" }, { label: 3 }, null] },
      ],
    },
    KNOWN,
  );
  expect(facts.questions).toEqual([
    { question: "Which?", options: [{ label: "A" }], isMulti: false },
  ]);
});

test("a preview in which the client has hidden something needs the code, though it can be read", async () => {
  for (const preview of ['{"command":"npm ***"}', '{"command":"[REDACTED]"}', '{"command":"ls…"}'])
    expect(await toPreviewFacts("Bash", preview, assess)).toMatchObject({
      exact: "",
      risk: { isRisky: true },
    });
});

test("CALL-3: what is hidden is named, and one tap does not allow it", () => {
  const input = { command: "deploy --token s3cr3tvalue99" };
  const { risk, arguments: shown } = toFacts("Bash", input, KNOWN);
  expect(shown).toBe("command: deploy --token [masked]");
  expect(risk).toEqual({
    isRisky: true,
    reasons: ["hidden here as [masked]: the value of --token"],
  });
  expect(toFacts("Bash", { command: "ls" }, KNOWN).risk.isRisky).toBe(false);
});

test("what the model says about a call is no part of what it does", () => {
  const exact = (input: Record<string, unknown>) => toFacts("Bash", input, KNOWN).exact;
  expect(exact({ command: "make x", description: "Build" })).toBe(exact({ command: "make x" }));
  expect(exact({ command: "make x", timeout: 5 })).not.toBe(exact({ command: "make x" }));
  expect(exact({ command: "make  x" })).not.toBe(exact({ command: "make x" }));
});
