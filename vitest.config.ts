import { defaultExclude, defineConfig } from "vitest/config";

const ALL = ["src/**/*.test.ts", "test/**/*.test.ts", "bench/**/*.test.ts"];
/** They leave nothing behind in the process that runs them: it takes the next file, and has read already what both import. */
const UNITS = [
  "src/{api,author,catalogue,channels,flow,ingress,local,sdk,shim,store,verify}/**/*.test.ts",
  "test/catalogue/*.test.ts",
];
/** Simulated: they take all the processors there are. */
const HISTORIES = ["test/sim/sim.test.ts"];
/** The page in a real browser, kills under load, faults, a day of events. */
const LONG = ["**/*.long.test.ts", "test/{browser,faults,day}/**/*.test.ts"];

// The product runs from dist: whole-system tests start what a user starts.
const BUILT = { globalSetup: ["test/build.ts"] };

export default defineConfig({
  test: {
    // As long as the slowest machine may take: no test claims anything by these, and what hangs still ends.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    pool: "forks",
    // Most of the whole-system tests wait for processes: more of them side by side than there are cores.
    maxWorkers: 4,
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
        },
      },
      {
        extends: true,
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
      { extends: true, test: { ...BUILT, name: "long", include: LONG } },
    ],
  },
});
