/**
 * Doctor's checks of our own side: Node, the home, the hub, its ingress, channels and sessions.
 *
 * Owns: what counts as in order there. Never: starts or changes anything.
 */
import { existsSync } from "node:fs";
import { type Env, type Home, locateHome, locateSocket } from "../../local/home.ts";
import { checkSafeFolder } from "../../local/safe-folder.ts";
import { isHubUp } from "../../api/client/start-hub.ts";
import type { HubView, SessionView, StatusView } from "../../api/wire/wire.ts";
import { toChannelState } from "../../sdk/show/channel-state.ts";
import { ENOUGH_FILES } from "../../local/file-limit.ts";
import { readBuild } from "../../local/build.ts";
import { VERSION } from "../../local/version.ts";
import { attempt, type Check, fail, pass, warn } from "./check.ts";
import { readAccessChecks, readRuleChecks } from "./check-access.ts";
import { checkTunnel } from "./check-tunnel.ts";
import { compareVersions } from "../../local/compare-versions.ts";
import { askRunning, findSilentHub } from "../hub.ts";
import {
  splitReason,
  toAddress,
  toQuietZoneText,
  toReach,
  toZoneText,
} from "../output/hub-lines.ts";
import { toRefusedParts } from "../output/refused-words.ts";
import { toAgo, toCount } from "../output/print.ts";
import { findOfficialPoller, locateOfficialFolder } from "../claude/official-folder.ts";

const MIN_NODE = "22.13.0";

/** What the hub says of itself; undefined where none answers. */
export async function readStatus(env: Env): Promise<StatusView | undefined> {
  if (!(await isHubUp(env))) return undefined;
  return askRunning((api) => api.status.$get());
}

export async function checkHubSide(env: Env, status: StatusView | undefined): Promise<Check[]> {
  const home = locateHome(env);
  const before = [checkNode(), ...(await attempt("home", async () => [await checkHome(home)]))];
  if (status === undefined) {
    return [
      ...before,
      ...(await attempt("hub", async () => [await checkAbsentHub(home)])),
      checkAbsentSocket(locateSocket(env)),
      ...(await checkFreePort(home, env)),
    ];
  }
  return [
    ...before,
    checkHubVersion(status.hub),
    pass("socket", status.hub.socket),
    checkIngress(status.hub),
    ...checkTunnel(status.hub.tunnel),
    ...checkChannels(status),
    ...checkUnknownChannels(status),
    ...checkSecondPoller(env, status),
    checkQuiet(status.quiet, status.clock),
    ...checkClock(status.clock),
    ...checkFiles(status.files),
    ...checkSessions(status.sessions, status.events["stored"]),
    ...(await attempt("access", readAccessChecks)),
    ...(await attempt("rules", readRuleChecks)),
  ];
}

export function checkNode(version = process.versions.node, path = process.execPath): Check {
  const detail = `${version} (${path})`;
  return compareVersions(version, MIN_NODE) >= 0
    ? pass("node", detail)
    : fail(
        "node",
        detail,
        `run sluice with Node ${MIN_NODE} or newer, then "sluice connect claude" again`,
      );
}

async function checkHome(home: Home): Promise<Check> {
  const detail = checkSafeFolder(home.path) ? home.path : `${home.path}, not made yet`;
  const { findNetworkDisk, findSyncFolder } = await import("../../hub/process/disk-kind.ts");
  const network = findNetworkDisk(home.path);
  const synced = findSyncFolder(home.path);
  if (network === undefined && synced === undefined) return pass("home", detail);
  const where =
    network === undefined
      ? `lies in ${synced}, whose program copies the inbox while it is written`
      : `lies on ${network}, where a hub does not start`;
  return fail(
    "home",
    `${detail} ${where}`,
    "set SLUICE_HOME to a folder on a disk of this machine",
  );
}

async function checkAbsentHub(home: Home): Promise<Check> {
  const silent = await findSilentHub();
  return silent === undefined
    ? fail("hub", "none runs, so nothing is received", "sluice up")
    : fail(
        "hub",
        `pid ${silent.pid} has the home but does not answer; its log is in ${home.logDir}`,
        "sluice down, then sluice up",
      );
}

function checkAbsentSocket(socket: string): Check {
  return pass(
    "socket",
    existsSync(socket) ? `${socket}, left behind; the next hub clears it` : socket,
  );
}

export function checkHubVersion(
  hub: HubView,
  ours: string = VERSION,
  build: string = readBuild(),
): Check {
  const order = compareVersions(hub.version, ours);
  const detail = `version ${hub.version}, pid ${hub.pid}`;
  if (order < 0) return fail("hub", `${detail}, older than this command (${ours})`, "sluice up");
  if (order > 0) {
    return fail(
      "hub",
      `${detail}, newer than this command (${ours})`,
      "use the sluice that the hub came from, or update this one",
    );
  }
  if (hub.build !== build)
    return fail("hub", `${detail}, of another build than this command`, "sluice up");
  return pass("hub", detail);
}

function checkIngress({ ingress }: HubView): Check {
  const where = toAddress(ingress.host, ingress.port);
  if (ingress.state === "up") return pass("ingress", `listens on ${where}${toReach(ingress.host)}`);
  const reason = ingress.reason === undefined ? "" : `: ${ingress.reason}`;
  // Nobody was given its address yet: it opens with the first channel that needs it.
  if (ingress.state === "off") return pass("ingress", `off${reason}`);
  return fail(
    "ingress",
    `down on ${where}${reason}`,
    "end the program that holds the port, and ingress opens automatically; or sluice up --port <n>",
  );
}

async function checkFreePort(home: Home, env: Env): Promise<Check[]> {
  // Only where no hub can say it: they bring zod along.
  const [{ readConfig }, { readPortHolder }] = await Promise.all([
    import("../../hub/settings/config.ts"),
    import("../../ingress/port-holder.ts"),
  ]);
  let port = 0;
  const unread = await attempt("config", () => {
    const { ingress } = readConfig(home.config);
    // As the hub takes it: a frozen port is known to senders and stays.
    const wanted = env["SLUICE_INGRESS_PORT"] ?? "";
    port = ingress.frozen || wanted === "" ? ingress.port : Number(wanted);
    return [];
  });
  if (unread.length > 0) return unread;
  return attempt("ingress", async () => [await checkPort(port, readPortHolder)]);
}

async function checkPort(
  port: number,
  readPortHolder: (port: number) => Promise<{ command: string; pid: number } | undefined>,
): Promise<Check> {
  if (port === 0) return pass("ingress", "takes any free port");
  const holder = await readPortHolder(port);
  if (holder === undefined) return pass("ingress", `port ${port} is free`);
  if (holder.pid === (await findSilentHub())?.pid)
    return pass("ingress", `port ${port} is held by the hub itself (pid ${holder.pid})`);
  return fail(
    "ingress",
    `port ${port} is held by ${holder.command} (pid ${holder.pid})`,
    "end that program, then sluice up; or sluice up --port <n>",
  );
}

const MORE = "sluice channels tells more";

function checkChannels({ channels }: StatusView): Check[] {
  if (channels.length === 0) return [pass("channels", 'none yet; "sluice add webhook" makes one')];
  return channels.map((channel) => {
    const { name, kind, reason, waitsForIngress } = channel;
    const state = toChannelState(channel);
    const parts = toRefusedParts(channel, Date.now());
    const refused = parts.length === 0 ? "" : `; refused ${parts.join(", ")}`;
    const [note] = channel.code?.notes ?? [];
    const said = note === undefined ? "" : `; ${note}`;
    const detail = `${kind}, ${state}${reason === undefined ? "" : `: ${reason}`}${refused}${said}`;
    // A pause with a reason is not the owner's own: the platform has refused us, or somebody else is in our place.
    if (reason !== undefined && ["paused", "refusing", "retrying"].includes(state)) {
      const [what, fix = MORE] = splitReason(reason);
      return fail(`channel ${name}`, `${kind}, ${state}: ${what}${refused}`, fix);
    }
    if (state !== "down") return pass(`channel ${name}`, detail);
    // Its cause has a check of its own.
    if (waitsForIngress === true) return warn(`channel ${name}`, detail);
    const [what, fix = MORE] = splitReason(reason ?? "");
    return fail(`channel ${name}`, `${kind}, down: ${what}${refused}${said}`, fix);
  });
}

/** Anybody may ask for any name: no failure, but the likely reason where a sender has the URL wrong. */
function checkUnknownChannels({ refused }: Pick<StatusView, "refused">): Check[] {
  const unknown = refused.find(({ channel, reason }) => channel === "-" && reason === "no_channel");
  if (unknown === undefined) return [];
  const last =
    unknown.lastAt === undefined ? "" : `, the last ${toAgo(unknown.lastAt, Date.now())}`;
  return [
    pass(
      "unknown channels",
      `${toCount(unknown.count, "request")} for channels that are not there${last}; compare the sender's URL with sluice channels`,
    ),
  ];
}

/** One bot, one poller: the official plugin's would take the messages away, or we its. */
export function checkSecondPoller(env: Env, { channels }: Pick<StatusView, "channels">): Check[] {
  if (!channels.some(({ kind }) => kind === "telegram")) return [];
  const folder = locateOfficialFolder(env);
  const pid = findOfficialPoller(folder);
  return pid === undefined
    ? []
    : [
        fail(
          "second poller",
          `Claude Code's Telegram plugin polls too (pid ${pid}, ${folder}); with the same bot each takes the other's messages`,
          "give one of them a bot of its own (@BotFather makes it), or switch that plugin off in Claude Code's /plugin",
        ),
      ];
}

/** The owner's own word, so never a failure. */
export function checkQuiet(quiet: StatusView["quiet"], clock?: StatusView["clock"]): Check {
  if (quiet === undefined) return pass("quiet hours", "none");
  const now = quiet.active ? "they hold now: only urgent events wake sessions" : "not now";
  const named = toQuietZoneText(quiet, clock);
  const zone = named === undefined ? "" : ` ${named}`;
  return pass("quiet hours", `from ${quiet.from} to ${quiet.to}${zone}; ${now}`);
}

/** A machine that was off looks the same as a clock that is wrong: its owner knows. */
export function checkClock(clock: StatusView["clock"]): Check[] {
  if (clock === undefined) return [];
  const { now, zone, wentForward } = clock;
  const time = `${toTime(now)}, time zone ${toZoneText(zone)}`;
  if (wentForward === undefined) return [pass("clock", time)];
  const { from, to } = wentForward;
  return [
    pass(
      "clock",
      `${time}; it went from ${toTime(from)} to ${toTime(to)} and nobody saw that time pass: nothing expires or is forgotten because of it; if it is wrong, set it`,
    ),
  ];
}

/** Few connections are soon taken by whoever keeps them open. */
export function checkFiles(files: StatusView["files"]): Check[] {
  if (files === undefined) return [];
  const { limit, connections, isLow } = files;
  const detail = `${limit === undefined ? "no limit" : `${limit} at once`}, ${connections} of them for connections of senders`;
  return [
    isLow
      ? fail(
          "open files",
          detail,
          `sluice down, then sluice up in a shell where "ulimit -n" is ${ENOUGH_FILES} or more`,
        )
      : pass("open files", detail),
  ];
}

function toTime(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, "Z");
}

/** `waiting`: how many events wait for a session. */
export function checkSessions(sessions: readonly SessionView[], waiting = 0): Check[] {
  if (sessions.length === 0 && waiting > 0)
    return [
      warn(
        "sessions",
        `none is open, and ${toCount(waiting, "event")} ${waiting === 1 ? "waits" : "wait"}`,
        "start claude; if it does not appear in sluice sessions, run sluice connect claude",
      ),
    ];
  if (sessions.length === 0) return [pass("sessions", "none is open; what comes will wait")];
  return sessions.map((session) => {
    const check = `session ${session.label}`;
    const { lane, state, reason, target, held, silence, client, laneFacts = [] } = session;
    const protocol = client.protocol === undefined ? "" : ` (MCP ${client.protocol})`;
    const detail = [
      `lane ${lane}, ${state === "none" ? "delivery not tested yet (sluice doctor --probe tests it)" : state}`,
      ...(target ? [] : ["no delivery target until it shows a sign of life"]),
      ...laneFacts,
      ...(client.background === true ? ["in the background"] : []),
      ...(reason === undefined ? [] : [reason]),
      ...(held === undefined || held === reason || !target ? [] : [`now: ${held}`]),
      ...(silence === undefined || silence === held ? [] : [silence]),
      `${client.name} ${client.version}${protocol}, pid ${client.pid}, ${session.cwd}`,
    ].join("; ");
    // Without a target nothing is due: a probe, a headless run, a client that has just started.
    return target && (state === "unproven" || session.isStuck === true)
      ? fail(
          check,
          detail,
          "look at its terminal: a dialog may stand open there; if none does, restart that session",
        )
      : silence === undefined
        ? pass(check, detail)
        : warn(check, detail, "look at its terminal");
  });
}
