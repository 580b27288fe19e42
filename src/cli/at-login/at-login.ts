/**
 * Starting the hub at login: switched on, switched off, and looked at.
 *
 * Owns: the file of the system's own service manager, and the calls of it. Never: starts a hub by another way.
 *
 * LOGIN-1 Nothing is written where the service manager does not answer: a file that nobody reads would promise a start that never comes.
 * LOGIN-2 The file is a new one that this user alone reads: none that was there gives it its mode, or its place by a link.
 * LOGIN-3 A line break in what stands in it would be a line of its own there: then nothing is written.
 */
import { execFile } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { HUB_ARGS, HUB_NODE_ARGS } from "../../api/client/start-hub.ts";
import { writePrivateFile } from "../../hub/settings/private-file.ts";
import { toHubEnvironment } from "../../local/environment.ts";
import { findProgram } from "../../local/find-program.ts";
import { readUserName } from "../../local/user-name.ts";
import { type Env, locateHome, requireUserFolder } from "../../local/home.ts";
import { SluiceError } from "../../sdk/errors.ts";
import { toShellCommand } from "../../sdk/shell-word.ts";
import { isInNpxCache, isPlugin, locateInstallation } from "../claude/installation.ts";
import {
  type LoginStart,
  toLaunchAgent,
  toSystemdUnit,
  toUnitName,
  toWindowsLine,
} from "./unit.ts";

/** `stale`: what it would start is gone. `off` with a path: its file is there, and switched off. `unsupported`: nothing here starts programs at login that Sluice knows of. */
export type LoginState = {
  state: "on" | "off" | "stale" | "unsupported";
  by?: "systemd" | "launchd";
  path?: string;
  reason?: string;
};

/** What the service manager is asked, and where its file lies. */
type Manager = {
  by: "systemd" | "launchd";
  path: string;
  text: string;
  /** Fails where nobody answers. */
  probe: readonly string[];
  on: readonly (readonly string[])[];
  off: readonly (readonly string[])[];
  isEnabled(): boolean;
  /** What its own call says for sure, beside its file. */
  note?: string;
};

const CALL_MS = 20_000;
/** Of this user, whatever the terminal has: proxies, certificates, and where programs are. */
const NOT_KEPT =
  /^(?:NO_COLOR|TMPDIR|LC_.*|XDG_(?!CONFIG_HOME|DATA_HOME|STATE_HOME|CACHE_HOME).*)$/;

/** @throws SluiceError `unsupported` where no service manager answers (LOGIN-1), with another way. */
export async function startAtLogin(env: Env): Promise<LoginState & { notes: string[] }> {
  const start = toLoginStart(env);
  const manager = requireManager(env, start);
  await probe(manager, start);
  mkdirSync(dirname(manager.path), { recursive: true });
  // LOGIN-2: it may name a proxy with its password.
  writePrivateFile(manager.path, manager.text);
  for (const call of manager.on) await run(call);
  return { ...readAtLogin(env), notes: toNotes(manager, start) };
}

/** False where there was nothing to switch off. */
export async function stopAtLogin(env: Env): Promise<boolean> {
  const manager = findManager(env, toLoginStart(env));
  if (manager === undefined || !isThere(manager.path)) return false;
  // Where nobody answers any more the file alone is what would start it.
  const isAnswering = await run(manager.probe).then(
    () => true,
    () => false,
  );
  if (isAnswering) await run(manager.off[0] ?? []).catch(() => undefined);
  rmSync(manager.path, { force: true });
  if (isAnswering) for (const call of manager.off.slice(1)) await run(call);
  return true;
}

/** By its files alone: asks nobody, and starts nothing. */
export function readAtLogin(env: Env): LoginState {
  // Without a folder of the user's own there is no place for its file either.
  if (env["HOME"] === undefined) return { state: "unsupported" };
  const manager = findManager(env, toLoginStart(env));
  if (manager === undefined) return { state: "unsupported" };
  const { by, path } = manager;
  if (!isThere(path)) return { state: "off", by };
  if (!existsSync(path) || !manager.isEnabled()) return { state: "off", by, path };
  const gone = listPaths(readFileSync(path, "utf8")).find((one) => !existsSync(one));
  return gone === undefined
    ? { state: "on", by, path }
    : {
        state: "stale",
        by,
        path,
        reason: `it would start ${gone}, which is gone; "sluice up --at-login" writes it anew`,
      };
}

/** Also a link that leads nowhere. */
function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** For `--print`. */
export function describeAtLogin(env: Env): { path: string; text: string; commands: string[] } {
  const manager = requireManager(env, toLoginStart(env));
  const commands = manager.on.map((call) => toShellCommand([...call]));
  return { path: manager.path, text: manager.text, commands };
}

/** @throws SluiceError `bad_config` for an installation that will not stay where it is. */
function toLoginStart(env: Env): LoginStart {
  const { node, cli } = locateInstallation();
  const home = locateHome(env).path;
  const kept = Object.entries(toHubEnvironment(env)).filter(([name]) => !NOT_KEPT.test(name));
  return {
    command: [node, ...HUB_NODE_ARGS, cli, ...HUB_ARGS],
    env: { ...Object.fromEntries(kept), SLUICE_HOME: home },
    home,
  };
}

function requireManager(env: Env, start: LoginStart): Manager {
  const installation = locateInstallation();
  if (isInNpxCache(installation) || isPlugin(installation))
    throw new SluiceError(
      "bad_config",
      `this Sluice lies where another program replaces it (${installation.root}), so nothing may start it from there; install it with "npm install --global sluice", and use that one`,
    );
  requirePlain(start);
  const manager = findManager(env, start);
  if (manager !== undefined) return manager;
  throw toUnsupported("this system has neither systemd nor launchd", start);
}

/** LOGIN-3. @throws SluiceError `bad_config`. */
function requirePlain({ command, env }: LoginStart): void {
  const isPlain = (text: string): boolean => !/[\p{Cc}\u2028\u2029]/u.test(text);
  const name = Object.keys(env).find((one) => !isPlain(`${one}=${env[one]}`));
  const what =
    name !== undefined
      ? `the variable ${JSON.stringify(name)}`
      : command.every(isPlain)
        ? undefined
        : "the path of this installation";
  if (what === undefined) return;
  throw new SluiceError(
    "bad_config",
    `${what} holds a line break or another control character, which cannot stand in a file of the service manager, so nothing was written; change it, then try again`,
  );
}

function findManager(env: Env, start: LoginStart): Manager | undefined {
  const isDefault = start.home === join(env["HOME"] ?? homedir(), ".sluice");
  const name = toUnitName(start.home, isDefault);
  if (process.platform === "darwin") return toLaunchd(env, name, start);
  const user = readUserName();
  // Nobody without an entry logs in.
  if (
    process.platform === "linux" &&
    user !== undefined &&
    findProgram("systemctl", env) !== undefined
  )
    return toSystemd(env, name, start, user);
  return undefined;
}

function toSystemd(env: Env, name: string, start: LoginStart, user: string): Manager {
  const config = env["XDG_CONFIG_HOME"] ?? join(requireUserFolder(env), ".config");
  const folder = join(config, "systemd", "user");
  const unit = `${name}.service`;
  const call = (...args: string[]): string[] => ["systemctl", "--user", ...args];
  return {
    by: "systemd",
    path: join(folder, unit),
    text: toSystemdUnit(start),
    probe: call("show-environment"),
    on: [call("daemon-reload"), call("enable", unit)],
    // It is not stopped with it: "down" asks the hub itself.
    off: [call("disable", unit), call("daemon-reload")],
    isEnabled: () => existsSync(join(folder, "default.target.wants", unit)),
    ...(existsSync(`/var/lib/systemd/linger/${user}`)
      ? {}
      : {
          note: `it starts when you log in; to start it with the machine, without a login: loginctl enable-linger ${user}`,
        }),
  };
}

function toLaunchd(env: Env, name: string, start: LoginStart): Manager {
  const label = `dev.sluice.${name === "sluice" ? "hub" : name}`;
  const path = join(requireUserFolder(env), "Library", "LaunchAgents", `${label}.plist`);
  const domain = `gui/${process.getuid?.() ?? ""}`;
  return {
    by: "launchd",
    path,
    text: toLaunchAgent(label, start),
    probe: ["launchctl", "print", domain],
    // One that is loaded is not loaded again; a hub that runs makes the new one end at once, and well.
    on: [
      ["launchctl", "enable", `${domain}/${label}`],
      ["launchctl", "bootstrap", domain, path],
    ],
    off: [["launchctl", "bootout", `${domain}/${label}`]],
    isEnabled: () => true,
  };
}

/** LOGIN-1. */
async function probe(manager: Manager, start: LoginStart): Promise<void> {
  try {
    await run(manager.probe);
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw toUnsupported(`${manager.by} does not answer for this user (${why})`, start);
  }
}

function toUnsupported(why: string, start: LoginStart): SluiceError {
  const { WSL_DISTRO_NAME: distribution } = process.env;
  const command = toShellCommand([...start.command]);
  const other =
    distribution === undefined
      ? `have your own way of starting programs run this: ${toShellCommand([`SLUICE_HOME=${start.home}`])} ${command} (with cron: @reboot in "crontab -e")`
      : `type this in Windows: ${toWindowsLine(distribution, start)}`;
  return new SluiceError("unsupported", `${why}, so nothing was written; ${other}`);
}

function toNotes({ note }: Manager, start: LoginStart): string[] {
  const { WSL_DISTRO_NAME: distribution } = process.env;
  return [
    ...(note === undefined ? [] : [note]),
    ...(distribution === undefined
      ? []
      : [
          `Windows starts this distribution only when somebody uses it; to have it started at login, type there: ${toWindowsLine(distribution, start)}`,
        ]),
  ];
}

/** The absolute paths of the command line: of the unit, or of the agent. */
function listPaths(text: string): string[] {
  const command =
    /^ExecStart=(.*)$/m.exec(text)?.[1] ?? /<array>([\s\S]*?)<\/array>/.exec(text)?.[1] ?? "";
  return [...command.matchAll(/"((?:[^"\\]|\\.)*)"|<string>([^<]*)<\/string>/g)]
    .map(([, quoted, xml = ""]) =>
      quoted === undefined
        ? xml.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&")
        : quoted.replace(/\\(.)/g, "$1").replaceAll("%%", "%").replaceAll("$$", "$"),
    )
    .filter((word) => word.startsWith("/"));
}

/** Rejects with what the program said. */
function run([program = "", ...args]: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { timeout: CALL_MS, windowsHide: true }, (fault, stdout, stderr) => {
      if (fault === null) return resolve(stdout);
      const said = stderr.trim().split("\n").at(-1) ?? "";
      reject(
        new SluiceError(
          "unsupported",
          `${toShellCommand([program, ...args])} failed${said === "" ? "" : `: ${said}`}`,
          { cause: fault },
        ),
      );
    });
  });
}
