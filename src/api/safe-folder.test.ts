import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "../store/sample.fixture.ts";
import { isSluiceError } from "../sdk/errors.ts";
import { checkSafeFolder, ensureSafeFolder } from "./safe-folder.ts";

// Nobody else can give a file to another user.
const isRoot = process.getuid?.() === 0;
const NOBODY = 65_534;

test("a missing folder is made 0700, its missing parents too", () => {
  const base = makeFolder();
  ensureSafeFolder(join(base, "a", "b"));
  expect(modeOf(join(base, "a"))).toBe(0o700);
  expect(modeOf(join(base, "a", "b"))).toBe(0o700);
  ensureSafeFolder(join(base, "a", "b"));
});

test("looking creates nothing", () => {
  const base = makeFolder();
  expect(checkSafeFolder(join(base, "a", "b"))).toBe(false);
  expect(checkSafeFolder(join(base, "a"))).toBe(false);
  mkdirSync(join(base, "a"), { mode: 0o700 });
  expect(checkSafeFolder(join(base, "a"))).toBe(true);
});

test("a folder that others could only read is closed to them", () => {
  const home = join(makeFolder(), "home");
  mkdirSync(home);
  chmodSync(home, 0o755);
  ensureSafeFolder(home);
  expect(modeOf(home)).toBe(0o700);
});

test.each([0o770, 0o707, 0o1777])(
  "S3: a folder that others can write (mode %o) is refused and stays as it is",
  (mode) => {
    const home = join(makeFolder(), "home");
    mkdirSync(home);
    chmodSync(home, mode);
    expect(refusal(home)).toContain(home);
    expect(modeOf(home)).toBe(mode);
  },
);

test.each([0o775, 0o757])(
  "S1: a parent that others can write (mode %o) is refused by name",
  (mode) => {
    const base = makeFolder();
    chmodSync(base, mode);
    expect(refusal(join(base, "home"))).toContain(`${base} can be written`);
  },
);

test("S1: a sticky parent is fine, as /tmp is", () => {
  const base = makeFolder();
  chmodSync(base, 0o1777);
  ensureSafeFolder(join(base, "home"));
});

test("S2: a symbolic link in the place of the folder is refused, wherever it leads", () => {
  const base = makeFolder();
  mkdirSync(join(base, "target"), { mode: 0o700 });
  symlinkSync(join(base, "target"), join(base, "home"));
  expect(refusal(join(base, "home"))).toContain("symbolic link");
  symlinkSync(join(base, "nowhere"), join(base, "dangling"));
  expect(refusal(join(base, "dangling"))).toContain("symbolic link");
});

test("S2: a link on the way is followed, and refused when its target lies in an unsafe folder", () => {
  const base = makeFolder();
  mkdirSync(join(base, "good"), { mode: 0o700 });
  mkdirSync(join(base, "open"));
  chmodSync(join(base, "open"), 0o777);
  mkdirSync(join(base, "open", "inner"), { mode: 0o700 });
  symlinkSync("good", join(base, "to-good"));
  symlinkSync(join(base, "open", "inner"), join(base, "to-open"));
  ensureSafeFolder(join(base, "to-good", "home"));
  expect(modeOf(join(base, "good", "home"))).toBe(0o700);
  expect(refusal(join(base, "to-open", "home"))).toContain(join(base, "open"));
});

test("S2: links in a circle end", () => {
  const base = makeFolder();
  symlinkSync("b", join(base, "a"));
  symlinkSync("a", join(base, "b"));
  expect(refusal(join(base, "a", "home"))).toContain("symbolic links");
});

test("a file in the place of the folder or a parent is refused", () => {
  const base = makeFolder();
  writeFileSync(join(base, "file"), "");
  expect(refusal(join(base, "file"))).toContain("not a folder");
  expect(refusal(join(base, "file", "home"))).toContain("not a folder");
});

test.runIf(isRoot)("a folder or a parent of another user is refused", () => {
  const base = makeFolder();
  mkdirSync(join(base, "theirs", "home"), { recursive: true, mode: 0o700 });
  chownSync(join(base, "theirs", "home"), NOBODY, NOBODY);
  expect(refusal(join(base, "theirs", "home"))).toContain("belongs to uid 65534");
  chownSync(join(base, "theirs"), NOBODY, NOBODY);
  expect(refusal(join(base, "theirs", "other"))).toContain("could replace what is below");
});

test.runIf(isRoot)("S2: a link that another user owns is refused", () => {
  const base = makeFolder();
  mkdirSync(join(base, "good"), { mode: 0o700 });
  symlinkSync("good", join(base, "link"));
  execFileSync("chown", ["-h", `${NOBODY}:${NOBODY}`, join(base, "link")]);
  expect(refusal(join(base, "link", "home"))).toContain(join(base, "link"));
});

test.runIf(isRoot)("another user can neither read a home nor make one in somebody's folder", () => {
  const base = makeFolder();
  chmodSync(base, 0o755);
  ensureSafeFolder(join(base, "home"));
  writeFileSync(join(base, "home", "file"), "x");
  const script = join(base, "other.ts");
  writeFileSync(
    script,
    `import { readFileSync, readdirSync } from 'node:fs';
     import { ensureSafeFolder } from ${JSON.stringify(new URL("safe-folder.ts", import.meta.url).href)};
     process.setgid(${NOBODY}); process.setuid(${NOBODY});
     const codes = [() => readFileSync(process.argv[2] + '/file'), () => readdirSync(process.argv[2]), () => ensureSafeFolder(process.argv[2]),
       () => ensureSafeFolder(process.argv[3] + '/mine')].map((go) => { try { go(); return 'ok'; } catch (e) { return e.code; } });
     console.log(JSON.stringify(codes));`,
  );
  const said = execFileSync(process.execPath, [script, join(base, "home"), base], {
    encoding: "utf8",
  });
  expect(JSON.parse(said)).toEqual(["EACCES", "EACCES", "unsafe_home", "store_readonly"]);
});

function modeOf(path: string): number {
  return statSync(path).mode & 0o7777;
}

/** The message of the refusal; anything else fails the test. */
function refusal(path: string): string {
  try {
    ensureSafeFolder(path);
  } catch (thrown) {
    if (isSluiceError(thrown, "unsafe_home")) return thrown.message;
    throw thrown;
  }
  throw new Error(`${path} was accepted`);
}
