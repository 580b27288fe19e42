import { expect, test } from "vitest";
import { readGithub, toName } from "./github-args.ts";

test.each([
  ["octo/app", "octo/app"],
  ["octo", "octo"],
  ["octo/app.js", "octo/app.js"],
  ["octo/app/", "octo/app"],
  ["https://github.com/octo/app", "octo/app"],
  ["HTTPS://GitHub.com/octo/app.git", "octo/app"],
  ["github.com/octo/app", "octo/app"],
  ["https://github.com/octo/app/pull/3?x=1#y", "octo/app"],
  ["git@github.com:octo/app.git", "octo/app"],
  ["ssh://git@ghes.example.com:2222/octo/app.git", "octo/app"],
  // The hub says what is wrong with it.
  ["octo/app/pull/3", "octo/app/pull/3"],
])("a repository as it is copied: %s is %s", (text, name) => {
  expect(toName(text)).toBe(name);
});

test("flags of GitHub are refused where they mean nothing, and no token is asked for twice", async () => {
  await expect(readGithub("webhook", { poll: "o/r" }, {})).rejects.toThrow(
    "--poll is not for webhook",
  );
  await expect(readGithub("github", { token: true }, {})).rejects.toThrow("--token goes with");
  expect(await readGithub("github", {}, {})).toEqual({ settings: {}, secrets: {} });
  expect(await readGithub("github", { repo: "o/r" }, { secrets: { token: "t" } })).toEqual({
    settings: { repo: "o/r" },
    secrets: {},
  });
  expect(await readGithub("github", { poll: "o/r", token: true }, { secret: "t" })).toEqual({
    settings: { poll: "o/r" },
    secrets: {},
  });
});
