import { defineConfig, type UserConfig } from "tsdown";

// What a client spawns, with everything inside, because start-up time is what a user waits for: one file each, and for the shim a
// second one, loaded once the process keeps compiled code. The rest of the package is compiled by tsc, file by file (tsconfig.build.json).
const bundle = (name: string, entry: string): UserConfig => ({
  entry: { [name]: entry },
  outDir: "dist/client",
  format: "esm",
  platform: "node",
  target: "node22.13",
  outExtensions: () => ({ js: ".js" }),
  // No hash: a build leaves no file of an older one behind.
  outputOptions: { chunkFileNames: `${name}-core.js` },
  deps: { alwaysBundle: [/.*/] },
  minify: true,
  clean: false,
  dts: false,
  logLevel: "warn",
});

export default defineConfig([
  bundle("shim", "src/shim/main.ts"),
  bundle("bell", "src/shim/bell-main.ts"),
]);
