/**
 * `sluice uninstall`.
 *
 * Owns: what Sluice has put on this machine and elsewhere, shown first, and taken away in an order in which each step still can be. Never:
 * removes the program itself: npm put it there.
 */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readConfig } from "../../hub/settings/config.ts";
import { locateHome } from "../../local/home.ts";
import { SluiceError, toMessage } from "../../sdk/errors.ts";
import { askYes, isAtTerminal, readCallerFacts } from "../access-terminal.ts";
import { readAtLogin, stopAtLogin } from "../at-login/at-login.ts";
import { findClaude, listPlugins } from "../claude/claude-client.ts";
import {
  hasBareServer,
  readWorkingFolder,
  removeFromClaude,
  toConfigDir,
} from "../claude/connect-claude.ts";
import { type ConnectedClient, disconnect, listConnected } from "../clients/connected.ts";
import { removeHost } from "../clients/hosts.ts";
import { PLUGIN } from "../../sdk/channel-flag.ts";
import { defineCommand, flag, JSON_ARG } from "../command.ts";
import { ask } from "../hub.ts";
import { printJson, printLine, printLines, printNote, toLine } from "../output/print.ts";
import { listParts, type HomePart, requireOwnHome, toSize } from "./home-sizes.ts";
import { stopHub } from "../commands/down.ts";

type Plan = {
  home: string | undefined;
  parts: HomePart[];
  bytes: number;
  login: string | undefined;
  /** What Claude Code has of Sluice. */
  client: string | undefined;
  /** What other agents have of it. */
  clients: ConnectedClient[];
  hooks: { channel: string; target: string }[];
};

export const uninstall = defineCommand({
  description:
    "Shows what Sluice has put on this machine: its plugin in Claude Code, what other agents have of it, what starts it at login, its home with all events, secrets and files, and the webhooks that it has made. Asks, then takes it away. The program itself goes with npm.",
  args: {
    "keep-home": flag("Leave the home as it is: channels, secrets, events; the hub is stopped"),
    print: flag("Only show what would go"),
    yes: flag("Do not ask: for scripts"),
    json: JSON_ARG,
  },
  examples: ["sluice uninstall --print", "sluice uninstall"],
  async run({ args }) {
    const json = args.json === true;
    const plan = await look(args["keep-home"] === true);
    if (args.print === true) return json ? printJson(plan) : printLines(renderPlan(plan));
    if (args.yes !== true) {
      if (json || !isAtTerminal(readCallerFacts()))
        throw new SluiceError(
          "bad_input",
          "nothing was removed: nobody is here to ask; --print shows what would go, --yes does it",
        );
      printLines(renderPlan(plan));
      await askYes("This cannot be taken back.");
    }
    const left = await remove(plan);
    if (json) printJson({ ...plan, left });
    else {
      for (const one of left) printNote(one);
      printLine(left.length === 0 ? "Sluice is taken away." : "The rest of Sluice is taken away.");
      printLine(
        "Sessions that are open keep it until they end. The program: npm uninstall --global sluice",
      );
    }
    if (left.length > 0) process.exitCode = 1;
  },
});

async function look(keepsHome: boolean): Promise<Plan> {
  const { env } = process;
  const home = keepsHome ? undefined : requireOwnHome(env);
  const parts = home === undefined ? [] : listParts(home);
  return {
    home,
    parts,
    bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
    // Also one that is switched off: its file is there.
    login: readAtLogin(env).path,
    client: await findInClaude(),
    clients: listConnected(env, locateHome(env).path),
    hooks: home === undefined ? [] : listHooks(),
  };
}

async function findInClaude(): Promise<string | undefined> {
  const claude = await findClaude(process.env);
  if (claude === undefined) return findInItsFiles();
  const options = { claude, env: process.env, cwd: readWorkingFolder() };
  const plugins = await listPlugins(claude, PLUGIN, options);
  if (plugins.length > 0) return `the plugin ${PLUGIN}`;
  return hasBareServer(process.env, options.cwd, locateHome(process.env))
    ? "an MCP server entry"
    : undefined;
}

/** Where the client is not found: by what it has written down itself. */
function findInItsFiles(): string | undefined {
  const { env } = process;
  if (env["CLAUDE_CONFIG_DIR"] === undefined && env["HOME"] === undefined) return undefined;
  const list = join(toConfigDir(env), "plugins", "installed_plugins.json");
  if (existsSync(list) && readFileSync(list, "utf8").includes(`"${PLUGIN}"`))
    return `the plugin ${PLUGIN}`;
  return hasBareServer(env, readWorkingFolder(), locateHome(env))
    ? "an MCP server entry"
    : undefined;
}

/** Those on platforms: with the home their keys would be gone. */
function listHooks(): Plan["hooks"] {
  const { channels } = readConfig(locateHome(process.env).config);
  return channels.flatMap(({ name, hooks = [] }) =>
    hooks.map(({ target }) => ({ channel: name, target })),
  );
}

/** Returns what could not be taken away, each with what to do. */
async function remove({ home, login, client, clients, hooks }: Plan): Promise<string[]> {
  const left: string[] = [];
  const attempt = async (what: string, step: () => Promise<void>): Promise<void> => {
    try {
      await step();
    } catch (thrown) {
      left.push(`${what} is still there: ${toMessage(thrown)}`);
    }
  };
  const caller = readCallerFacts();
  // While a hub still has the keys.
  for (const name of new Set(hooks.map(({ channel }) => channel)))
    await attempt(`the webhook of ${name}`, async () => {
      const answer = await ask((api) =>
        api.channels[":name"].remove.$post({ param: { name }, json: { caller } }),
      );
      for (const { target, id, reason } of answer.hooks)
        if (reason !== undefined)
          left.push(`the webhook in ${target} (id ${id}) is still there: ${reason}`);
    });
  // First what would start it again.
  if (login !== undefined) await attempt(login, async () => void (await stopAtLogin(process.env)));
  if (client !== undefined)
    await attempt(`${client} in Claude Code`, async () => {
      const claude = await findClaude(process.env);
      if (claude === undefined)
        throw new SluiceError(
          "unsupported",
          `claude was not found on PATH; set SLUICE_CLAUDE to it and run "sluice connect claude --remove"`,
        );
      const options = { claude, env: process.env, cwd: readWorkingFolder() };
      await removeFromClaude(locateHome(process.env), options);
    });
  for (const { client: name, what } of clients)
    await attempt(what, async () => {
      await disconnect(name, process.env, locateHome(process.env).path);
      // A home that stays would have its hub look for that agent's sessions.
      if (home === undefined) await forgetHost(name);
    });
  let isStopped = false;
  await attempt("the hub", async () => {
    await stopHub();
    isStopped = true;
  });
  // It would write on into a folder that is gone.
  if (home !== undefined && !isStopped) left.push(`${home} is still there, since the hub is`);
  else if (home !== undefined)
    await attempt(home, async () => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));
  return left;
}

async function forgetHost(name: string): Promise<void> {
  const { hosts = {} } = readConfig(locateHome(process.env).config);
  if ((name === "codex" || name === "opencode") && hosts[name] !== undefined)
    await removeHost(name);
}

function renderPlan({ home, parts, bytes, login, client, clients, hooks }: Plan): string[] {
  const lines = [
    ...(client === undefined ? [] : [`  ${client} in Claude Code`]),
    ...clients.map(({ what }) => `  ${toLine(what)}`),
    ...(login === undefined ? [] : [`  what starts the hub at login: ${toLine(login)}`]),
    ...hooks.map(
      ({ channel, target }) => `  the webhook of ${toLine(channel)} in ${toLine(target)}`,
    ),
    ...(home === undefined ? [] : [`  ${toLine(home)}, ${toSize(bytes)}:`]),
    ...parts.map((part) => `    ${toSize(part.bytes).padStart(9)}  ${part.what}`),
  ];
  return lines.length === 0
    ? ["Nothing of Sluice is here but a hub, if one runs: that is stopped."]
    : ["This goes:", ...lines];
}
