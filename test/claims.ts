/**
 * Tables of promises: each names the tests that keep it.
 *
 * Owns: looking whether a named test is there. Never: runs one.
 */
import { readFileSync } from "node:fs";

/** Test names by file. */
export type Claims = Readonly<Record<string, readonly string[]>>;

const sources = new Map<string, string>();

/** Names that no file has, as `file: name`. */
export function findMissing(claims: Claims): string[] {
  return Object.entries(claims).flatMap(([file, names]) =>
    names.filter((name) => !readTest(file).includes(name)).map((name) => `${file}: ${name}`),
  );
}

function readTest(file: string): string {
  const known = sources.get(file) ?? readFileSync(file, "utf8");
  sources.set(file, known);
  return known;
}
