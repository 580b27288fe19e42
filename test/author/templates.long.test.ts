/**
 * The tests that `sluice new` copies along, where they lie: each kind's (templates.test.ts runs one of them).
 */
import { expect, test } from "vitest";
import { TEMPLATE_KINDS } from "../../src/cli/scaffold/write.ts";
import { runTemplate } from "./run-template.ts";

test.each(TEMPLATE_KINDS)("the tests of %s pass where it lies", (kind) => {
  const report = runTemplate(kind);
  expect(report).toMatch(/^# pass [23]$/m);
  expect(report).toMatch(/^# fail 0$/m);
});
