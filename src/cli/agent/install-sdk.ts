/**
 * Installs the Claude Agent SDK into the home, once, on the person's word.
 *
 * Owns: that question and that folder. Never: installs another version, or runs a script of a package.
 */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hasSdk, locateSdk, SDK_PACKAGE, SDK_VERSION } from "../../agent/sdk.ts";
import type { Env } from "../../local/home.ts";
import { SluiceError } from "../../sdk/errors.ts";
import { askYes, isAtTerminal, readCallerFacts } from "../access-terminal.ts";
import { runNpm } from "../authored/npm-run.ts";
import { printNote } from "../output/print.ts";

/** It brings Claude Code itself, some 390 MiB, and npm's own copy of the download beside it. */
const LIMITS = { timeoutMs: 900_000, maxBytes: 2 * 1024 ** 3, maxFiles: 20_000 };
const NAME = `${SDK_PACKAGE}@${SDK_VERSION}`;

/** @throws SluiceError `bad_input` where it is not wanted, `bad_config` where npm cannot. */
export async function requireSdk(home: string, env: Env): Promise<void> {
  if (hasSdk(home)) return;
  if (!isAtTerminal(readCallerFacts()))
    throw new SluiceError(
      "bad_config",
      `the Claude Agent SDK is not installed in ${home}; run "sluice agent" once in a terminal, which asks and installs it`,
    );
  await askYes(
    `sluice agent needs ${NAME} (Claude Code with it, some 390 MB), which is no part of Sluice. Install it with npm into ${locateSdk(home)}?`,
  );
  await install(home, env);
}

async function install(home: string, env: Env): Promise<void> {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const room = mkdtempSync(join(home, ".agent-sdk-"));
  try {
    const files = join(room, "files");
    mkdirSync(files);
    writeFileSync(join(files, "package.json"), '{"private":true}\n');
    printNote(`downloading ${NAME} with npm; no script of it runs`);
    const args = [
      "install",
      NAME,
      "--ignore-scripts",
      "--no-bin-links",
      "--no-audit",
      "--no-fund",
      "--save-exact",
      "--legacy-peer-deps",
      "--loglevel=error",
      `--prefix=${files}`,
      `--cache=${join(room, "npm")}`,
    ];
    const { isDone, stderr } = await runNpm(args, { cwd: files, room }, env, LIMITS);
    if (!isDone) {
      const [line = "npm did not say why"] = stderr.split("\n");
      throw new SluiceError("bad_config", `${NAME} could not be installed (${line})`);
    }
    const place = locateSdk(home);
    // One that is damaged.
    if (existsSync(place)) rmSync(place, { recursive: true });
    renameSync(files, place);
  } finally {
    rmSync(room, { recursive: true, force: true });
  }
}
