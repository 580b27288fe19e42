/**
 * The tests of a template, where it lies.
 *
 * Owns: the process that runs them. Never: a claim.
 */
import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** What its runner reports. */
export function runTemplate(kind: string): string {
  const file = `templates/${kind}/channel.test.ts`;
  const { PATH, HOME } = process.env;
  return execFileSync(
    process.execPath,
    ["--experimental-strip-types", "--test", "--test-reporter=tap", file],
    { cwd: join(import.meta.dirname, "../.."), encoding: "utf8", env: { PATH, HOME } },
  );
}
