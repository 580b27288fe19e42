/**
 * The figures of the house, out of the facts of its files.
 *
 * Owns: circles, lane comparisons, names with several meanings, sizes. Never: reads files (facts.ts). Pure.
 */
import { dirname } from "node:path";
import type { FileFacts } from "./facts.ts";

/** More files than these in one folder are too many to be found by reading. */
export const FOLDER_FILES = 30;

export type Sized = { what: string; lines: number };

/** Groups of files that import each other, types too; the largest first. */
export function findCircles(files: readonly FileFacts[]): string[][] {
  const imports = new Map(files.map(({ path, imports }) => [path, imports]));
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const circles: string[][] = [];
  // Tarjan's strongly connected components.
  const visit = (path: string): number => {
    const at = order.size;
    order.set(path, at);
    low.set(path, at);
    open.push(path);
    for (const other of imports.get(path) ?? []) {
      if (!imports.has(other)) continue;
      if (!order.has(other)) low.set(path, Math.min(low.get(path) ?? at, visit(other)));
      else if (open.includes(other))
        low.set(path, Math.min(low.get(path) ?? at, order.get(other) ?? at));
    }
    const lowest = low.get(path) ?? at;
    if (lowest === at) {
      const circle = open.splice(open.indexOf(path));
      if (circle.length > 1) circles.push(circle.toSorted());
    }
    return lowest;
  };
  for (const path of imports.keys()) if (!order.has(path)) visit(path);
  return circles.toSorted((a, b) => b.length - a.length);
}

/** Where code outside of src/flow/lanes asks for a lane by its name: as `file:line`. */
export function findLaneComparisons(files: readonly FileFacts[]): string[] {
  const comparison = /lane[^;]{0,30}(?:===|!==)\s*["'](?:monitor|channel|pull)["']/g;
  return files
    .filter(({ path }) => !path.startsWith("src/flow/lanes/"))
    .flatMap(({ path, text }) =>
      [...text.matchAll(comparison)].map(
        ({ index }) => `${path}:${text.slice(0, index).split("\n").length}`,
      ),
    );
}

/** Exported types that are declared in more than one file: the name, and where. */
export function findSharedNames(files: readonly FileFacts[]): Map<string, string[]> {
  const places = new Map<string, string[]>();
  for (const { path, types } of files)
    for (const name of types) places.set(name, [...(places.get(name) ?? []), path]);
  return new Map([...places].filter(([, paths]) => paths.length > 1));
}

/** How many files stand in each folder itself; the fullest first. */
export function countByFolder(files: readonly FileFacts[]): { folder: string; files: number }[] {
  const counts = new Map<string, number>();
  for (const { path } of files) counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1);
  return [...counts]
    .map(([folder, count]) => ({ folder, files: count }))
    .toSorted((a, b) => b.files - a.files);
}

export function listLongestFiles(files: readonly FileFacts[], count: number): Sized[] {
  return files
    .map(({ path, lines }) => ({ what: path, lines }))
    .toSorted((a, b) => b.lines - a.lines)
    .slice(0, count);
}

export function listLongestFunctions(files: readonly FileFacts[], count: number): Sized[] {
  return files
    .flatMap(({ path, functions }) =>
      functions.map(({ name, line, lines }) => ({ what: `${path}:${line} ${name}`, lines })),
    )
    .toSorted((a, b) => b.lines - a.lines)
    .slice(0, count);
}
