/**
 * `sluice connect opencode`: puts a plugin of three lines into opencode's folder, which loads the one of this installation.
 *
 * Owns: that file, and the words for the user. Never: edits opencode's configuration.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Env, locateHome } from "../../local/home.ts";
import { withUsualUmask } from "../../local/umask.ts";
import { VERSION } from "../../local/version.ts";
import { SluiceError } from "../../sdk/errors.ts";
import { listPathTraps, locateInstallation } from "../claude/installation.ts";
import { printJson, printLine, printNote } from "../output/print.ts";
import { type ConnectArgs, toEntry } from "./connect-mcp.ts";
import { addHost, removeHost, toHostFolder } from "./hosts.ts";

const MARK =
  '// Written by "sluice connect opencode"; "sluice connect opencode --remove" takes it out.';
const NEXT = [
  "start opencode again; one that is already open does not have it yet",
  "a session is found once you have written in it",
];

/** @throws SluiceError `bad_config` where HOME is needed and names no folder. */
export function toPluginFile(env: Env): string {
  return join(toHostFolder("opencode", env), "plugins", "sluice.js");
}

export async function connectOpencode({ print, remove, json }: ConnectArgs): Promise<void> {
  const file = toPluginFile(process.env);
  if (print) {
    if (json)
      return printJson({
        client: "opencode",
        files: [{ path: file, text: remove ? null : toText() }],
      });
    printLine(`sluice connect opencode would ${remove ? "remove" : "write"} ${file}`);
    if (!remove) for (const line of toText().trimEnd().split("\n")) printLine(`   ${line}`);
    return;
  }
  if (existsSync(file) && !readFileSync(file, "utf8").startsWith(MARK))
    throw new SluiceError(
      "conflict",
      `${file} is not of Sluice, so it was left alone; give it another name, then connect again`,
    );
  if (remove) return takeOut(file, json);
  withUsualUmask(() => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, toText());
  });
  await addHost("opencode", process.env);
  const warnings = listPathTraps(locateInstallation(), "opencode");
  if (json)
    return printJson({ client: "opencode", installed: "plugin", file, warnings, next: NEXT });
  printLine(`opencode has the plugin ${file}.`);
  for (const warning of warnings) printNote(warning);
  printLine();
  for (const [index, step] of NEXT.entries())
    printLine(`${index === 0 ? "Next: " : "      "}${step}`);
}

async function takeOut(file: string, json: boolean): Promise<void> {
  const before = existsSync(file);
  rmSync(file, { force: true });
  const host = await removeHost("opencode");
  const removed = [...(before ? ["plugin"] : []), ...(host ? ["host"] : [])];
  if (json) return printJson({ client: "opencode", removed });
  printLine(
    removed.length === 0
      ? "Nothing of Sluice was in opencode."
      : "opencode no longer has the plugin; one that is open keeps it until it ends.",
  );
}

function toText(): string {
  const { command, args, env } = toEntry();
  const { root } = locateInstallation();
  const plugin = pathToFileURL(join(root, "dist", "hosts", "opencode", "plugin.js")).href;
  const home = locateHome(process.env).path;
  const options = {
    env: { ...env, SLUICE_HOME: home },
    version: VERSION,
    entry: { command: [command, ...args], env },
  };
  return `${MARK}
import { openPlugin } from ${JSON.stringify(plugin)};
export const Sluice = openPlugin(${JSON.stringify(options)});
`;
}
