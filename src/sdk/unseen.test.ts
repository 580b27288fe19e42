import fc from "fast-check";
import { expect, test } from "vitest";
import { replaceUnseen, toMark } from "./unseen.ts";
import { toRuns } from "./runs.fixture.ts";

const remove = (text: string): string => replaceUnseen(text, () => "");

// UNSEEN-1
test.each([
  ["Hindi", "हिन्दी रिपोर्ट"],
  ["Hindi with an open half letter", "क्‍ष और क्‌ष"],
  ["Bengali ya-phala", "র‍্যাম"],
  ["Malayalam chillu", "അവന്‍"],
  ["Sinhala", "ශ්‍රී ලංකා"],
  ["Tamil", "க்‌ஷ"],
  ["Persian", "می‌خواهم و نمی‌شود، کتاب‌ها"],
  ["Arabic with marks", "مُحَمَّدٌ ۝١٢"],
  ["Hebrew with points", "שָׁלוֹם"],
  ["Thai", "กำลังทดสอบ"],
  ["Khmer", "ភាសាខ្មែរ"],
  ["Burmese", "မြန်မာဘာသာ"],
  ["Tibetan", "བོད་སྐད"],
  ["Mongolian", "ᠮᠣᠩᠭᠣᠯ ᠤᠨ ᠠ᠋ ᠪᠠᠷᠭ᠎ᠠ"],
  ["Chinese", "测试 构建"],
  ["Japanese with a drawn form", "葛\u{e0100}飾区 か゛"],
  ["Korean", "한국어 \u1100\u1161\u11a8"],
  ["Vietnamese, decomposed", "Tie\u0302\u0301ng Vie\u0323\u0302t"],
  ["Yoruba", "ọ̀rọ̀"],
  ["a family", "👨‍👩‍👧‍👦"],
  ["a red-haired astronaut with a skin", "👩🏽‍🦰 🧑🏿‍🚀"],
  ["hearts and flags", "❤️‍🔥 🏳️‍🌈 🏳️‍⚧️ 🏴‍☠️ 🇺🇦 🏴󠁧󠁢󠁳󠁣󠁴󠁿"],
  ["a keycap", "1️⃣ #️⃣"],
  ["signs as text and as picture", "☎︎ ☎️ ™️ ©"],
  ["an arrow sequence", "🚶‍➡️ 🙂‍↔️"],
  ["mathematics", "𝔸 ∩︀ 𝑥²"],
  ["Cherokee, Inuktitut, Runes", "ᏣᎳᎩ ᐃᓄᒃᑎᑐᑦ ᚠᚢᚦ"],
])("%s stays letter for letter", (_, text) => {
  expect(remove(text)).toBe(text);
});

// UNSEEN-2
test.each([
  ["a direction override", "a\u202eb", "a⟨U+202E⟩b"],
  [
    "isolates and marks of direction",
    "\u2066a\u2069\u200f\u061c",
    "⟨U+2066⟩a⟨U+2069⟩⟨U+200F⟩⟨U+061C⟩",
  ],
  ["tag characters", "hi\u{e0041}\u{e0042}", "hi⟨U+E0041⟩⟨U+E0042⟩"],
  ["tags behind a flag that is none", "\u{1f3f4}\u{e0061}\u{e007f}", "\u{1f3f4}⟨U+E0061⟩⟨U+E007F⟩"],
  ["C1 and C0", "\u009b31m\u0007\u007f", "⟨U+009B⟩31m⟨U+0007⟩⟨U+007F⟩"],
  ["zero width in Latin", "pass\u200dword\u200b\ufeff", "pass⟨U+200D⟩word⟨U+200B⟩⟨U+FEFF⟩"],
  ["a run of joiners in Persian", "می\u200c\u200c\u200dخ", "می⟨U+200C⟩⟨U+200C⟩⟨U+200D⟩خ"],
  ["a run of selectors behind a picture", "😀\ufe0f\ufe0f\u{e0101}", "😀\ufe0f⟨U+FE0F⟩⟨U+E0101⟩"],
  ["a run of selectors behind a letter", "葛\u{e0100}\u{e0101}", "葛\u{e0100}⟨U+E0101⟩"],
  ["fillers", "\u3164\u115f\u1160\uffa0", "⟨U+3164⟩⟨U+115F⟩⟨U+1160⟩⟨U+FFA0⟩"],
  ["line separators", "a\u2028b\u2029", "a⟨U+2028⟩b⟨U+2029⟩"],
  ["half a character", "a\ud800b", "a⟨U+D800⟩b"],
])("%s is shown", (_, text, shown) => {
  expect(replaceUnseen(text, toMark)).toBe(shown);
});

test("whatever the text, a second look finds nothing more, and only unseen characters go", () => {
  const parts = fc.array(
    fc.constantFrom(
      ..."a\u200c\u200d\ufe0f\u{e0041}\u202e😀👩🏽क्می葛\u{e0100}ᠠ\u180b\u180e1\u20e3\n\t🏴",
      "\ud800",
    ),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(
      fc.oneof(
        parts.map((list) => list.join("")),
        fc.string({ unit: "binary", maxLength: 60 }),
      ),
      (text) => {
        const once = remove(text);
        expect(remove(once)).toBe(once);
        const look = /[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
        expect(once.match(look)?.join("")).toBe(text.match(look)?.join(""));
      },
    ),
    { numRuns: toRuns(5_000) },
  );
});
