/** What may be a name, and that nothing is written but the whole folder. */
import {
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { VERSION } from "../../local/version.ts";
import { CliStage, SLUICE } from "../run-cli.fixture.ts";
import { checkName, TEMPLATE_KINDS } from "./write.ts";
import { HAS_TERMINALS, type } from "../type-cli.fixture.ts";

describe("names", () => {
  test.each(["deploys", "a", "my-channel", "x1-2", "a".repeat(32), "con", "constructor", "test"])(
    "%s is one",
    (name) => expect(() => checkName(name)).not.toThrow(),
  );

  test.each([
    ["", "is no name of a channel"],
    [".", "is no name of a channel"],
    ["..", "is no name of a channel"],
    ["./deploys", 'did you mean "deploys"?'],
    ["../deploys", 'did you mean "deploys"?'],
    ["/etc/deploys/", 'did you mean "deploys"?'],
    ["MyDeploys", 'did you mean "my-deploys"?'],
    ["my_deploys", 'did you mean "my-deploys"?'],
    ["@me/deploys", 'did you mean "deploys"?'],
    ["1st", 'did you mean "st"?'],
    ["deploys ", 'did you mean "deploys"?'],
    ["détails", 'did you mean "details"?'],
    ["日本", "is no name of a channel"],
    ["a\nb", "is no name of a channel"],
    ["a".repeat(33), "at most 32 characters"],
    ["-a", "is no name of a channel"],
    ["webhook", 'use another name, as "my-webhook"'],
    ["chat", 'use another name, as "my-chat"'],
    ["telegram", "is a kind of Sluice's own"],
    ["sluice", "is a package that the new one needs"],
    ["zod", "is a package that the new one needs"],
  ])("%j is refused in one line with another name", (name, says) => {
    expect(() => checkName(name)).toThrow(says);
    expect(() => checkName(name)).toThrow(/^[^\n]*$/);
  });
});

/** Its words where it fails, run by a shell that has changed its folder before. */
async function typeIn(stage: CliStage, change: string): Promise<string> {
  const { stdout } = await promisify(execFile)(
    "sh",
    ["-c", `${change} && "$0" "$1" new abc --yes 2>&1 || true`, process.execPath, SLUICE],
    { cwd: stage.folder, env: { PATH: process.env["PATH"], HOME: stage.folder } },
  );
  return stdout;
}

describe("sluice new", () => {
  test.each(TEMPLATE_KINDS)(
    "%s: every file is there under its name, and no word of the sample is left",
    async (kind) => {
      await using stage = new CliStage();
      const { code, stdout, stderr } = await stage.run(["new", "prod-watch", "--kind", kind]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      const folder = join(stage.folder, "prod-watch");
      const files = readdirSync(folder);
      expect(files).toEqual(
        expect.arrayContaining([
          ".gitignore",
          ".npmrc",
          "README.md",
          "channel.test.ts",
          "channel.ts",
          "package.json",
          "tsconfig.json",
          ...(kind === "webhook" ? [] : ["fake.ts"]),
        ]),
      );
      expect(stdout).toContain(`made prod-watch (${kind}): ${files.toSorted().join(", ")}`);
      const texts = files.map((file) => readFileSync(join(folder, file), "utf8")).join("\n");
      expect(texts).not.toMatch(/my[-_]channel/i);
      expect(texts).toContain('kind: "prod-watch"');
      expect(texts).toContain('env("PROD_WATCH_');
      // The project is the user's, as any other of theirs.
      expect(statSync(folder).mode & 0o777).toBe(0o777 & ~process.umask());
      expect(readdirSync(stage.folder)).toEqual(["prod-watch"]);
    },
  );

  test("NEW-1: what is there stays as it is, whatever it is", async () => {
    await using stage = new CliStage();
    const at = (name: string): string => join(stage.folder, name);
    writeFileSync(at("a-file"), "mine");
    mkdirSync(at("empty"));
    symlinkSync("nowhere", at("dangling"));
    for (const name of ["a-file", "empty", "dangling"])
      expect(await stage.run(["new", name, "--yes"])).toEqual({
        code: 1,
        stdout: "",
        stderr: `sluice: ${name} is there already; nothing was changed. Use another name, or move it away\n`,
      });
    expect(readFileSync(at("a-file"), "utf8")).toBe("mine");
    expect(readdirSync(at("empty"))).toEqual([]);
    expect(existsSync(at("nowhere"))).toBe(false);
    expect(readdirSync(stage.folder).toSorted()).toEqual(["a-file", "dangling", "empty"]);
  });

  test.each([
    [
      ["new", "deploys"],
      "--kind is missing: give one of webhook, chat, service, observe, or --yes",
    ],
    [["new", "deploys", "--kind", "chatt"], 'did you mean "chat"?'],
    [["new", "Deploys", "--yes"], 'did you mean "deploys"?'],
    [["new"], "<name> is missing"],
    [["new", "a", "b", "--yes"], 'unexpected argument "b"'],
  ])("%j is refused in one line, and nothing is made", async (args, says) => {
    await using stage = new CliStage();
    const { code, stderr } = await stage.run(args);
    expect(code).toBe(2);
    expect(stderr).toContain(says);
    expect(stderr.trimEnd()).not.toContain("\n");
    expect(readdirSync(stage.folder)).toEqual([]);
  });

  test.runIf(process.platform === "linux")(
    "a folder that cannot be written, or that is gone, is one line each",
    async () => {
      await using stage = new CliStage();
      const gone = join(stage.folder, "gone");
      mkdirSync(gone);
      // Nobody can make a folder there, root neither.
      const inProc = await typeIn(stage, "cd /proc");
      expect(inProc).toMatch(
        /^sluice: abc cannot be written in \/proc \(\w+\); go to a folder of yours\n$/,
      );
      expect(await typeIn(stage, `cd ${gone} && rmdir ${gone}`)).toBe(
        "sluice: this folder is not there any more; go to another\n",
      );
      expect(readdirSync(stage.folder)).toEqual([]);
    },
  );

  test.runIf(HAS_TERMINALS)(
    "at a terminal it asks, again where the answer is no kind",
    async () => {
      await using stage = new CliStage();
      const { code, screen } = await type(stage, ["new", "deploys"], ["what", " Observe "]);
      expect(code, screen).toBe(0);
      expect(screen).toContain('no kind "what"');
      expect(screen).toContain("made deploys (observe)");
    },
  );
});

test("the templates need what this package has: the same versions, and the same Node", () => {
  type Manifest = Record<
    "dependencies" | "devDependencies" | "peerDependencies" | "engines",
    Record<string, string>
  >;
  const read = (path: string): Manifest => JSON.parse(readFileSync(path, "utf8")) as Manifest;
  const [ours, theirs] = [read("package.json"), read("templates/shared/package.json")];
  const { zod } = ours.dependencies;
  expect(theirs.engines).toEqual(ours.engines);
  expect(theirs.peerDependencies).toEqual({ sluice: `^${VERSION}`, zod });
  expect(theirs.devDependencies).toEqual({
    "@types/node": ours.devDependencies["@types/node"],
    sluice: `^${VERSION}`,
    typescript: ours.devDependencies["typescript"],
    zod,
  });
  expect(globSync("templates/*/channel.ts")).toHaveLength(TEMPLATE_KINDS.length);
});
