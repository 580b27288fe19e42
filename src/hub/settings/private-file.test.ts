import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  linkSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeFolder } from "../../store/sample.fixture.ts";
import { readPrivateFile, removePrivateFile, writePrivateFile } from "./private-file.ts";

// Nobody else can give a file to another user.
const isRoot = process.getuid?.() === 0;

test("what is written is read, 0600 whatever the umask, with nothing left beside it", () => {
  const path = makePath();
  const umask = process.umask(0);
  onTestFinished(() => void process.umask(umask));
  expect(readPrivateFile(path)).toBeUndefined();
  writePrivateFile(path, "one");
  writePrivateFile(path, "two");
  expect(readPrivateFile(path)).toBe("two");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(path, ".."))).toEqual(["file"]);
  expect(removePrivateFile(path)).toBe(true);
  expect(removePrivateFile(path)).toBe(false);
});

test.each([0o640, 0o604, 0o620, 0o666])(
  "a file open to others (mode %o) is refused with the command that closes it",
  (mode) => {
    const path = makePath();
    writeFileSync(path, "x");
    chmodSync(path, mode);
    expect(() => readPrivateFile(path)).toThrow(`run "chmod 600 ${path}"`);
  },
);

test("a symbolic link, a hard link, a folder, a FIFO and a huge file are refused", () => {
  const path = makePath();
  writeFileSync(`${path}-target`, "x", { mode: 0o600 });
  symlinkSync(`${path}-target`, path);
  expect(() => readPrivateFile(path)).toThrow("symbolic link");
  rmSync(path);
  linkSync(`${path}-target`, path);
  expect(() => readPrivateFile(path)).toThrow("second name");
  expect(() => readPrivateFile(join(path, ".."))).toThrow("not a plain file");
  rmSync(path);
  execFileSync("mkfifo", ["-m", "600", path]);
  expect(() => readPrivateFile(path)).toThrow("not a plain file");
  rmSync(path);
  writePrivateFile(path, "");
  truncateSync(path, 2 ** 21);
  expect(() => readPrivateFile(path)).toThrow("2097152 bytes");
});

test.runIf(isRoot)("another user's file is refused", () => {
  const path = makePath();
  writeFileSync(path, "x", { mode: 0o600 });
  chownSync(path, 65_534, 65_534);
  expect(() => readPrivateFile(path)).toThrow("belongs to uid 65534");
});

test("a link planted in the place of the temporary file is removed, not written through", () => {
  const path = makePath();
  writeFileSync(`${path}-victim`, "untouched");
  symlinkSync(`${path}-victim`, `${path}.tmp`);
  writePrivateFile(path, "new");
  expect(readFileSync(`${path}-victim`, "utf8")).toBe("untouched");
  expect(readPrivateFile(path)).toBe("new");
});

test("a writer killed at any moment leaves one whole text, never a part", async () => {
  const path = makePath();
  const texts = ["a", "b"].map((letter) => letter.repeat(200_000));
  writePrivateFile(path, texts[0] ?? "");
  const script = `${path}-writer.ts`;
  writeFileSync(
    script,
    `import { writePrivateFile } from ${JSON.stringify(new URL("private-file.ts", import.meta.url).href)};
     console.log('up');
     for (;;) for (const letter of 'ab') writePrivateFile(process.argv[2], letter.repeat(200_000));`,
  );
  for (let round = 0; round < 8; round++) {
    const child = spawn(process.execPath, [script, path], { stdio: ["ignore", "pipe", "ignore"] });
    await once(child.stdout, "data");
    await new Promise((resolve) => setTimeout(resolve, 3 + round * 5));
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(texts).toContain(readPrivateFile(path));
  }
  writePrivateFile(path, "after");
  expect(readPrivateFile(path)).toBe("after");
});

test("a file that cannot be written says so, and the old one stays", () => {
  const path = makePath();
  writePrivateFile(path, "old");
  expect(() => writePrivateFile(join(path, "below"), "x")).toThrow("cannot be written");
  expect(readPrivateFile(path)).toBe("old");
});

function makePath(): string {
  return join(makeFolder(), "file");
}
