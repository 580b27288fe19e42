/**
 * `sluice reload`: takes the code of a channel as it is now.
 *
 * Owns: showing what it is now, and asking. Never: decides who may (the hub does).
 */
import type { ChannelView, ReloadView } from "../../api/wire/wire.ts";
import { locateHome } from "../../local/home.ts";
import { SluiceError } from "../../sdk/errors.ts";
import { askYes, readCallerFacts } from "../access-terminal.ts";
import { prepareCode, readSecrets, requireTerminal } from "./add-code.ts";
import { readKeptPackages, renderNewCode } from "./show.ts";
import { defineCommand, JSON_ARG, optionalPositional, positional } from "../command.ts";
import { ask } from "../hub.ts";
import { printJson, printLine, printNote, toLine } from "../output/print.ts";

export const reload = defineCommand({
  description:
    "Takes the code of a channel of your own as it is on disk now, or another version of its package: shows what it will be able to do, asks, and runs it in place of the old. Until then, and over restarts, the code runs as it was added. In a terminal only.",
  args: {
    name: positional("The channel's name"),
    from: optionalPositional(
      "Where the code is now (default: where it came from), such as npm:name@2",
    ),
    json: JSON_ARG,
  },
  examples: ["sluice reload sentry-alerts", "sluice reload sentry-alerts npm:sentry-channel@2.0.0"],
  async run({ args }) {
    requireTerminal("code of a channel is changed");
    const { name } = args;
    const known = requireCode(await ask((api) => api.channels.$get()), name);
    const kept = await readKeptPackages(locateHome(process.env), name, known.digest);
    const code = await prepareCode(args.from ?? known.from, kept);
    try {
      const { folder, digest, manifest } = code;
      if (digest === known.digest) {
        if (args.json === true) printJson({ name, digest, changed: false });
        else printLine(`${toLine(name)} is as it was; nothing to reload`);
        return;
      }
      for (const line of renderNewCode(code, name)) printNote(line);
      for (const file of known.changed ?? []) printNote(`  changed       ${toLine(file)}`);
      await askYes(`Runs this code as channel ${name}, in place of what runs now.`);
      const fresh = manifest.outline.secrets.filter((one) => !known.secrets.includes(one));
      const secrets = await readSecrets(fresh);
      const json = { caller: readCallerFacts(), folder, digest, secrets };
      const done = await ask((api) => api.channels[":name"].code.$post({ param: { name }, json }));
      if (args.json === true) printJson({ ...done, changed: true });
      else for (const line of renderReloaded(done)) printLine(line);
    } finally {
      // Where the hub has taken it, it is not there any more.
      code.discard();
    }
  },
});

function renderReloaded({ name, url, token, listenToken }: ReloadView): string[] {
  const once = "(shown only now)";
  return [
    `reloaded ${toLine(name)}`,
    ...(url === undefined ? [] : [`  url           ${toLine(url)}`]),
    ...(token === undefined ? [] : [`  token         ${toLine(token)}  ${once}`]),
    ...(listenToken === undefined ? [] : [`  listen token  ${toLine(listenToken)}  ${once}`]),
  ];
}

function requireCode(
  channels: readonly ChannelView[],
  name: string,
): NonNullable<ChannelView["code"]> {
  const found = channels.find((one) => one.name === name);
  if (found?.code !== undefined) return found.code;
  const own = channels.flatMap((one) => (one.code === undefined ? [] : [one.name]));
  throw new SluiceError(
    "not_found",
    found === undefined
      ? `no channel "${name}"; with code of their own there are: ${own.join(", ") || "none"}`
      : `channel "${name}" is built in: it has no code to reload`,
  );
}
