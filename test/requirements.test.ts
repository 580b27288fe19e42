/** Each requirement is cited by a test, `req:<id>`, or owed by a part that is named; what is owed only shrinks. */
import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { OWED, REQUIREMENTS } from "./requirements.ts";

/** Falls with the list, and never rises: a requirement that has lost its test is not put there. */
const OWED_MAX = 1;
const OWN = "test/requirements.test.ts";

const cited = Map.groupBy(
  globSync("{src,test,bench}/**/*.test.{ts,tsx}", { exclude: ["**/node_modules/**"] })
    .filter((path) => path !== OWN)
    .flatMap((path) =>
      [...readFileSync(path, "utf8").matchAll(/\breq:([a-z]+\.[\w-]+)/g)].map(([, id = ""]) => ({
        id,
        path,
      })),
    ),
  ({ id }) => id,
);

const rows = [...REQUIREMENTS].map(([id, { claim }]) => ({ id, claim }));

test.each(rows)("$id: $claim", ({ id }) => {
  expect(cited.has(id) || Object.hasOwn(OWED, id), `no test cites req:${id}`).toBe(true);
});

test("what is owed is a requirement that no test cites, and there is no more of it than there was", () => {
  const owed = Object.keys(OWED);
  expect(owed.filter((id) => !REQUIREMENTS.has(id))).toEqual([]);
  expect(owed.filter((id) => cited.has(id))).toEqual([]);
  expect(owed.length).toBeLessThanOrEqual(OWED_MAX);
});

test("no test cites a requirement that there is not", () => {
  const strays = [...cited].filter(([id]) => !REQUIREMENTS.has(id));
  expect(strays.map(([id, places]) => [id, places.map(({ path }) => path)])).toEqual([]);
});

test("every row of the field's documents is there, numbered without a gap", () => {
  const rows = [...REQUIREMENTS.keys()].filter((id) => id.startsWith("field."));
  expect(rows).toEqual(
    Array.from({ length: 70 }, (_, index) => `field.${String(index + 1).padStart(2, "0")}`),
  );
});
