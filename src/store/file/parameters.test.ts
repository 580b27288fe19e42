import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

// node:sqlite of 22.13 skips a parameter that has a name, and ?1 is one: "column index out of range".
test("no statement has numbered parameters: the oldest Node that runs Sluice cannot bind them", () => {
  const found = globSync("src/**/*.ts")
    .filter((path) => !path.endsWith(".test.ts"))
    .flatMap((path) => {
      const statements = readFileSync(path, "utf8").matchAll(
        /\b(?:SELECT|INSERT|UPDATE|DELETE|WHERE|VALUES|LIMIT|AND)\b[^;]{0,400}?[\s(,=]\?\d/g,
      );
      return [...statements].map(([sql]) => `${path}: ${sql.slice(0, 80)}`);
    });
  expect(found).toEqual([]);
});
