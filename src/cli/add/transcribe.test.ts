import { expect, test } from "vitest";
import { transcribeSchema } from "../../api/wire/transcribe-wire.ts";
import { splitWords } from "./transcribe.ts";

test("a command is split as a shell would split it, and no shell is needed for it", () => {
  const cases: [string, string[]][] = [
    ["whisper-cli -m /opt/base.bin -nt", ["whisper-cli", "-m", "/opt/base.bin", "-nt"]],
    [`a 'b c'  "d e"f ''`, ["a", "b c", "d ef", ""]],
    [String.raw`a b\ c "d\"e" 'f\g'`, ["a", "b c", 'd"e', String.raw`f\g`]],
    ["a 'x|y;$z'", ["a", "x|y;$z"]],
  ];
  for (const [typed, words] of cases) expect(splitWords(typed), typed).toEqual(words);
});

test("what only a shell could do is refused, and so is what has no end or no program", () => {
  for (const typed of ["a | b", "a > b", "a; b", "a $HOME", "a `b`", "a &", "a *"])
    expect(() => splitWords(typed), typed).toThrow("no shell reads the command");
  for (const typed of ["a 'b", 'a "b', "", "  ", "''"])
    expect(() => splitWords(typed), typed).toThrow(/does not end|is empty/);
});

test("an endpoint is https, or http of this machine, and holds no password", () => {
  const isFit = (url: string): boolean => transcribeSchema.safeParse({ url }).success;
  for (const url of [
    "https://api.example/v1/audio/transcriptions?model=m",
    "http://127.0.0.1:8080/inference",
    "http://localhost/x",
    "http://[::1]:9/x",
  ])
    expect(isFit(url), url).toBe(true);
  for (const url of [
    "http://api.example/x",
    "http://127.0.0.1.example/x",
    "http://0.0.0.0/x",
    "ftp://127.0.0.1/x",
    "https://a:b@api.example/x",
    "https://api.example/#x",
    "x",
  ])
    expect(isFit(url), url).toBe(false);
});
