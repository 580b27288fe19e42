/**
 * Builds dist once before the tests.
 *
 * Owns: that whole-system tests run what stands in src now. Never: checks types: `npm run typecheck` does.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, globSync, mkdirSync, rmSync } from "node:fs";

export default function setup(): void {
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
  execFileSync("npx", ["tsdown", "--logLevel", "error"], { stdio: "inherit" });
  execFileSync("npx", ["vite", "build", "src/web", "--logLevel", "error"], { stdio: "inherit" });
}
