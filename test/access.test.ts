/**
 * Nothing that a channel or a session sends can change who may speak: held by who imports what.
 */
import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const sources = globSync("src/**/*.ts").filter((file) => !/\.(test|fixture)\.ts$/.test(file));

function listImporters(of: RegExp): string[] {
  return sources
    .filter((file) =>
      readFileSync(file, "utf8")
        .split("\n")
        .some((line) => /^(?:import|\} from) (?!type\b)/.test(line) && of.test(line)),
    )
    .toSorted();
}

test("the administration of access is opened by the hub alone", () => {
  expect(listImporters(/\/access\/admin\.ts"/)).toEqual(["src/hub/access.ts"]);
});

test("the rules are written by the access policy alone", () => {
  const writers = sources.filter((file) => readFileSync(file, "utf8").includes("writeAccess("));
  expect(writers.toSorted()).toEqual(["src/flow/access/policy.ts", "src/store/access/access.ts"]);
});

test("no tool, hook or shim knows of access", () => {
  const ways = sources.filter((file) =>
    /^src\/(shim\/|flow\/tools\/|flow\/deliver\/hook\.ts|api\/routes\/client-routes\.ts)/.test(
      file,
    ),
  );
  expect(ways.length).toBeGreaterThan(8);
  const knowing = ways.filter((file) =>
    /access\/(?:admin|policy|change|describe-change)\.ts|intake\/pairing\.ts|access-(?:routes|wire)\.ts|v1\.access|api\.access/.test(
      readFileSync(file, "utf8"),
    ),
  );
  expect(knowing).toEqual([]);
});

test("the plugin's skills run what reads, and tell the model to approve nothing", () => {
  for (const skill of globSync("plugin/skills/*/SKILL.md")) {
    const text = readFileSync(skill, "utf8");
    expect(text, skill).toContain("disable-model-invocation: true");
    expect(text.match(/^allowed-tools: .*$/m)?.[0], skill).not.toMatch(
      /pair|confirm|allow |Write|Edit/,
    );
  }
  expect(readFileSync("plugin/skills/access/SKILL.md", "utf8")).toContain("never approve");
});
