import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { isSluiceError } from "../../sdk/errors.ts";
import { makeFolder } from "../../store/sample.fixture.ts";
import { copyOutgoing, MAX_OUTGOING_FILES, type OutgoingRules } from "./outgoing-file.ts";

const SECRET = "AKIA-the-secret";

function write(path: string, text = SECRET): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** A user's folder with a project in it, a home of Sluice, and secrets all over. */
function makeScene(): { user: string; cwd: string; rules: OutgoingRules } {
  const user = makeFolder();
  const cwd = join(user, "code", "app");
  const home = join(user, ".sluice");
  for (const folder of [cwd, join(home, "outbox"), join(home, "secrets")])
    mkdirSync(folder, { recursive: true });
  const outbox = join(home, "outbox");
  const copies = join(home, "outgoing");
  return { user, cwd, rules: { cwd, home, outbox, copies, maxBytes: 1_000_000, now: 1 } };
}

async function tryCopy(paths: readonly string[], rules: OutgoingRules): Promise<string> {
  try {
    await copyOutgoing(paths, rules);
    return "sent";
  } catch (thrown) {
    if (!isSluiceError(thrown)) throw thrown;
    expect(thrown.message).not.toContain(SECRET);
    return thrown.message;
  }
}

/** Each makes its temptation in the scene and returns the path that a model would name. */
const HOSTILE: Record<string, (scene: { user: string; cwd: string; home: string }) => string> = {};
const hostile = (name: string, make: (typeof HOSTILE)[string]): void => {
  HOSTILE[name] = make;
};

for (const name of [
  ".env",
  ".env.local",
  ".ENV",
  ".env.production.bak",
  "prod.env",
  ".netrc",
  "_netrc",
  ".npmrc",
  ".pypirc",
  ".pgpass",
  ".git-credentials",
  ".bash_history",
  ".git/config",
  ".git/objects/ab/cd",
  ".ssh/config",
  ".aws/credentials",
  ".config/gcloud/token",
  "sub/.git/config",
  "sub/.hidden/notes.txt",
  "id_rsa",
  "id_ed25519",
  "id_ecdsa.pub",
  "keys/ID_RSA",
  "server.pem",
  "SERVER.PEM",
  "tls/server.key",
  "cert.p12",
  "cert.pfx",
  "store.jks",
  "passwords.kdbx",
  "login.keychain",
  "login.keychain-db",
  "Keychains/login.txt",
  "putty.ppk",
  "vpn.ovpn",
  "credentials",
  "credentials.json",
  "secrets.yaml",
  "secret.json",
  "service-account-prod.json",
  "terraform.tfstate",
  "terraform.tfstate.backup",
  "prod.tfvars",
  "Login Data",
  "cookies.sqlite",
  "authorized_keys",
])
  hostile(`${name} in the project`, ({ cwd }) => {
    write(join(cwd, name));
    return name;
  });

hostile("an absolute path outside", ({ user }) => write(join(user, "diary.txt")));
hostile("a way up", ({ user }) => (write(join(user, "diary.txt")), "../../diary.txt"));
hostile(
  "a way down and up",
  ({ user }) => (write(join(user, "diary.txt")), "x/../../../diary.txt"),
);
hostile("a neighbour whose name begins alike", ({ cwd }) => write(`${cwd}-private/a.txt`));
hostile("/etc/passwd", () => "/etc/passwd");
hostile("/proc/self/environ", () => "/proc/self/environ");
hostile("/proc/self/cwd", ({ cwd }) => (write(join(cwd, ".env")), "/proc/self/cwd/.env"));
hostile("/dev/stdin", () => "/dev/stdin");
hostile("our inbox", ({ home }) => write(join(home, "sluice.db")));
hostile("our secrets", ({ home }) => write(join(home, "secrets", "github")));
hostile("our config", ({ home }) => write(join(home, "config.json")));
hostile("our log", ({ home }) => write(join(home, "log", "hub.log")));
hostile("another's file of an event", ({ home }) => write(join(home, "files", "evt_1", "1-a.png")));
hostile(
  "out of the outbox",
  ({ home }) => (write(join(home, "config.json")), join(home, "outbox/../config.json")),
);
hostile("a link to a secret", ({ user, cwd }) => {
  symlinkSync(write(join(user, ".ssh", "id_rsa")), join(cwd, "notes.txt"));
  return "notes.txt";
});
hostile("a link to a link", ({ user, cwd }) => {
  symlinkSync(write(join(user, "diary.txt")), join(cwd, "a"));
  symlinkSync(join(cwd, "a"), join(cwd, "b.txt"));
  return "b.txt";
});
hostile("a linked folder", ({ user, cwd }) => {
  write(join(user, ".aws", "config"));
  symlinkSync(join(user, ".aws"), join(cwd, "docs"));
  return "docs/config";
});
hostile(
  "a link to the root",
  ({ cwd }) => (symlinkSync("/", join(cwd, "root")), "root/etc/passwd"),
);
hostile("a link in the outbox to our state", ({ home }) => {
  symlinkSync(write(join(home, "sluice.db")), join(home, "outbox", "a.txt"));
  return join(home, "outbox", "a.txt");
});
hostile("a harmless name for a hidden file of the project", ({ cwd }) => {
  symlinkSync(write(join(cwd, ".env")), join(cwd, "readme.txt"));
  return "readme.txt";
});
hostile("a hard link to a secret", ({ user, cwd }) => {
  linkSync(write(join(user, "diary.txt")), join(cwd, "report.txt"));
  return "report.txt";
});
hostile("a pipe", ({ cwd }) => (execFileSync("mkfifo", [join(cwd, "pipe.txt")]), "pipe.txt"));
hostile("a folder", ({ cwd }) => (mkdirSync(join(cwd, "src")), "src"));
hostile("the project itself", () => ".");
hostile("a file that is not there", () => "missing.txt");
hostile("no path", () => "");
hostile("a path with a zero byte", ({ cwd }) => (write(join(cwd, "a.txt")), "a.txt\0.png"));
hostile("a path without an end", () => "a/".repeat(4_000));
hostile("an empty file", ({ cwd }) => (write(join(cwd, "empty.txt"), ""), "empty.txt"));
hostile("a file larger than the platform takes", ({ cwd }) => {
  truncateSync(write(join(cwd, "large.bin")), 2_000_000);
  return "large.bin";
});
hostile("a tilde", ({ user }) => (write(join(user, "diary.txt")), "~/diary.txt"));
hostile("a file URL", ({ user }) => `file://${write(join(user, "diary.txt"))}`);

test(`at least 60 ways out are refused`, () => {
  expect(Object.keys(HOSTILE).length).toBeGreaterThanOrEqual(60);
});

// OUTFILE-1
test.each(Object.keys(HOSTILE))("refused, with nothing copied: %s", async (name) => {
  const { user, cwd, rules } = makeScene();
  const path = HOSTILE[name]?.({ user, cwd, home: rules.home }) ?? "";
  write(join(cwd, "ok.txt"), "fine");
  // The good one first: it must not leave a copy behind either.
  expect(await tryCopy(["ok.txt", path], rules)).toMatch(/not sent|larger than/);
  expect(readdirSync(rules.home).includes("outgoing") ? readdirSync(rules.copies) : []).toEqual([]);
});

test.each(["/", "/proc/self"])(
  "a session that runs in %s sends nothing from there",
  async (cwd) => {
    const { rules } = makeScene();
    expect(await tryCopy(["/etc/hostname", "etc/hostname", "status"], { ...rules, cwd })).toMatch(
      /not sent/,
    );
  },
);

// OUTFILE-2
test("a session that runs in a folder of credentials sends nothing from there", async () => {
  const { user, rules } = makeScene();
  write(join(user, ".ssh", "notes.txt"));
  expect(await tryCopy(["notes.txt"], { ...rules, cwd: join(user, ".ssh") })).toMatch(
    /credentials/,
  );
});

test("a session that runs in our home sends nothing of it", async () => {
  const { rules } = makeScene();
  write(join(rules.home, "notes.txt"));
  expect(await tryCopy(["notes.txt"], { ...rules, cwd: rules.home })).toMatch(/belongs to Sluice/);
});

test("ordinary files of the project and of the outbox go, as private copies", async () => {
  const { cwd, rules } = makeScene();
  write(join(cwd, "out", "Chart №1 (final).png"), "picture");
  write(join(rules.outbox, "log.txt"), "from the outbox");
  const copies = await copyOutgoing(
    ["out/Chart №1 (final).png", join(rules.outbox, "log.txt")],
    rules,
  );
  const files = copies.map(({ file }) => file);
  expect(files.map(({ name, bytes }) => [name, bytes])).toEqual([
    ["Chart №1 (final).png", 7],
    ["log.txt", 15],
  ]);
  rmSync(cwd, { recursive: true });
  expect(files.map(({ path }) => readFileSync(path, "utf8"))).toEqual([
    "picture",
    "from the outbox",
  ]);
});

test("a folder under a worktree of the client, though that is hidden, is a project like any other", async () => {
  const { user, rules } = makeScene();
  const cwd = join(user, "code", ".claude", "worktrees", "a");
  write(join(cwd, "plot.png"), "picture");
  expect(await tryCopy(["plot.png"], { ...rules, cwd })).toBe("sent");
});

test("at most ten files go with one message", async () => {
  const { cwd, rules } = makeScene();
  const paths = Array.from({ length: MAX_OUTGOING_FILES + 1 }, (_, i) =>
    write(join(cwd, `${i}.txt`)),
  );
  expect(await tryCopy(paths, rules)).toMatch(/11 files, at most 10/);
  expect(await tryCopy(paths.slice(1), rules)).toBe("sent");
});

test("OUTFILE-3: a file that is swapped for a link while it is checked never gives the other's content", async () => {
  const { user, cwd, rules } = makeScene();
  const secret = write(join(user, "diary.txt"));
  const place = join(cwd, "report.txt");
  let swaps = 0;
  let stopped = false;
  const swap = (): void => {
    if (stopped) return;
    const next = `${place}.new`;
    if (swaps++ % 2 === 0) symlinkSync(secret, next);
    else writeFileSync(next, "harmless");
    renameSync(next, place);
    setImmediate(swap);
  };
  write(place, "harmless");
  swap();
  const seen = new Set<string>();
  for (let i = 0; i < 300; i++) {
    try {
      const [copy] = await copyOutgoing(["report.txt"], rules);
      seen.add(readFileSync(copy?.file.path ?? "", "utf8"));
    } catch (thrown) {
      if (!isSluiceError(thrown)) throw thrown;
      seen.add("refused");
    }
  }
  stopped = true;
  expect(seen.has(SECRET)).toBe(false);
  expect(seen.has("refused")).toBe(true);
});
