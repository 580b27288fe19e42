import { scryptSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findWeakness, isPassphrase, keepPassphrase } from "./passphrase.ts";
import { openRemoteStage, ORIGIN, PASSPHRASE } from "./remote.fixture.ts";

test("a passphrase that lists of guesses begin with is refused, however long it is", () => {
  const weak = [
    "",
    "short",
    "thirteen char",
    "aaaaaaaaaaaaaaaaaaaaaa",
    "abcabcabcabcabcabcabc",
    "passwordpassword",
    "password12345678",
    "Password123!Password123!",
    "12345678901234567890",
    "qwertyuiopasdfghjkl",
    "abcdefghijklmnopqrst",
    "zyxwvutsrqponmlkjihg",
    "correct horse battery staple",
    "CorrectHorseBatteryStaple",
    "sluice sluice sluice",
    "letmeinletmeinletmein",
    "iloveyou iloveyou 123",
    "The Quick Brown Fox",
    "adminadmin123456",
    "11112222333344445555",
    "                              ",
    "x".repeat(300),
  ];
  for (const text of weak) expect([text, findWeakness(text)]).toEqual([text, expect.any(String)]);
});

test("words that nobody would put together are taken, in any script", () => {
  const good = [
    "lantern gravel mustard eleven",
    "Fährte-Zwiebel-Amboss-Kiel",
    "x7#mPq2v!Lr9dW",
    "морковь паровоз тишина",
    "傘と豆腐と冬の駅で七つ数える犬",
  ];
  for (const text of good) expect([text, findWeakness(text)]).toEqual([text, undefined]);
});

// PASSPHRASE-2
test("only the passphrase fits its hash, however a keyboard spells it", async () => {
  const kept = await keepPassphrase("Fährte-Zwiebel-Amboss-Kiel", 1);
  const typed = [
    ["Fährte-Zwiebel-Amboss-Kiel", true],
    ["Fa\u0308hrte-Zwiebel-Amboss-Kiel ", true],
    ["fährte-zwiebel-amboss-kiel", false],
    ["Fährte-Zwiebel-Amboss-Kie", false],
    ["", false],
  ] as const;
  for (const [text, fits] of typed)
    expect([text, await isPassphrase(text, kept)]).toEqual([text, fits]);
  const again = await keepPassphrase("Fährte-Zwiebel-Amboss-Kiel", 1);
  expect(again.hash).not.toBe(kept.hash);
  expect(JSON.stringify(kept)).not.toContain("Zwiebel");
  expect(kept).toMatchObject({ N: 32_768, r: 8, p: 3 });
});

// PASSPHRASE-1
test("the page keeps and compares a passphrase by scrypt", async () => {
  await using stage = await openRemoteStage({ derive: undefined });
  await stage.web.setPassphrase(PASSPHRASE, "terminal");
  await stage.web.setRemote(ORIGIN, "terminal");
  const path = join(stage.home.secretsDir, "web.remote");
  const { passphrase } = JSON.parse(readFileSync(path, "utf8")) as {
    passphrase: { salt: string; hash: string };
  };
  const options = { N: 32_768, r: 8, p: 3, maxmem: 64 * 1024 ** 2 };
  const salt = Buffer.from(passphrase.salt, "base64url");
  expect(scryptSync(PASSPHRASE, salt, 32, options).toString("base64url")).toBe(passphrase.hash);
  expect((await stage.signIn(PASSPHRASE)).status).toBe(200);
  expect((await stage.signIn(`${PASSPHRASE}.`)).status).toBe(401);
});
