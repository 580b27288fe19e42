/**
 * Makes `program.br` anew: `node test/before/make-program.ts <commit>`, in a clone with the history.
 *
 * Owns: building that commit and leaving out what no test runs. Never: runs in a test.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pack } from "./packed.ts";

const ROOT = join(import.meta.dirname, "../..");

/** File by file, as tsc compiles it, but small. The client's bundles are built by the commit's own settings. */
const SETTINGS = `import { defineConfig } from "tsdown";
export default defineConfig({
  entry: ["src/cli/main.ts", "src/store/**/*.ts", "!src/**/*.{test,fixture}.ts"],
  unbundle: true, root: "src", outDir: "small/dist", format: "esm", platform: "node", target: "node22.13",
  outExtensions: () => ({ js: ".js" }), deps: { neverBundle: [/^[^./]/] }, minify: true, dts: false, logLevel: "warn",
});`;

export function buildProgram(commit: string, scratch: string): string {
  const run = (command: string, args: string[]): void =>
    void execFileSync(command, args, { cwd: scratch, stdio: "inherit" });
  const archive = execFileSync("git", ["archive", commit], { cwd: ROOT, maxBuffer: 1 << 28 });
  execFileSync("tar", ["x"], { cwd: scratch, input: archive });
  symlinkSync(join(ROOT, "node_modules"), join(scratch, "node_modules"));
  writeFileSync(join(scratch, "small.config.ts"), SETTINGS);
  run("npx", ["tsdown", "-c", "small.config.ts"]);
  run("npx", ["tsdown"]);
  const small = join(scratch, "small");
  for (const unused of ["host", "shim", "cli/demo.js"])
    rmSync(join(small, "dist", unused), { recursive: true, force: true });
  cpSync(join(scratch, "dist/client"), join(small, "dist/client"), { recursive: true });
  mkdirSync(join(small, "dist/store/schema"), { recursive: true });
  cpSync(join(scratch, "src/store/schema"), join(small, "dist/store/schema"), { recursive: true });
  for (const part of ["bin", "package.json", "plugin/.claude-plugin", "plugin/.mcp.json"])
    cpSync(join(scratch, part), join(small, part), { recursive: true });
  for (const part of ["plugin/hooks", "plugin/monitors"])
    cpSync(join(scratch, part), join(small, part), { recursive: true });
  return small;
}

if (import.meta.main) {
  const [commit = ""] = process.argv.slice(2);
  const scratch = mkdtempSync(join(tmpdir(), "sluice-before-"));
  try {
    const bytes = pack(
      buildProgram(commit, scratch),
      join(import.meta.dirname, "program.br"),
      commit,
    );
    process.stdout.write(`program.br: ${bytes} bytes\n`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
