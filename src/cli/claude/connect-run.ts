/**
 * `sluice connect claude`: installs the plugin into Claude Code, or says how.
 *
 * Owns: its words for the user. Never: the calls of the client (connect-claude.ts).
 */
import { locateHome } from "../../local/home.ts";
import { readBuild } from "../../local/build.ts";
import { VERSION } from "../../local/version.ts";
import { SluiceError } from "../../sdk/errors.ts";
import { type Claude, findClaude, listPlugins, MONITORS_SINCE } from "./claude-client.ts";
import { toClaudeFolder, writeClaudeFolder } from "./claude-folder.ts";
import { PLUGIN } from "../../sdk/channel-flag.ts";
import { compareVersions } from "../../local/compare-versions.ts";
import {
  hasBareServer,
  installPlugin,
  readWorkingFolder,
  registerServer,
  removeFromClaude,
  SERVER,
  type ConnectTarget,
  toRemovalVerbs,
  toVerbs,
} from "./connect-claude.ts";
import { toHubEntry } from "../hub.ts";
import {
  type Installation,
  isInNpxCache,
  isPlugin,
  listPathTraps,
  locateInstallation,
} from "./installation.ts";
import { printJson, printLine, printLines, printNote } from "../output/print.ts";
import { replaceOlderHub, type ReplaceOutcome } from "../replace-hub.ts";
import { toShellCommand } from "../../sdk/shell-word.ts";

const HUB_TIMEOUT_MS = 20_000;

export type ConnectClaudeArgs = {
  scope: "user" | "project";
  bare: boolean;
  print: boolean;
  remove: boolean;
  json: boolean;
};

export async function connectClaude(args: ConnectClaudeArgs): Promise<void> {
  const { scope, bare, print, json } = args;
  const target: ConnectTarget = {
    home: locateHome(process.env),
    version: VERSION,
    installation: locateInstallation(),
    scope,
  };
  if (args.remove) {
    if (print) printVerbs(toRemovalVerbs(scope), json);
    else await remove(target, json);
  } else if (print) {
    printPlan(target, bare, json);
  } else {
    await install(target, bare, json);
  }
}

async function install(target: ConnectTarget, bare: boolean, json: boolean): Promise<void> {
  const { home, installation, version, scope } = target;
  refuseNpx(target.installation);
  refusePlugin(target);
  const written = writeClaudeFolder({
    home: home.path,
    claudeDir: home.claudeDir,
    version,
    installation,
  });
  const claude = await findClaude(process.env);
  if (claude === undefined) {
    printNote("no claude on PATH; run these commands by hand:");
    for (const line of toManualSteps(target, bare)) printNote(line);
    throw new SluiceError(
      "unsupported",
      "Claude Code was not found on PATH; follow the steps above, or set SLUICE_CLAUDE to it",
    );
  }
  const hub = await replaceOlderHub({
    env: process.env,
    entry: toHubEntry(),
    version,
    build: readBuild(),
    timeoutMs: HUB_TIMEOUT_MS,
  });
  const options = { claude, env: process.env, cwd: readWorkingFolder() };
  if (bare) await registerServer(target, options);
  else await installPlugin(target, options);
  const isDouble = bare
    ? (await listPlugins(claude, PLUGIN, options)).length > 0
    : hasBareServer(process.env, options.cwd, home);
  const report = {
    client: "claude",
    clientPath: claude.path,
    clientVersion: claude.version,
    installed: bare ? "server" : "plugin",
    version,
    scope,
    folder: toClaudeFolder(home.claudeDir, version).marketplace,
    written: written === "written",
    hub,
    warnings: listWarnings(target, { claude, bare, hub, isDouble }),
    next: listNextSteps(bare),
  };
  if (json) return printJson(report);
  const what = bare ? `the MCP server "${SERVER}"` : `the plugin ${PLUGIN} ${version}`;
  printLine(`Claude Code ${claude.version} has ${what} (scope ${scope}).`);
  printLine(`  read from  ${report.folder}`);
  printLine(`  runs with  ${installation.node}`);
  if (hub.kind === "replaced")
    printLine(
      `  hub        ${version}, in place of ${hub.before === version ? "another build of it" : hub.before}`,
    );
  for (const warning of report.warnings) printNote(warning);
  printLine();
  for (const [index, step] of report.next.entries())
    printLine(bare ? step : `${index === 0 ? "Next: " : "      "}${step}`);
  await (await import("../at-login/offer.ts")).offerAtLogin();
}

async function remove(target: ConnectTarget, json: boolean): Promise<void> {
  const claude = await findClaude(process.env);
  if (claude === undefined) {
    throw new SluiceError(
      "unsupported",
      "Claude Code was not found on PATH, so nothing was removed; set SLUICE_CLAUDE to it",
    );
  }
  const options = { claude, env: process.env, cwd: readWorkingFolder() };
  const removed = await removeFromClaude(target.home, options);
  if (json) return printJson({ client: "claude", removed });
  if (removed.length === 0) return printLine("Nothing of Sluice was installed in Claude Code.");
  printLine("Removed from Claude Code:");
  for (const what of removed) printLine(`  ${what}`);
  printLine(
    'Sessions that are open keep it until they end. The hub runs on; "sluice down" ends it.',
  );
}

function printPlan(target: ConnectTarget, bare: boolean, json: boolean): void {
  const { home, version } = target;
  if (json) {
    printJson({
      client: "claude",
      folder: toClaudeFolder(home.claudeDir, version).marketplace,
      commands: toVerbs(target, bare).map((verb) => ["claude", ...verb]),
    });
    return;
  }
  printLine("sluice connect claude would");
  printLine(`1. write ${toClaudeFolder(home.claudeDir, version).marketplace}`);
  printLine("2. run");
  printVerbs(toVerbs(target, bare), false);
  printLine();
  printLine("If claude is not on PATH, it only writes the folder, and you run in Claude Code:");
  for (const line of toManualSteps(target, bare)) printLine(`  ${line}`);
  if (bare) printLines(BARE_GUARANTEES);
}

function printVerbs(verbs: readonly (readonly string[])[], json: boolean): void {
  const commands = verbs.map((verb) => ["claude", ...verb]);
  if (json) return printJson({ client: "claude", commands });
  for (const command of commands) printLine(`   ${toShellCommand(command)}`);
}

/** For a client that cannot be reached by a command: an editor's own, or one on another PATH. */
function toManualSteps(target: ConnectTarget, bare: boolean): string[] {
  const verbs = toVerbs(target, bare);
  if (bare) {
    return [
      `in a terminal that has it: ${verbs.map((verb) => toShellCommand(["claude", ...verb])).join(" && ")}`,
    ];
  }
  const { marketplace } = toClaudeFolder(target.home.claudeDir, target.version);
  return [
    `in a session of Claude Code: /plugin marketplace add ${marketplace}`,
    `then: /plugin install ${PLUGIN}`,
  ];
}

const BARE_GUARANTEES = [
  "Without the plugin there is no bell and there are no hooks:",
  "  - an idle session is not woken; events wait until the model calls the inbox tool,",
  "  - receipts come from tool calls only, so a delivery may be repeated,",
  "  - the client asks before it runs a Sluice tool.",
  `The client's own channel lane wakes a session where it is open to you: claude --dangerously-load-development-channels server:${SERVER}`,
];

type Outcome = { claude: Claude; bare: boolean; hub: ReplaceOutcome; isDouble: boolean };

function listWarnings(target: ConnectTarget, { claude, bare, hub, isDouble }: Outcome): string[] {
  const warnings = listPathTraps(target.installation);
  if (!bare && compareVersions(claude.version, MONITORS_SINCE) < 0) {
    warnings.push(
      `Claude Code ${claude.version} runs no monitors, so nothing wakes an idle session; update it to ${MONITORS_SINCE} or later`,
    );
  }
  if (isDouble) {
    warnings.push(
      `${bare ? "the plugin is" : "a bare server entry is"} there as well, so each session starts Sluice twice and its tools show twice; "sluice connect claude --remove" takes both out, then connect once more`,
    );
  }
  if (hub.kind === "newer") {
    warnings.push(
      `the hub that runs is version ${hub.running}, newer than this command (${target.version}); run connect with the newer one`,
    );
  }
  if (target.scope === "project") {
    warnings.push(
      "scope project writes into this folder, but the paths are this machine's: colleagues run sluice connect claude themselves",
    );
  }
  return warnings;
}

function listNextSteps(bare: boolean): string[] {
  if (bare) return BARE_GUARANTEES;
  return [
    "start a new Claude Code session; one that is already open does not have it yet",
    'then "sluice status" shows the session, and "sluice doctor" says what is missing',
  ];
}

/** What connect writes names paths of this installation, and these go with the plugin's next update. */
function refusePlugin({ installation }: ConnectTarget): void {
  if (!isPlugin(installation)) return;
  throw new SluiceError(
    "bad_config",
    `this Sluice is the plugin that Claude Code installed itself (${installation.root}), so there is nothing to connect; "sluice doctor" says what is missing`,
  );
}

/** What connect writes must last. */
export function refuseNpx(installation: Installation): void {
  if (!isInNpxCache(installation)) return;
  throw new SluiceError(
    "bad_config",
    `this Sluice runs from npx's cache (${installation.root}), which npm empties; install it where it stays, with "npm install --global", and connect with that`,
  );
}
