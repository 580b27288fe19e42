import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import type { HookPlace } from "../../sdk/platform-hooks.ts";
import { Secret } from "../../sdk/secret.ts";
import { githubHooks } from "./hooks.ts";

const GH = fileURLToPath(new URL("../../../test/fakes/tunnels/gh", import.meta.url));
const END = { url: "https://x-1.trycloudflare.com/in/github", secret: new Secret("s3cret-of-32") };

function open(mode = "ok", target = "octo-org/octo-app") {
  const fakes = mkdtempSync(join(tmpdir(), "sluice-gh-"));
  onTestFinished(() => rmSync(fakes, { recursive: true }));
  mkdirSync(join(fakes, "gh-hooks"));
  const set = (text: string): void => writeFileSync(join(fakes, "gh.mode"), text);
  set(mode);
  const env = { PATH: process.env["PATH"], SLUICE_TEST_FAKES: fakes };
  const place: HookPlace = { target, credential: { kind: "program", path: GH, env } };
  const readHooks = (): unknown[] =>
    readdirSync(join(fakes, "gh-hooks")).map((name) =>
      JSON.parse(readFileSync(join(fakes, "gh-hooks", name), "utf8")),
    );
  return { place, set, readHooks, readArgs: () => readFileSync(join(fakes, "gh.args"), "utf8") };
}

test("a hook is made, changed and removed, and its secret stands on no command line", async () => {
  const { place, readHooks, readArgs } = open();
  const id = await githubHooks.make(place, END, ["push"]);
  expect(id).toMatch(/^\d+$/);
  expect(readHooks()).toEqual([
    {
      name: "web",
      active: true,
      events: ["push"],
      config: { url: END.url, content_type: "json", insecure_ssl: "0", secret: "s3cret-of-32" },
    },
  ]);
  await githubHooks.change(place, id, { ...END, url: "https://x-2.trycloudflare.com/in/github" });
  expect(readHooks()).toMatchObject([{ url: "https://x-2.trycloudflare.com/in/github" }]);
  await githubHooks.remove(place, id);
  expect(readHooks()).toEqual([]);
  await githubHooks.remove(place, id);
  expect(readArgs()).not.toContain("s3cret");
});

test("a hook of an earlier time with the same address is taken over with the new secret", async () => {
  const { place, readHooks } = open();
  const first = await githubHooks.make(place, END, ["push"]);
  const next = { ...END, secret: new Secret("another-secret-x") };
  expect(await githubHooks.make(place, next, ["push", "issues"])).toBe(first);
  expect(readHooks()).toMatchObject([
    { events: ["push", "issues"], config: { secret: "another-secret-x" } },
  ]);
});

test.each([
  ["not-signed-in", "unauthorized", /run "gh auth login", or give a token/],
  ["bad-token", "unauthorized", /gh auth login/],
  ["no-scope", "not_found", /gh auth refresh -h github\.com -s admin:repo_hook/],
  ["no-rights", "not_found", /must be its administrator/],
  ["rate-limited", "rate_limited", /rate limit/],
  ["no-network", "send_failed", /error connecting to api\.github\.com/],
  ["outage", "send_failed", /502.*try again later/],
  ["too-many", "bad_input", /cannot have more than 20 hooks/],
] as const)("gh, %s: the owner reads what to do", async (mode, code, words) => {
  const { place } = open(mode);
  const made = githubHooks.make(place, END, ["push"]);
  await expect(made).rejects.toMatchObject({ code });
  await expect(made).rejects.toThrow(words);
});

test("a hook that may still be there does not count as removed", async () => {
  const { place, set } = open();
  const id = await githubHooks.make(place, END, ["push"]);
  set("no-scope");
  await expect(githubHooks.remove(place, id)).rejects.toThrow("admin:repo_hook");
});

test.each([
  ["octo-org/octo-app", "octo-org/octo-app"],
  ["https://github.com/octo-org/octo-app.git", "octo-org/octo-app"],
  ["git@github.com:octo-org/octo-app.git", "octo-org/octo-app"],
  ["ssh://git@ssh.github.com/octo-org/octo.js/", "octo-org/octo.js"],
  ["octo-org", "octo-org"],
  ["ghe.example.com/octo-org", "ghe.example.com/octo-org"],
  ["git@ghe.example.com:octo-org/app.git", "ghe.example.com/octo-org/app"],
])("%s is %s", (typed, target) => {
  expect(githubHooks.parseTarget(typed)).toBe(target);
  expect(githubHooks.parseTarget(target)).toBe(target);
});

test.each([
  "",
  "/",
  "../..",
  "a/..",
  "a b/c",
  "octo-org/app/hooks",
  "--repo/x",
  "a/b?c=d",
  "a/b#c",
])("%j is no repository", (typed) => {
  expect(() => githubHooks.parseTarget(typed)).toThrow("write octo-org/octo-app");
});

test("an organisation's hooks and another GitHub are asked where they are", async () => {
  const { place, readArgs } = open("ok", "ghe.example.com/octo-org");
  await githubHooks.make(place, END, ["push"]);
  expect(readArgs()).toContain("--hostname ghe.example.com");
  expect(readArgs()).toContain("orgs/octo-org/hooks");
});
