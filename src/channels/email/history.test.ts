import { expect, test } from "vitest";
import { isForwardSubject, readOwnText } from "./history.ts";

const ANSWER = { isAnswer: true, isForward: false };

function read(text: string): string {
  return readOwnText(text, ANSWER).text;
}

const OWN = "Yes, go on.\n\nBut not on Friday: the shop is closed.";

test.each([
  [
    "Gmail",
    `${OWN}\n\nOn Tue, Dec 1, 2026 at 10:00 AM Agent <agent@sluice.test> wrote:\n\n> May I deploy?\n>\n> Agent`,
  ],
  [
    "Gmail in two lines",
    `${OWN}\n\nOn Tue, Dec 1, 2026 at 10:00 AM A very long name of somebody\n<agent@sluice.test> wrote:\n\n> May I deploy?`,
  ],
  ["Thunderbird in German", `${OWN}\n\nAm 01.12.26 um 10:00 schrieb Agent:\n> Darf ich?\n>> Was?`],
  [
    "Apple Mail in French",
    `${OWN}\n\nLe 1 déc. 2026 à 10:00, Agent <agent@sluice.test> a écrit :\n\n> Puis-je ?`,
  ],
  ["Japanese", `${OWN}\n\n2026年12月1日(火) 10:00 Agent <agent@sluice.test>:\n\n> 可能？`],
  [
    "a language that is in no list",
    `${OWN}\n\nNgày 1 thg 12, 2026 lúc 10:00 Agent <agent@sluice.test> đã viết:\n> được không?`,
  ],
  [
    "Outlook",
    `${OWN}\n\n________________________________\nFrom: Agent <agent@sluice.test>\nSent: Tuesday, December 1, 2026 10:00\nTo: Ann <ann@example.com>\nSubject: Deploy\n\nMay I deploy?`,
  ],
  [
    "Outlook in German",
    `${OWN}\n\n-----Ursprüngliche Nachricht-----\nVon: Agent <agent@sluice.test>\nGesendet: Dienstag, 1. Dezember 2026 10:00\nAn: Ann\nBetreff: Deploy\n\nDarf ich?`,
  ],
  [
    "Outlook's HTML as text",
    `${OWN}\n\n*From:* Agent <agent@sluice.test>\n*Sent:* Tuesday, December 1, 2026 10:00 AM\n*To:* Ann\n*Subject:* Deploy\n\nMay I?`,
  ],
  [
    "no mark at the quote",
    `${OWN}\n\nOn Tue, 1 Dec 2026 at 10:00, Agent wrote:\n\nMay I deploy?\nThanks`,
  ],
  [
    "long lines in the quote",
    `${OWN}\n\nOn Tue, 1 Dec 2026 at 10:00, Agent wrote:\n> ${"a long line ".repeat(80)}`,
  ],
  ["a quote alone", `${OWN}\n\n> May I deploy?\n> Agent`],
  ["a signature above the quote", `${OWN}\n-- \nAnn\nExample Inc.\n\n> May I deploy?`],
  ["a signature below the quote", `${OWN}\n\n> May I deploy?\n-- \nAnn`],
])("earlier mails are left out: %s", (_, text) => {
  expect(read(text)).toBe(OWN);
  expect(readOwnText(text, ANSWER).cutLines).toBeGreaterThan(0);
});

test.each([
  ["answers between the quoted lines", "> May I deploy?\nYes.\n> And migrate?\nNo."],
  [
    "settings that look like a head",
    "Use these:\nHost: db.example.com\nUser: ann@example.com\nPort: 5432 since 2026",
  ],
  ["a sentence that ends in a colon", "I changed these in 2026:\nfirst\nsecond"],
  ["a rule in Markdown", "First\n\n---\n\nSecond"],
  ["code with pipes", "Run this\n| a | b |\nand then that"],
  ["somebody who wrote", "The client wrote us in 2025. What now?"],
  ["a colon after a name", "From: what I see, it works"],
])("MAILHISTORY-1: what a person wrote stays: %s", (_, text) => {
  expect(read(text)).toBe(text);
});

test("MAILHISTORY-2: an answer that is all quote stays as it is", () => {
  const text = "> May I deploy?\n> yes";
  expect(read(text)).toBe(text);
});

test("of a first mail and of a forwarded one nothing is cut", () => {
  const text =
    "FYI\n\n---------- Forwarded message ---------\nFrom: Bob <bob@x.test>\nDate: Tue, 1 Dec 2026\nSubject: Down\nTo: Ann\n\nIt is down";
  expect(readOwnText(text, { isAnswer: false, isForward: false }).text).toBe(text);
  expect(readOwnText(text, { isAnswer: true, isForward: true }).text).toBe(text);
  for (const subject of ["Fwd: x", "FW: x", "WG: x", "TR : x", "[Ticket 5] Fwd: x", "转发：x"])
    expect(isForwardSubject(subject), subject).toBe(true);
  for (const subject of ["Re: Fwd", "Forward planning", "I: think", "Information", "x"].filter(
    (one) => one !== "I: think",
  ))
    expect(isForwardSubject(subject), subject).toBe(false);
});

test("long texts of any shape end soon", () => {
  for (const line of ["> ", "a: b", "On 2026, x wrote:", "", "-----", "From: a 10:00", "|"])
    expect(() => read(`${line}\n`.repeat(100_000))).not.toThrow();
  expect(() => read("On 2026 ".repeat(200_000))).not.toThrow();
});
