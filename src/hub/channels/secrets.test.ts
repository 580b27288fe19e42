import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { makeFolder } from "../../store/sample.fixture.ts";
import type { Home } from "../../local/home.ts";
import { Secret } from "../../sdk/secret.ts";
import { openHome } from "../process/home.ts";
import { readSecrets, removeSecrets, writeSecrets } from "./secrets.ts";

test("secrets are written 0600, read back, and removed", () => {
  const home = makeHome();
  expect(readSecrets(home, "github")).toBeUndefined();
  writeSecrets(home, "github", {
    keys: [
      { id: "old", secret: new Secret("s3cret-old") },
      { id: "new", secret: new Secret("s3cret-new") },
    ],
    listen: new Secret("l1sten"),
  });
  const found = readSecrets(home, "github");
  expect(found?.keys.map(({ id, secret }) => [id, secret.reveal()])).toEqual([
    ["old", "s3cret-old"],
    ["new", "s3cret-new"],
  ]);
  expect(found?.listen?.reveal()).toBe("l1sten");
  expect(statSync(join(home.secretsDir, "github")).mode & 0o777).toBe(0o600);
  expect(readdirSync(home.secretsDir)).toEqual(["github"]);
  expect(removeSecrets(home, "github")).toBe(true);
  expect(removeSecrets(home, "github")).toBe(false);
  expect(readSecrets(home, "github")).toBeUndefined();
});

test("what was read cannot be printed", () => {
  const home = makeHome();
  writeSecrets(home, "a", {
    keys: [{ id: "k", secret: new Secret("canary") }],
    listen: new Secret("canary"),
  });
  const found = readSecrets(home, "a");
  expect(
    `${inspect(found, { depth: 9, showHidden: true })} ${JSON.stringify(found)}`,
  ).not.toContain("canary");
});

test.each([
  "../config.json",
  "..",
  ".",
  "",
  "a/b",
  "a\\b",
  "A",
  "-a",
  "a.tmp",
  "a\n",
  "a\0",
  "x".repeat(33),
])("the name %j never becomes a path", (name) => {
  const home = makeHome();
  expect(() => readSecrets(home, name)).toThrow("is not valid");
  expect(() => writeSecrets(home, name, { keys: [] })).toThrow("is not valid");
  expect(() => removeSecrets(home, name)).toThrow("is not valid");
});

test.each([
  "canary",
  '{"keys":canary}',
  '{"keys":[{"id":"k","secret":"canary","canary":1}]}',
  '{"canary":[]}',
  '{"keys":[{"id":"k","secret":["canary"]}]}',
  '"canary"',
])(
  "a file of a wrong shape (%s) is refused without a word of what stands in it, and kept",
  (text) => {
    const home = makeHome();
    const path = join(home.secretsDir, "github");
    writeFileSync(path, text, { mode: 0o600 });
    const said = messageOf(() => readSecrets(home, "github"));
    expect(said).toContain(path);
    expect(said).not.toContain("canary");
    expect(readFileSync(path, "utf8")).toBe(text);
  },
);

test("an empty secret is refused before it is written", () => {
  const home = makeHome();
  writeSecrets(home, "a", { keys: [{ id: "k", secret: new Secret("good") }] });
  expect(
    messageOf(() => writeSecrets(home, "a", { keys: [{ id: "k", secret: new Secret("") }] })),
  ).toContain("keys.0.secret");
  expect(readSecrets(home, "a")?.keys[0]?.secret.reveal()).toBe("good");
});

test("a secret file open to others is refused", () => {
  const home = makeHome();
  writeFileSync(join(home.secretsDir, "a"), '{"keys":[]}', { mode: 0o640 });
  expect(messageOf(() => readSecrets(home, "a"))).toContain("chmod 600");
});

function makeHome(): Home {
  return openHome({ SLUICE_HOME: join(makeFolder(), "home") });
}

function messageOf(go: () => unknown): string {
  try {
    go();
  } catch (thrown) {
    return String(thrown);
  }
  throw new Error("it was accepted");
}
