import { defineConfig, type UserConfig } from "tsdown";

// What a client spawns: one file each with everything inside, because start-up time is what a user waits for.
// The rest of the package is compiled by tsc, file by file (tsconfig.build.json).
const bundle = (name: string, entry: string): UserConfig => ({
  entry: { [name]: entry },
  outDir: "dist/client",
  format: "esm",
  platform: "node",
  target: "node22.13",
  outExtensions: () => ({ js: ".js" }),
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
