import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // The product runs from dist: whole-system tests start what a user starts.
    globalSetup: ["test/build.ts"],
    include: ["src/**/*.test.ts", "test/**/*.test.ts", "bench/**/*.test.ts"],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    pool: "forks",
    // Most of the whole-system tests wait for processes: more of them side by side than there are cores.
    maxWorkers: 4,
    // Real processes on a busy machine can starve past a test's patience. What fails twice fails; a retry shows in the report.
    retry: 1,
  },
});
