/**
 * `sluice dev`: runs a channel server below a reference session and shows what would reach a model, and what would not.
 *
 * Owns: reading the arguments, and the end of the process. Never: what is inspected (src/inspect).
 */
import { constants } from "node:os";
import { basename, resolve } from "node:path";
import { defineCommand, flag, JSON_ARG, option } from "../../command.ts";
import { toUsageFault } from "../../exit.ts";
import { paint, printError, printJson, printLine } from "../../output/print.ts";

export const dev = defineCommand({
  description:
    "Runs a channel server (any program that speaks MCP over stdio) below a session like Claude Code's, and shows each event as the model would read it, or why it would not. No model, no account. Flags of sluice stand before --, the server's command behind it.",
  args: {
    watch: option(
      "path",
      "Start the server anew when this file or folder changes, or when it ends",
    ),
    name: option("name", "The server's configured name (default: its file's name)"),
    port: option("n", "Port of the page (default: a free one)"),
    "no-page": flag("Open no page"),
    json: JSON_ARG,
    raw: flag("Show every JSON-RPC message"),
    record: option("file", "Write everything that happens to this file, as lines of JSON"),
    fixtures: option("folder", "Where save writes (default: fixtures)"),
    flags: option(
      "flags",
      "Channel flags that Claude Code would be started with (default: the development flag for this server)",
    ),
    "client-version": option("version", "Gates of this version of Claude Code"),
    provider: option("name", "Who serves the model: anthropic, bedrock, vertex, foundry"),
    account: option("kind", "How one is signed in: personal, team, enterprise, console, none"),
    policy: option("on|off", "channelsEnabled of managed settings"),
    allowed: option(
      "plugins",
      "allowedChannelPlugins of managed settings: name@marketplace, with commas",
    ),
    marketplace: option("name", "Marketplace that the server's plugin came from"),
    "not-offered": flag("The client is not offered channels"),
  },
  rest: "-- <command>",
  repeatable: ["watch"],
  examples: ["sluice dev -- bun ./webhook.ts", "sluice dev --watch ./src -- node ./src/server.js"],
  async run({ args, positionals, repeated }) {
    const [command, ...rest] = positionals;
    if (command === undefined)
      throw toUsageFault("the server's command is missing: sluice dev -- bun ./webhook.ts");
    const { runDev, readClientFacts, toServerName } = await import("../../../inspect/run.ts");
    const name = args.name ?? toServerName([command, ...rest].map((word) => basename(word)));
    const isTerminal =
      process.stdin.isTTY === true && process.stdout.isTTY === true && args.json !== true;
    const ended = await runDev({
      command,
      args: rest,
      name,
      ...(args.marketplace === undefined ? {} : { marketplace: args.marketplace }),
      client: readClientFacts(name, {
        flags: args.flags,
        version: args["client-version"],
        provider: args.provider,
        account: args.account,
        policy: args.policy,
        allowed: args.allowed,
        isOffered: args["not-offered"] !== true,
      }),
      cwd: process.cwd(),
      watch: repeated("watch").map((path) => resolve(path)),
      page: args["no-page"] === true ? undefined : { port: readPort(args.port) },
      record: args.record,
      fixtures: args.fixtures ?? "fixtures",
      showRaw: args.raw === true,
      isJson: args.json === true,
      isTerminal,
      printLine,
      printJson,
      printNote: printError,
      paint: (tone, text) => (tone === "plain" ? text : paint(COLOURS[tone], text)),
    });
    process.exitCode =
      ended.signal === undefined ? ended.code : 128 + constants.signals[ended.signal];
  },
});

const COLOURS = {
  good: "green",
  bad: "red",
  warn: "yellow",
  soft: "dim",
  stderr: "magenta",
} as const;

function readPort(text: string | undefined): number {
  if (text === undefined) return 0;
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535)
    throw toUsageFault(`--port ${text} is no port from 0 to 65535`);
  return port;
}
