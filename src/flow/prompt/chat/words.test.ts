import { expect, test } from "vitest";
import { toPrompt } from "../prompt.fixture.ts";
import { isOneTap, readTap, toButtons, toChosen, toggle } from "./buttons.ts";
import { hasVerdictLine, readVerdict, toTypedVerdict } from "./words.ts";

test.each([
  ["yes abcde", "yes", ""],
  ["  YES   ABCDE  ", "yes", ""],
  ["y abcde", "yes", ""],
  ["Yes abcde.", "yes", ""],
  ["no abcde", "no", ""],
  ["No, abcde: not on Fridays", "no", "not on Fridays"],
  ["n abcde - use staging\nplease", "no", "use staging\nplease"],
  ["ｙｅｓ ａｂｃｄｅ", "yes", ""],
])("%j is an answer", (text, word, rest) => {
  expect(readVerdict(text)).toEqual({ word, code: "abcde", rest });
});

// CHATWORD-1
test.each([
  "yes",
  "yes please do",
  "yes abcdef",
  "yes abcd",
  "yes abcle", // l is in no code
  "yes abcd1",
  "ok abcde",
  "well, yes abcde",
  "> yes abcde",
  "yesabcde",
  "abcde",
  "yes абвгд",
])("%j is talk", (text) => {
  expect(readVerdict(text)).toBeUndefined();
});

test("a condition is no allowance", () => {
  expect(toTypedVerdict(toPrompt(), { word: "yes", rest: "but not in production" })).toMatchObject({
    kind: "unclear",
    reason: expect.stringContaining("no abcde but not in production"),
  });
  expect(toTypedVerdict(toPrompt(), { word: "yes", rest: "" })).toEqual({ kind: "allow" });
});

test.each([
  ["session", "session"],
  ["for this session", "session"],
  ["exactly session", "session"],
  ["Day.", "day"],
  ["for a day", "day"],
  ["exactly for a day", "day"],
  ["ALWAYS", "always"],
  ["edits", "edits"],
] as const)("CHATWORD-2: yes abcde %s: exactly this again, too", (rest, keep) => {
  expect(toTypedVerdict(toPrompt(), { word: "yes", rest })).toEqual({ kind: "allow", keep });
});

test.each([
  "always, but not in production",
  "session day",
  "for an hour",
  "not always",
  "forever",
  "all edits",
  "for",
  "exactly",
])("CHATWORD-2: yes abcde %s is no allowance, and it says what may stand there", (rest) => {
  expect(toTypedVerdict(toPrompt(), { word: "yes", rest })).toMatchObject({
    kind: "unclear",
    reason: expect.stringMatching(/session, day, always or edits.*no abcde/),
  });
});

const QUESTION = toPrompt({
  kind: "question",
  questions: [
    { question: "Which?", options: [{ label: "SQLite" }, { label: "Postgres" }], isMulti: false },
    {
      question: "Where?",
      options: [{ label: "EU" }, { label: "US" }, { label: "Both" }],
      isMulti: true,
    },
    { question: "How many?", options: [], isMulti: false },
  ],
});

test("answers by number, by several, by name, in own words", () => {
  expect(toTypedVerdict(QUESTION, { word: "yes", rest: "2; 1,3; 12" })).toEqual({
    kind: "answers",
    answers: { "Which?": "Postgres", "Where?": "EU, Both", "How many?": "12" },
  });
  expect(
    toTypedVerdict(QUESTION, { word: "yes", rest: "sqlite\nnowhere yet\nas few as can be" }),
  ).toEqual({
    kind: "answers",
    answers: { "Which?": "SQLite", "Where?": "nowhere yet", "How many?": "as few as can be" },
  });
});

test.each([
  ["", /which\?/],
  ["1", /3 questions/],
  ["1; 2", /3 questions/],
  ["1; 2; ", /3 questions/],
  ["3; 1; x", /no option 3; 1 to 2/],
  ["0; 1; x", /no option 0/],
  ["1,2; 1; x", /only one/],
])("%j is unclear, and it says why", (rest, why) => {
  expect(toTypedVerdict(QUESTION, { word: "yes", rest })).toMatchObject({
    kind: "unclear",
    reason: expect.stringMatching(why),
  });
});

test("a line that reads as an answer is found in a longer text, however it is dressed", () => {
  for (const text of [
    "yes abcde",
    "Send me this:\n\nyes abcde\n\nthank you",
    "**yes abcde**",
    "> `no abcde because`",
    "- yes **abcde**",
    "“Yes abcde”",
    "a\u2028yes abcde",
  ])
    expect([text, hasVerdictLine(text)]).toEqual([text, true]);
  for (const text of ["I said yes abcde to it", "yes, that works", "no idea why", "yesterday"])
    expect([text, hasVerdictLine(text)]).toEqual([text, false]);
});

const HANDLE = "A".repeat(22);
const ids = (prompt: Parameters<typeof toButtons>[0], choice = {}) =>
  toButtons(prompt, HANDLE, choice)
    .flat()
    .map(({ label }) => label);

test("buttons: what fits the prompt, and none that allows what needs its code", () => {
  const risk = { isRisky: true, reasons: ["x"] };
  const [why, change] = ["Deny and say why", "Say what to change"];
  expect(ids(toPrompt())).toEqual(["Allow", "Deny", why, "Deny all for 15 min"]);
  expect(ids(toPrompt({ risk }))).toEqual(["Deny", why, "Deny all for 15 min"]);
  expect(ids(toPrompt({ kind: "plan" }))).toEqual(["Accept the plan", "Keep planning", change]);
  expect(ids(toPrompt({ kind: "plan", risk }))).toEqual(["Keep planning", change]);
  expect(ids({ ...QUESTION, risk })).toEqual(["Leave it unanswered"]);
  expect(ids(QUESTION, { 1: [0, 2] })).toEqual([
    "1.1 SQLite",
    "1.2 Postgres",
    "✓ 2.1 EU",
    "2.2 US",
    "✓ 2.3 Both",
    "Send",
    "Answer in words",
    "Leave it unanswered",
  ]);
});

test("a button's id is at most 60 bytes and says nothing but a handle; every one is read back", () => {
  for (const { id } of [
    ...toButtons(QUESTION, HANDLE, {}),
    ...toButtons(toPrompt(), HANDLE, {}),
  ].flat()) {
    expect(Buffer.byteLength(id)).toBeLessThanOrEqual(60);
    expect(readTap(id)?.handle).toBe(HANDLE);
  }
  expect(readTap("ok:1")).toBeUndefined();
  expect(readTap(`${HANDLE}.x`)).toBeUndefined();
  expect(readTap(`${HANDLE}.a\n`)).toBeUndefined();
});

test("options are chosen and taken back; of one question one counts", () => {
  let choice = toggle(QUESTION, {}, { question: 0, option: 0 });
  choice = toggle(QUESTION, choice ?? {}, { question: 0, option: 1 });
  choice = toggle(QUESTION, choice ?? {}, { question: 1, option: 2 });
  choice = toggle(QUESTION, choice ?? {}, { question: 1, option: 0 });
  expect(toChosen(QUESTION, choice ?? {})).toEqual({
    "Which?": "Postgres",
    "Where?": "EU, Both",
    "How many?": "",
  });
  choice = toggle(QUESTION, choice ?? {}, { question: 1, option: 2 });
  expect(toChosen(QUESTION, choice ?? {})["Where?"]).toBe("EU");
  expect(toggle(QUESTION, {}, { question: 7, option: 0 })).toBeUndefined();
  expect(toggle(QUESTION, {}, { question: 0, option: 2 })).toBeUndefined();
  expect(isOneTap(QUESTION)).toBe(false);
});
