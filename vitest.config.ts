import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defaultExclude, defineConfig } from "vitest/config";

const ALL = ["src/**/*.test.ts", "test/**/*.test.ts", "bench/**/*.test.ts"];
/** They need no build. */
const UNITS = [
  "src/{api,author,catalogue,channels,flow,hosts,ingress,local,mcp,sdk,shim,store,verify}/**/*.test.ts",
  "test/catalogue/*.test.ts",
  "packages/*/test/**/*.test.ts",
];
/** A channel in packages/ imports what an installation gives it. */
const DOORS = { index: "sluice", platform: "sluice/platform" } as const;
const alias = [
  ...Object.entries(DOORS).map(([file, door]) => ({
    find: new RegExp(`^${door}$`),
    replacement: fileURLToPath(new URL(`src/author/${file}.ts`, import.meta.url)),
  })),
  {
    find: /^sluice\/testing$/,
    replacement: fileURLToPath(new URL("src/testing/index.ts", import.meta.url)),
  },
];
/** Simulated: they take all the processors there are. */
const HISTORIES = ["test/sim/sim.test.ts"];
/** The page in a real browser, kills under load, faults, a day of events. */
const LONG = ["**/*.long.test.ts", "test/{browser,faults,day}/**/*.test.ts"];
/** What is claimed of any input: a part of it in `npm test`, all in `npm run test:long`. */
const ANY_INPUT = globSync("src/**/*.test.ts").filter((path) =>
  readFileSync(path, "utf8").includes("/runs.fixture.ts"),
);

// The product runs from dist: whole-system tests start what a user starts.
const BUILT = { globalSetup: ["test/build.ts"] };

export default defineConfig({
  test: {
    // As long as the slowest machine may take: no test claims anything by these, and what hangs still ends.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000, interval: 20 } },
    pool: "forks",
    // `npm run test:cost` asks each file what it has cost.
    setupFiles: process.env["SLUICE_TEST_COST"] === undefined ? [] : ["test/cost/record.ts"],
    // Most of the whole-system tests wait for processes: more of them side by side than there are cores.
    maxWorkers: 6,
    // Real processes on a busy machine can starve past a test's patience. What fails twice fails; a retry shows in the report.
    retry: 1,
    projects: [
      {
        extends: true,
        test: {
          ...BUILT,
          name: "whole",
          include: ALL,
          exclude: [...defaultExclude, ...UNITS, ...HISTORIES, ...LONG],
          isolate: false,
        },
      },
      {
        extends: true,
        resolve: { alias },
        test: {
          name: "units",
          include: UNITS,
          exclude: [...defaultExclude, ...LONG],
          isolate: false,
        },
      },
      // After all others, and by itself.
      {
        extends: true,
        test: { name: "histories", include: HISTORIES, sequence: { groupOrder: 1 } },
      },
      { extends: true, resolve: { alias }, test: { ...BUILT, name: "long", include: LONG } },
      {
        extends: true,
        test: {
          name: "any-input",
          include: ANY_INPUT,
          isolate: false,
          env: { SLUICE_ALL_RUNS: "1" },
        },
      },
    ],
  },
});
