import { dirname, join, relative, sep } from "node:path";
import { defineConfig, type UserConfig } from "tsdown";

// What a client spawns and what a person types: start-up time is what both wait for. As CommonJS: where ESM imports a module of Node's,
// Node reads each of its exports, and some of those load much more: node:fs all streams, a third of a command's start. The rest of the
// package is compiled by tsc, file by file (tsconfig.build.json).

type Plugin = Extract<UserConfig["plugins"], { name: string }>;

/** In a package of ES modules. */
const commonJs: Plugin = {
  name: "common-js",
  generateBundle() {
    this.emitFile({ type: "asset", fileName: "package.json", source: '{ "type": "commonjs" }\n' });
  },
};

// One file each, with everything inside; for the shim a second one, loaded once the process keeps compiled code.
const bundle = (name: string, entry: string): UserConfig => ({
  entry: { [name]: entry },
  outDir: "dist/client",
  format: "cjs",
  platform: "node",
  target: "node22.13",
  outExtensions: () => ({ js: ".js" }),
  // No hash: a build leaves no file of an older one behind.
  outputOptions: { chunkFileNames: `${name}-core.js` },
  deps: { alwaysBundle: [/.*/] },
  plugins: [commonJs],
  minify: true,
  clean: false,
  dts: false,
  logLevel: "warn",
});

const SRC = join(import.meta.dirname, "src");
const INSIDE = new Set(["api", "cli", "flow", "local", "sdk", "shim"]);

/** The rest of the product, which few commands need, stays where tsc has put it. */
const outside: Plugin = {
  name: "outside",
  resolveId: {
    order: "pre",
    handler(source, importer) {
      if (importer === undefined || !importer.startsWith(SRC) || !source.startsWith(".")) return;
      const path = relative(SRC, join(dirname(importer), source));
      if (INSIDE.has(path.split(sep)[0] ?? "")) return;
      return {
        id: join(import.meta.dirname, "dist", path.replace(/\.ts$/, ".js")),
        external: true,
      };
    },
  },
};

const MAIN = join(SRC, "cli/main.ts");

/** Whether help reads it, too: what main.ts imports, and what that imports. */
function isOfHelp(id: string, find: (id: string) => { importers: readonly string[] } | null) {
  const seen = new Set<string>();
  const todo = [id];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    if (next === MAIN) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    todo.push(...(find(next)?.importers ?? []));
  }
  return false;
}

// A file for each command and one for what they share. Not minified: a stack names the function that failed.
const commandLine: UserConfig = {
  ...bundle("main", "src/cli/main.ts"),
  outDir: "dist/cli",
  clean: true,
  minify: false,
  plugins: [commonJs, outside],
  outputOptions: {
    chunkFileNames: "[name].js",
    comments: false,
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [
        {
          name: (id, context) =>
            isOfHelp(id, (one) => context.getModuleInfo(one)) ? null : "shared",
          // What most of them need. A module that only some need may bring along what takes V8 or Node longer than all the rest: patterns
          // of every script, node:crypto.
          minShareCount: 8,
        },
      ],
    },
  },
};

export default defineConfig([
  bundle("shim", "src/shim/main.ts"),
  bundle("bell", "src/shim/bell-main.ts"),
  commandLine,
]);
