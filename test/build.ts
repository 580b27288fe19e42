/**
 * Builds dist once before the tests, where it is not yet what stands in src. As a program it only notes that dist was built: `npm run build`
 * ends with it, so that the tests behind `npm ci` need not build again.
 *
 * Owns: that whole-system tests run what stands in src now. Never: checks types: `npm run typecheck` does.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";

/** Without the tests, which are not built. */
const SOURCES = ["src/**/*", "tsconfig*.json", "tsdown.config.ts", "package*.json"];
/** What was built from what, by content: a dist that another build or another hand has changed is built again. */
const STAMP = "node_modules/.cache/sluice-built";

export default function setup(): void {
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === toStamp()) return;
  build();
  note();
}

function note(): void {
  mkdirSync(dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, toStamp());
}

function build(): void {
  // A sender is found by its file's name: one that is gone must not stay a kind.
  rmSync("dist/catalogue", { recursive: true, force: true });
  try {
    execFileSync("npx", ["tsc", "-p", "tsconfig.build.json"], { stdio: "ignore" });
  } catch {
    // A type error: the compiler has written its output all the same.
  }
  // A step that got another number would be taken twice.
  rmSync("dist/store/schema", { recursive: true, force: true });
  mkdirSync("dist/store/schema", { recursive: true });
  for (const file of globSync("src/store/schema/*.sql"))
    copyFileSync(file, file.replace("src", "dist"));
  for (const file of globSync("src/catalogue/rows/*/*.json"))
    copyFileSync(file, file.replace("src", "dist"));
  // As a user gets it: a test's own NODE_ENV would make another page, with this machine's paths in it.
  const env = { ...process.env, NODE_ENV: "production" };
  for (const command of [
    ["tsdown"],
    ["vite", "build", "src/web"],
    ["vite", "build", "src/web/inspector"],
  ])
    execFileSync("npx", [...command, "--logLevel", "error"], { stdio: "inherit", env });
}

function toStamp(): string {
  const hash = createHash("sha256").update(`${process.version} production`);
  for (const path of globSync([...SOURCES, "dist/**/*"]).toSorted())
    if (!/\.(?:test|fixture)\.tsx?$/.test(path) && statSync(path).isFile())
      hash.update(`\0${path}\0`).update(readFileSync(path));
  return hash.digest("hex");
}

// Another NODE_ENV makes another page.
if (
  process.argv[1] === import.meta.filename &&
  ["production", undefined].includes(process.env["NODE_ENV"])
)
  note();
