import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { toFileName } from "./file-name.ts";
import { toRuns } from "../../sdk/runs.fixture.ts";

// FILENAME-1
test.each([
  "हिन्दी रिपोर्ट.pdf",
  "测试报告.docx",
  "отчёт за май.xlsx",
  "می‌خواهم.txt",
  "تقرير.pdf",
  "รายงาน.pdf",
  "レポート（最終）.pdf",
  "보고서.hwp",
  "Bericht März.pdf",
  "Chart №1 (final).png",
  "John's notes, v2 [draft] {x} @home #3 100% + more = ok!.md",
  "👩🏽‍🚀 launch 🏴󠁧󠁢󠁳󠁣󠁴󠁿.png",
  "_config.yml",
  "a..b.tar.gz",
  "Łódź.pdf",
  "nullable.txt",
])("a file called %j keeps its name", (name) => {
  expect(toFileName(name.normalize("NFD"))).toBe(name.normalize("NFC"));
});

// FILENAME-1
test.each([
  ["../../etc/passwd", "passwd"],
  ["C:\\Windows\\system32\\cmd.exe", "cmd.exe"],
  [".env", "env"],
  ["..", "file"],
  ["", "file"],
  [" . ", "file"],
  ["con.txt", "file_con.txt"],
  ["CON .txt", "file_CON .txt"],
  ["COM¹", "file_COM¹"],
  ["a\0b.png", "ab.png"],
  ["a\nb\r.png", "a b .png"],
  ["-rf.txt", "rf.txt"],
  ["\u202egnp.exe", "gnp.exe"],
  ["a\u{e0041}\u200b\u061cb.txt", "ab.txt"],
  ["trailing. . ", "trailing"],
  ["$(rm -rf ~).sh", "_(rm -rf ~).sh"],
  ["a`id`;b&c|d.txt", "a_id_b_c_d.txt"],
  ['a:b*c?d"e<f>.txt', "a_b_c_d_e_f_.txt"],
  ["half \ud83d.txt", "half .txt"],
  [`${"x".repeat(300)}.tar.gz`, `${"x".repeat(173)}.tar.gz`],
])("a file called %j is kept as %j", (given, expected) => {
  expect(toFileName(given)).toBe(expected);
});

// FILENAME-2
test("a long name is cut between what people take for characters", () => {
  const cases: [string, RegExp][] = [
    ["क्षि".repeat(60), /^(?:क्षि)+\.pdf$/u],
    ["👩🏽‍🚀".repeat(60), /^(?:👩🏽‍🚀)+\.pdf$/u],
    ["e\u0323\u0302".repeat(100), /^(?:ệ)+\.pdf$/u],
    ["测试".repeat(100), /^(?:测试)+测?\.pdf$/u],
  ];
  for (const [word, shape] of cases) {
    const name = toFileName(`${word}.pdf`);
    expect(name).toMatch(shape);
    expect(Buffer.byteLength(name)).toBeGreaterThan(140);
  }
  expect(toFileName(`a${"\u0301".repeat(5_000)}.txt`)).toMatch(/^á\u0301*\.txt$/u);
});

test("a cut leaves no name of a device", () => {
  const flood = `x${"\u0301".repeat(500)}`;
  for (const name of [`con${flood}`, `NUL${flood}.txt`, `aux .${flood}.png`])
    expect(toFileName(name)).toMatch(/^file_/);
});

test("whatever the name, a file system takes it where it was meant to lie", () => {
  const folder = mkdtempSync(join(tmpdir(), "names-"));
  const piece = fc.oneof(
    fc.constantFrom(..."/\\.:- \u0000\n\u202e%$`'\"~*?é", "..", "con", "हिन्दी", "👩‍👩‍👧", "\u0301"),
    fc.string({ unit: "binary", maxLength: 8 }),
  );
  try {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const name = toFileName(pieces.join(""));
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(180);
        expect(name).not.toMatch(/^[.\-\s]|[.\s]$|[/\\:*?"<>|\p{Cc}]/u);
        expect(name.isWellFormed()).toBe(true);
        expect(toFileName(name)).toBe(name);
        writeFileSync(join(folder, name), "");
        expect(readdirSync(folder)).toEqual([name]);
        rmSync(join(folder, name));
      }),
      { numRuns: toRuns(2_000) },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
