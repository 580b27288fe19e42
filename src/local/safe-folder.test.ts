import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "../store/sample.fixture.ts";
import { isSluiceError } from "../sdk/errors.ts";
import { isPrivateGroup } from "./private-group.ts";
import { checkSafeFolder, ensureInnerFolder, ensureSafeFolder } from "./safe-folder.ts";

// Nobody else can give a file to another user.
const isRoot = process.getuid?.() === 0;
const NOBODY = 65_534;
const UID = process.getuid?.() ?? -1;
const GID = process.getgid?.() ?? -1;

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

test.each([0o777, 0o707, 0o1777])(
  "FOLDER-3: a folder that others can write (mode %o) is refused and stays as it is",
  (mode) => {
    const home = join(makeFolder(), "home");
    mkdirSync(home);
    chmodSync(home, mode);
    expect(refusal(home)).toContain(home);
    expect(modeOf(home)).toBe(mode);
  },
);

test.each([0o777, 0o757])(
  "FOLDER-1: a parent that others can write (mode %o) is refused by name, with the command that closes it",
  (mode) => {
    const base = join(makeFolder(), "it's shared");
    mkdirSync(base);
    chmodSync(base, mode);
    expect(refusal(join(base, "home"))).toMatch(
      /can be written by other users \(mode 7.7, gid \d+\); run "chmod go-w '.*it'\\''s shared'" after a look inside$/,
    );
  },
);

test.runIf(isRoot)("FOLDER-1, FOLDER-3: a group that other users are in counts as others", () => {
  const base = makeFolder();
  mkdirSync(join(base, "home"));
  for (const path of [join(base, "home"), base]) {
    chmodSync(path, 0o775);
    chownSync(path, 0, NOBODY);
    expect(refusal(join(base, "home"))).toContain(`${path} can be written`);
  }
});

test.skipIf(!isPrivateGroup(GID, UID))(
  "FOLDER-5: a group that is the user's alone is nobody else: folders of mode 775 on the way, and in the place",
  () => {
    const base = makeFolder();
    mkdirSync(join(base, "project", "state"), { recursive: true });
    for (const path of [base, join(base, "project"), join(base, "project", "state")])
      chmodSync(path, 0o775);
    expect(checkSafeFolder(join(base, "project", "state"))).toBe(true);
    ensureSafeFolder(join(base, "project", "new"));
    expect(modeOf(join(base, "project", "state"))).toBe(0o700);
    expect(modeOf(join(base, "project"))).toBe(0o775);
  },
);

test("FOLDER-3: a folder that others could enter is refused while they could have written something in it", () => {
  const home = join(makeFolder(), "home");
  mkdirSync(join(home, "cache", "v24"), { recursive: true });
  chmodSync(home, 0o755);
  chmodSync(join(home, "cache", "v24"), 0o777);
  expect(refusal(home)).toContain(`${join(home, "cache", "v24")} can be written`);
  expect(modeOf(home)).toBe(0o755);
  chmodSync(join(home, "cache", "v24"), 0o755);
  ensureSafeFolder(home);
  expect(modeOf(home)).toBe(0o700);
});

test("FOLDER-4: an open folder in a closed one was out of reach: it is closed, and made where it is missing", () => {
  const home = join(makeFolder(), "home");
  mkdirSync(join(home, "cache"), { recursive: true, mode: 0o700 });
  chmodSync(join(home, "cache"), 0o777);
  for (const path of [join(home, "cache"), join(home, "log")]) {
    ensureInnerFolder(path);
    expect(modeOf(path)).toBe(0o700);
  }
});

test("FOLDER-4: no folder of a home that others can write is believed", () => {
  const home = join(makeFolder(), "home");
  mkdirSync(join(home, "cache"), { recursive: true, mode: 0o700 });
  chmodSync(home, 0o777);
  expect(refusal(join(home, "cache"), ensureInnerFolder)).toContain(`${home} can be written`);
});

test("FOLDER-4: what is not a folder of the user's is refused in a closed one, too", () => {
  const home = makeFolder();
  symlinkSync("/tmp", join(home, "cache"));
  writeFileSync(join(home, "log"), "");
  expect(refusal(join(home, "cache"), ensureInnerFolder)).toContain("symbolic link");
  expect(refusal(join(home, "log"), ensureInnerFolder)).toContain("not a folder");
});

test("FOLDER-1: a sticky parent is fine, as /tmp is", () => {
  const base = makeFolder();
  chmodSync(base, 0o1777);
  ensureSafeFolder(join(base, "home"));
});

test("FOLDER-2: a symbolic link in the place of the folder is refused, wherever it leads", () => {
  const base = makeFolder();
  mkdirSync(join(base, "target"), { mode: 0o700 });
  symlinkSync(join(base, "target"), join(base, "home"));
  expect(refusal(join(base, "home"))).toContain("symbolic link");
  symlinkSync(join(base, "nowhere"), join(base, "dangling"));
  expect(refusal(join(base, "dangling"))).toContain("symbolic link");
});

test("FOLDER-2: a link on the way is followed, and refused when its target lies in an unsafe folder", () => {
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

test("FOLDER-2: links in a circle end", () => {
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
  expect(refusal(join(base, "theirs", "other"))).toContain("could replace everything below");
});

test.runIf(isRoot)("FOLDER-2: a link that another user owns is refused", () => {
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
function refusal(path: string, ensure = ensureSafeFolder): string {
  try {
    ensure(path);
  } catch (thrown) {
    if (isSluiceError(thrown, "unsafe_home")) return thrown.message;
    throw thrown;
  }
  throw new Error(`${path} was accepted`);
}
