/**
 * The folder of a session that the corpora speak of, made for real, with what stands for things that only a run knows.
 *
 * Owns: making it from folder.json, and filling the placeholders in. Never: judges.
 */
import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

type FileSpec = { content?: string; mode?: string; symlink?: string };
type Step = { git?: string[]; write?: Record<string, string> };
type Spec = { files: Record<string, FileSpec>; steps: Step[] };

export type CorpusCall = { tool: string; input: Record<string, unknown> };
export type Scene = {
  root: string;
  folder: string;
  home: string;
  /** Replaces the placeholders in anything that is JSON. */
  resolve: <T>(value: T) => T;
};

/** The caller removes `root`. */
export function makeScene(): Scene {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "sluice-corpus-")));
  const { files, steps } = readCorpus<Spec>("folder");
  for (const [path, { content = "", mode = "644", symlink }] of Object.entries(files)) {
    const full = join(root, path);
    mkdirSync(dirname(full), { recursive: true });
    if (symlink === undefined) writeFileSync(full, content, { mode: Number.parseInt(mode, 8) });
    else symlinkSync(symlink, full);
  }
  const folder = join(root, "shop");
  const env = { PATH: process.env["PATH"], HOME: join(root, "home"), GIT_CONFIG_NOSYSTEM: "1" };
  for (const { git, write = {} } of steps) {
    if (git !== undefined) execFileSync("git", git, { cwd: folder, env, stdio: "pipe" });
    for (const [path, text] of Object.entries(write)) writeFileSync(join(folder, path), text);
  }
  return { root, folder, home: join(root, "home"), resolve: (value) => fill(value, root) };
}

export function readCorpus<T>(name: string): T {
  // The files stand beside this one, and are ours.
  return JSON.parse(readFileSync(new URL(`./${name}.json`, import.meta.url), "utf8")) as T;
}

function fill<T>(value: T, root: string): T {
  const mark = (word: string): string => ["-----", word, " PRIVATE", " KEY-----"].join("");
  const line = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj";
  const values: Record<string, string> = {
    FOLDER: join(root, "shop"),
    OUTSIDE: join(root, "outside"),
    HOME: join(root, "home"),
    KEY: `gh${"p_"}${"a1B2c3D4e5F6".repeat(3)}`,
    PEM_BEGIN: mark("BEGIN"),
    PEM_END: mark("END"),
    PAD: "a".repeat(120_000),
    SPACES: " ".repeat(120_000),
    LINES: "\n".repeat(5_000),
    BASE64: Array.from({ length: 4 }, () => line).join("\n"),
  };
  const replace = (text: string): string =>
    text.replaceAll(/\{\{(\w+)\}\}/g, (all, name: string) => values[name] ?? all);
  const walk = (one: unknown): unknown => {
    if (typeof one === "string") return replace(one);
    if (Array.isArray(one)) return one.map(walk);
    if (typeof one === "object" && one !== null)
      return Object.fromEntries(
        Object.entries(one).map(([key, inner]) => [replace(key), walk(inner)]),
      );
    return one;
  };
  // The same shape, with other texts.
  return walk(value) as T;
}
