import { defineConfig } from 'tsdown';

export default defineConfig([
  {
    // What a user runs and what an author imports. Dependencies stay outside: npm installs them.
    entry: { 'cli/main': 'src/cli/main.ts', 'sdk/index': 'src/sdk/index.ts' },
    format: 'esm',
    platform: 'node',
    target: 'node22.13',
    outExtensions: () => ({ js: '.js' }),
    clean: true,
    dts: false,
    logLevel: 'warn',
  },
  {
    // What a client spawns: one file each, everything inside, because start-up time is what a user waits for.
    entry: { shim: 'src/shim/main.ts' },
    outDir: 'dist/client',
    format: 'esm',
    platform: 'node',
    target: 'node22.13',
    outExtensions: () => ({ js: '.js' }),
    deps: { alwaysBundle: [/.*/] },
    outputOptions: { codeSplitting: false },
    minify: true,
    clean: true,
    dts: false,
    logLevel: 'warn',
  },
]);
