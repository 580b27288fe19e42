/**
 * `sluice serve <file>`: a channel of your own as one MCP server, without a hub.
 */
import { defineCommand, option, positional } from "../command.ts";
import { toUsageFault } from "../exit.ts";
import { printNote } from "../output/print.ts";
import { resolve } from "node:path";
import { toShellWord } from "../../sdk/shell-word.ts";

export const serve = defineCommand({
  description:
    "Runs a channel's file as one stdio MCP server, without a hub. It has an inbox of its own; your client spawns it.",
  args: {
    file: positional("The file, or a folder with a channel.ts"),
    name: option("name", "What the channel is called (default: its kind)"),
    port: option(
      "port",
      "Port of its webhooks on this machine (default: SLUICE_PORT, the file's, 8788)",
    ),
  },
  examples: ["sluice serve ./sentry.ts"],
  async run({ args: { file, name, port } }) {
    if (name !== undefined && !/^[a-z][a-z0-9-]{0,31}$/.test(name))
      throw toUsageFault(
        `--name ${JSON.stringify(name)}: use a-z, 0-9 and -, at most 32 characters`,
      );
    if (port !== undefined && !/^\d{1,5}$/.test(port))
      throw toUsageFault(`--port ${JSON.stringify(port)}: give a number from 0 to 65535`);
    const [{ claimOutput }, { loadChannel }, { runServer }] = await Promise.all([
      import("../../author/alone/output.ts"),
      import("../../author/load.ts"),
      import("../../author/serve.ts"),
    ]);
    // What the file prints while it is loaded is no message to the client either.
    claimOutput();
    const channel = await loadChannel(file);
    if (process.stdin.isTTY)
      printNote(
        `this is an MCP server, which a client spawns: claude mcp add ${name ?? channel.kind} -- sluice serve ${toShellWord(resolve(file))}`,
      );
    await runServer(channel, {
      ...(name === undefined ? {} : { name }),
      ...(port === undefined ? {} : { port: Number(port) }),
    });
  },
});
