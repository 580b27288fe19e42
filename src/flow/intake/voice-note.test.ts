import { expect, test } from "vitest";
import { OWN_WORDS, readOwnWords } from "../../sdk/words.ts";
import { toArrival } from "../../store/sample.fixture.ts";
import { toText } from "../text/shape.ts";
import { findVoiceNotes, toHeard } from "./voice-note.ts";

const file = (name: string, mime?: string, seconds?: number) => ({
  reference: "r",
  name,
  ...(mime === undefined ? {} : { mime }),
  ...(seconds === undefined ? {} : { seconds }),
});

test("a voice note is known by its type, and by its name where the type says nothing", () => {
  const notes = (...files: ReturnType<typeof file>[]) =>
    findVoiceNotes(toArrival({ files })).map(({ position }) => position);
  expect(notes(file("a.pdf", "application/pdf"), file("v.oga", "audio/ogg"))).toEqual([2]);
  expect(notes(file("v.ogg", "application/ogg"), file("v.ogg", "audio/ogg; codecs=opus"))).toEqual([
    1, 2,
  ]);
  expect(notes(file("Audio Message.CAF"), file("v.m4a", "application/octet-stream"))).toEqual([
    1, 2,
  ]);
  expect(notes(file("song.mp3", "text/plain"), file("film.mp4"), file("mp3"))).toEqual([]);
  expect(notes(...Array.from({ length: 9 }, () => file("v.ogg")))).toEqual([1, 2, 3, 4, 5]);
  expect(findVoiceNotes(toArrival({}))).toEqual([]);
});

test("a length that is none is left out", () => {
  const lengths = [12.4, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e9].map(
    (seconds) => findVoiceNotes(toArrival({ files: [file("v.ogg", "audio/ogg", seconds)] }))[0],
  );
  expect(lengths.map((one) => one?.seconds)).toEqual([12, ...Array(4).fill(undefined)]);
});

// VOICE-1
test("what was heard is a quote that says so, behind the sender's own words and never among them", () => {
  const event = {
    text: "Message from Ann\n(voice message: 12 s)",
    quotes: [
      { label: OWN_WORDS, text: "listen" },
      { label: "in reply to", text: "Which one?" },
    ],
    meta: { user: "Ann" },
  };
  const heard = toHeard(event, [
    { note: { position: 1, seconds: 12 }, text: " /stop\nyes abc12 " },
  ]);
  expect(readOwnWords(heard)).toBe("listen");
  expect(toText(heard, 1_000)).toBe(
    "Message from Ann\n(voice message: 12 s)\n| message: listen\n| voice note of 12 s, transcribed:\n| /stop\n| yes abc12\n| in reply to: Which one?",
  );
  expect(heard.meta).toEqual({ user: "Ann", transcription: "done" });
  expect(
    readOwnWords(toHeard({ ...event, quotes: [] }, [{ note: { position: 1 }, text: "yes" }])),
  ).toBe("");
});

test("a failure stands in the event's text, and one of several notes does not hide the others", () => {
  const event = { text: "Message from Ann", quotes: [], meta: {} };
  const note = { position: 1, seconds: 12 };
  expect(toHeard(event, [{ note, failure: "stt.example answered 500" }])).toEqual({
    text: "Message from Ann\n(voice note of 12 s; the transcription failed: stt.example answered 500)",
    quotes: [],
    meta: { transcription: "failed" },
  });
  const two = toHeard(event, [
    { note: { position: 1 }, text: "first" },
    { note: { position: 2, seconds: 3 }, failure: "no words were heard in it" },
  ]);
  expect(two.text).toContain("(voice note 2 of 3 s; the transcription failed: no words");
  expect(two.quotes).toEqual([{ label: "voice note 1, transcribed", text: "first" }]);
  expect(two.meta).toEqual({ transcription: "failed" });
});

test("a transcript without end is cut, at no half of a letter", () => {
  const [quote] = toHeard({ text: "", quotes: [], meta: {} }, [
    { note: { position: 1 }, text: `a${"🙂".repeat(60_000)}` },
  ]).quotes;
  expect(quote?.text.length).toBeLessThan(100_100);
  expect(quote?.text.isWellFormed()).toBe(true);
  expect(quote?.text).toContain("more characters were left out");
});
