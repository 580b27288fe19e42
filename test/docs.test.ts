/**
 * What the documents promise to scripts and to readers, held against the code: names in docs/reference.md, and links between pages.
 */
import { execFileSync } from "node:child_process";
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { checkArgs } from "../src/cli/command.ts";
import { COMMANDS } from "../src/cli/commands.ts";
import { readConfig } from "../src/hub/settings/config.ts";

const reference = readFileSync("docs/reference.md", "utf8");
const pages = globSync(["*.md", "bench/*.md", "{docs,plugin,src}/**/*.md", "plugins/*.md"]);

test("no page was left in the middle of a merge", () => {
  for (const page of pages)
    expect(readFileSync(page, "utf8"), page).not.toMatch(/^(?:<<<<<<<|>>>>>>>|(?:> ){7})/m);
});

test("no page has a heading twice, and no table its head", () => {
  for (const page of pages) {
    const headings: string[] = readFileSync(page, "utf8").match(/^##+ .*$/gm) ?? [];
    const twice = headings.filter((line, index) => headings.indexOf(line) !== index);
    expect(twice, page).toEqual([]);
    expect(readFileSync(page, "utf8"), page).not.toMatch(/^\|.*\n\|.*\n\| *-+ \|/m);
  }
});

test("what a page or a message calls an optional package is one", () => {
  const { optionalDependencies = {} } = JSON.parse(readFileSync("package.json", "utf8")) as {
    optionalDependencies?: object;
  };
  const named = [...pages, ...globSync("src/**/*.ts")].flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/\boptional package [`"]([\w@/.-]+)[`"]/g)].map(
      ([, name = ""]) => `${file}: ${name}`,
    ),
  );
  const known = Object.keys(optionalDependencies);
  expect(named.filter((one) => !known.includes(one.split(": ")[1] ?? ""))).toEqual([]);
});

test("the reference names what every command with --json prints, and no command that has none", async () => {
  const table = reference.split("## Answers to a sender")[0] ?? "";
  const named = [...table.matchAll(/^\| ((?:`[a-z-]+`(?:, )?)+) +\|/gm)]
    .flatMap(([, cell = ""]) => [...cell.matchAll(/`([a-z-]+)`/g)])
    .map(([, name]) => name);
  const withJson: string[] = [];
  for (const { name, load } of COMMANDS) {
    const { args } = await load();
    if (args !== undefined && "json" in args) withJson.push(name);
  }
  expect(named.toSorted()).toEqual(withJson.toSorted());
});

test("the reference's config.json is one that the hub takes, with every key that it knows", () => {
  const [, example = ""] = /```json\n(.*?)```/s.exec(reference) ?? [];
  const folder = mkdtempSync(join(tmpdir(), "sluice-docs-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "config.json");
  writeFileSync(path, example, { mode: 0o600 });
  const [, shape = ""] =
    /const config = z\n\s+\.strictObject\(\{\n(.*?)\n {2}\}\)/s.exec(
      readFileSync("src/hub/settings/config.ts", "utf8"),
    ) ?? [];
  const known = [...shape.matchAll(/^ {4}(\w+)[:,]/gm)].map(([, key]) => key);
  expect(known).toContain("channels");
  expect(Object.keys(readConfig(path)).toSorted()).toEqual(known.toSorted());
});

test("the reference names every variable that is for people", () => {
  // What the plugin's own files hand to the shim.
  const own = ["SLUICE_NODE", "SLUICE_CLI"];
  const read = globSync("src/**/*.ts", { exclude: (path) => path.endsWith("web") })
    .filter((file) => !/\.(test|fixture)\.ts$/.test(file))
    .flatMap((file) => [...readFileSync(file, "utf8").matchAll(/env\["(SLUICE_[A-Z_]+)"\]/g)])
    .map(([, name = ""]) => name)
    .filter((name) => !own.includes(name));
  expect(read.length).toBeGreaterThan(5);
  for (const name of new Set(read)) expect(reference).toContain(`\`${name}\``);
});

test("every command line that a page shows is one that the command line takes", async () => {
  const shown = pages.flatMap((page) => {
    const text = readFileSync(page, "utf8");
    const blocks = [...text.matchAll(/^ *```sh\n(.*?)^ *```/gms)].flatMap(([, block = ""]) =>
      block.split("\n").flatMap((line) => line.split(" && ")),
    );
    const inline = [...text.matchAll(/`(sluice [^`]+)`/g)].map(([, line = ""]) => line);
    return [...blocks, ...inline]
      .map((line) => line.trim())
      .filter((line) => line.startsWith("sluice "))
      .map((line) => ({ page, line: line.replaceAll(/<[^>]+>/g, "1").replaceAll("\n", " ") }));
  });
  expect(shown.length).toBeGreaterThan(60);
  const split = `${shown.map(({ line }) => `split ${line}`).join("\n")}\n`;
  const heard = execFileSync("bash", ["-f"], {
    input: `split() { printf '%s\\0' "$@"; printf '\\n'; }\n${split}`,
    encoding: "utf8",
  });
  const words = heard.split("\n").map((one) => one.split("\0").slice(1, -1));
  const wrong: string[] = [];
  for (const [index, { page, line }] of shown.entries()) {
    const [name = "", ...args] = words[index] ?? [];
    const entry = COMMANDS.find((one) => one.name === name);
    if ((name.startsWith("--") && args.length === 0) || args.includes("--help")) continue;
    // `sluice watch`, in a sentence, is the command's name.
    if (entry !== undefined && args.length === 0) continue;
    try {
      if (entry === undefined) throw new Error("no such command");
      checkArgs(name, await entry.load(), args);
    } catch (thrown) {
      wrong.push(`${page}: ${line}: ${thrown instanceof Error ? thrown.message : ""}`);
    }
  }
  expect(wrong).toEqual([]);
});

test("every link between pages, and every picture, leads to a file; every link into a page to a heading", () => {
  const broken = pages.flatMap((page) => {
    const text = readFileSync(page, "utf8");
    const links = [...text.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"/g)].map(
      ([, link, picture]) => link ?? picture ?? "",
    );
    return links
      .filter((link) => !/^[a-z]+:/.test(link))
      .filter((link) => {
        const [path = "", heading] = link.split("#");
        const file = path === "" ? page : join(dirname(page), path);
        if (!existsSync(file)) return true;
        return heading !== undefined && !listHeadings(file).includes(heading);
      })
      .map((link) => `${page}: ${link}`);
  });
  expect(broken).toEqual([]);
});

test("every picture is shown somewhere", () => {
  const shown = pages.map((page) => readFileSync(page, "utf8")).join("\n");
  const unused = globSync("docs/pictures/*.png").filter(
    (path) => !shown.includes(path.replace("docs/", "")),
  );
  expect(unused).toEqual([]);
});

/** As GitHub makes them. */
function listHeadings(file: string): string[] {
  return [...readFileSync(file, "utf8").matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}
