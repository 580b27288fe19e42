/**
 * `sluice up`.
 *
 * Owns: starting a hub, here or detached, and replacing an older one. Never: what a hub does.
 */
import { resolve } from "node:path";
import { readBuild } from "../../local/build.ts";
import { VERSION } from "../../local/version.ts";
import type { IngressChange } from "../../api/wire/wire.ts";
import { isSluiceError } from "../../sdk/errors.ts";
import { readCallerFacts } from "../access-terminal.ts";
import { defineCommand, flag, JSON_ARG, option } from "../command.ts";
import { EXIT_FAILED, toUsageFault } from "../exit.ts";
import { askRunning, START_TIMEOUT_MS, startHub, toHubEntry } from "../hub.ts";
import { renderHub } from "../output/hub-lines.ts";
import { printJson, printLines, printNote, toLine } from "../output/print.ts";
import { openTunnel, readTunnel, renderTunnel, TUNNEL_ARGS } from "../reach/tunnel-flags.ts";

export const up = defineCommand({
  description:
    "Starts the hub, the one local process that receives events and keeps them. Clients start it when they need it; use this to have it running earlier. Does nothing if it already runs; one of an older version, or of another build, is replaced by this one.",
  args: {
    foreground: flag("Stay in this terminal and log here"),
    host: {
      type: "string",
      description:
        "Address that ingress listens on, remembered for later starts (default: 127.0.0.1, this machine only)",
    },
    port: option(
      "n",
      "Port of ingress, remembered for later starts; senders then need the new URL",
    ),
    "tls-cert": { type: "string", description: "Certificate (PEM) for ingress; with --tls-key" },
    "tls-key": { type: "string", description: "Its key (PEM)" },
    "client-ca": {
      type: "string",
      description: "Only clients with a certificate signed by this authority (PEM) may connect",
    },
    ...TUNNEL_ARGS,
    "at-login": flag(
      "Also start it at each login from now on (systemd, launchd), so that it is there after a reboot",
    ),
    print: flag("With --at-login: print what would be written and run, and do nothing"),
    // Not for people: how a detached hub is started.
    detached: { type: "boolean" },
    json: JSON_ARG,
  },
  examples: ["sluice up", "sluice up --tunnel", "sluice up --at-login"],
  async run({ args }) {
    const change = toIngressChange(args);
    const isMore =
      args.tunnel !== undefined || args["tunnel-url"] !== undefined || args["at-login"] === true;
    if (args.print === true) return printAtLogin(args["at-login"] === true, args.json === true);
    if (args.foreground === true && isMore)
      throw toUsageFault("--tunnel and --at-login cannot be given with --foreground; leave it out");
    if (args.foreground === true && change !== undefined)
      throw toUsageFault("ingress settings cannot be given with --foreground; leave it out");
    if (args.foreground === true) return runHere(args.detached === true, args.json === true);
    if (args.detached === true) throw toUsageFault("--detached needs --foreground");
    // Drags in what only this command needs.
    const { replaceOlderHub } = await import("../replace-hub.ts");
    const outcome = await replaceOlderHub({
      env: process.env,
      entry: toHubEntry(),
      version: VERSION,
      build: readBuild(),
      timeoutMs: START_TIMEOUT_MS,
    });
    if (outcome.kind === "replaced")
      printNote(
        outcome.before === VERSION
          ? `the hub of another build of ${VERSION} gave way to this one`
          : `the hub of version ${outcome.before} gave way to ${VERSION}`,
      );
    if (outcome.kind === "newer") {
      printNote(
        `the hub that runs is newer (${outcome.running}) than this Sluice (${VERSION}); left alone`,
      );
    }
    await startHub();
    if (change !== undefined)
      await askRunning((api) =>
        api.ingress.$post({ json: { caller: readCallerFacts(), ...change } }),
      );
    const login = args["at-login"] === true ? await registerLogin() : undefined;
    const wanted = await readTunnel(args);
    const opened = wanted === undefined ? undefined : await openTunnel(wanted);
    const hub = await askRunning((api) => api.hub.$get());
    const { pid, socket, ingress, tunnel, web } = hub;
    if (args.json === true)
      printJson({
        pid,
        socket,
        ingress,
        web,
        ...(tunnel === undefined ? {} : { tunnel }),
        ...(login === undefined ? {} : { atLogin: login }),
      });
    else {
      printLines(renderHub(hub));
      if (opened?.isLasting === false) printLines(renderTunnel(opened).slice(1));
      if (login !== undefined) printLines(renderLogin(login));
    }
    // It runs, and nothing from outside gets in.
    if (ingress.state === "down") process.exitCode = EXIT_FAILED;
  },
});

/** Loaded where it is asked for. */
async function registerLogin() {
  const { startAtLogin } = await import("../at-login/at-login.ts");
  return startAtLogin(process.env);
}

function renderLogin({ by, path, notes }: Awaited<ReturnType<typeof registerLogin>>): string[] {
  return [`login    ${by} starts it from now on (${toLine(path ?? "")})`, ...notes.map(toLine)];
}

async function printAtLogin(isLogin: boolean, json: boolean): Promise<void> {
  if (!isLogin) throw toUsageFault("--print goes with --at-login");
  const { describeAtLogin } = await import("../at-login/at-login.ts");
  const { path, text, commands } = describeAtLogin(process.env);
  if (json) return printJson({ path, text, commands });
  printLines([`# ${path}`, text.trimEnd(), "", "# then", ...commands]);
}

/** What is kept in the configuration: the next hub starts with it. */
function toIngressChange(args: {
  host: string | undefined;
  port: string | undefined;
  "tls-cert": string | undefined;
  "tls-key": string | undefined;
  "client-ca": string | undefined;
}): IngressChange | undefined {
  const { host, port, "tls-cert": cert, "tls-key": key, "client-ca": clientCa } = args;
  if ((cert === undefined) !== (key === undefined))
    throw toUsageFault("--tls-cert and --tls-key belong together");
  if (port !== undefined && (!/^[1-9]\d{0,4}$/.test(port) || Number(port) > 65_535))
    throw toUsageFault(`--port ${port} is not a number from 1 to 65535`);
  const change: IngressChange = {
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(cert === undefined || key === undefined
      ? {}
      : { tls: { cert: resolve(cert), key: resolve(key) } }),
    ...(clientCa === undefined ? {} : { clientCa: resolve(clientCa) }),
  };
  return Object.keys(change).length === 0 ? undefined : change;
}

async function runHere(detached: boolean, json: boolean): Promise<void> {
  if (json) throw toUsageFault("--foreground logs here and takes no --json");
  // The hub is most of Sluice: loaded by the one command that runs it.
  const { runHub } = await import("../../hub/run.ts");
  try {
    await runHub({ env: process.env, detached });
  } catch (thrown) {
    // Up is idempotent: somebody else's hub is as good.
    if (!isSluiceError(thrown, "hub_running")) throw thrown;
    printNote(thrown.message);
  }
}
