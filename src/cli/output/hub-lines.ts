/**
 * The hub, its channels and its sessions as people read them.
 *
 * Owns: the wording of their states. Never: asks the hub.
 */
import type {
  ChannelView,
  HubView,
  ListenerView,
  QuietView,
  StatusView,
  SessionView,
  ZoneView,
} from "../../api/wire/wire.ts";
import { toChannelState } from "../../sdk/show/channel-state.ts";
import { toRefusedParts } from "./refused-words.ts";
import { paint, renderTable, toAgo, toDuration, toLine } from "./print.ts";

export function renderHub(hub: HubView): string[] {
  return [
    `${paint("bold", "hub")}      pid ${hub.pid}, version ${toLine(hub.version)}, up ${toDuration(hub.uptimeMs)}`,
    `home     ${toLine(hub.home)}`,
    `ingress  ${renderListener(hub.ingress)}`,
    ...(hub.tunnel === undefined ? [] : [`tunnel   ${renderTunnelState(hub.tunnel)}`]),
    `page     ${renderPage(hub.web)}${hub.web.remote === undefined ? "" : `, and with the passphrase at ${hub.web.remote}`}`,
  ];
}

/** The zone in which quiet hours count; undefined where the hub knows of none. */
export function toQuietZoneText(
  { zone }: QuietView,
  clock: StatusView["clock"],
): string | undefined {
  if (zone !== undefined) return `${toLine(zone)} (set)`;
  return clock && toZoneText(clock.zone);
}

/** The machine's time zone, and where it comes from. */
export function toZoneText({ name, from, problem }: ZoneView): string {
  const origin = { TZ: "TZ of the program that started the hub", system: "this machine's" }[from];
  const why = problem === undefined ? origin : `${toLine(problem)}; set one with --zone`;
  return `${toLine(name)} (${why})`;
}

export function renderPage(page: HubView["web"]): string {
  return page.state === "off" ? 'off; "sluice open" opens it' : renderListener(page);
}

export function renderChannels(channels: readonly ChannelView[], now: number): string[] {
  const rows = channels.map((channel) => [
    toLine(channel.name),
    toLine(channel.kind),
    paintState(toChannelState(channel)),
    channel.lastEventAt === undefined ? "-" : toAgo(channel.lastEventAt, now),
    toLine(channel.reason ?? channel.publicUrl ?? channel.url ?? ""),
  ]);
  return renderTable(["CHANNEL", "KIND", "STATE", "LAST EVENT", "URL OR REASON"], rows);
}

/** Below the table: what channels did not take, with the whole of what is to be done, which the table may have cut. */
export function renderRefused(channels: readonly ChannelView[], now: number): string[] {
  const notes = channels.flatMap(({ name, code, notes: own = [] }) =>
    [...(code?.notes ?? []), ...own].map(
      (note) => `${paint("bold", toLine(name))}: ${toLine(note)}`,
    ),
  );
  const tokens = channels.flatMap(({ name, platformToken: token }) =>
    token === undefined
      ? []
      : [
          `${paint("bold", toLine(name))}: type this ${toLine(token.what)} into its platform's settings: ${toLine(token.text)} (${toAgo(token.at, now)})`,
        ],
  );
  const blocks = channels.flatMap((channel) => {
    const parts = toRefusedParts(channel, now);
    if (parts.length === 0) return [];
    const { state, reason = "" } = channel;
    const [what, fix] = splitReason(reason);
    return [
      `${paint("bold", toLine(channel.name))} refused ${parts.join(", ")}`,
      ...(state === "refusing" ? [`  ${toLine(what)}`, `  fix: ${toLine(fix ?? "")}`] : []),
    ];
  });
  const all = [...tokens, ...blocks, ...notes];
  return all.length === 0 ? [] : ["", ...all];
}

/** A reason says behind its last semicolon what to do. */
export function splitReason(reason: string): [what: string, fix: string | undefined] {
  const [what = reason, fix] = reason.split(/; (?=[^;]*$)/);
  return [what, fix];
}

export function renderSessions(sessions: readonly SessionView[]): string[] {
  const rows = sessions.map((session) => [
    toLine(session.label),
    toLine(session.lane),
    paintDelivery(session.state),
    session.busy ? "busy" : "idle",
    String(session.waiting),
    String(session.wakesToday),
    String(session.charsToday),
    toLine(session.reason ?? session.silence ?? session.cwd),
  ]);
  const head = [
    "SESSION",
    "LANE",
    "DELIVERY",
    "TURN",
    "WAITING",
    "WAKES TODAY",
    "CHARS TODAY",
    "FOLDER OR REASON",
  ];
  const isUntested = sessions.some(({ state, target }) => state === "none" && target);
  return [
    ...renderTable(head, rows),
    ...(isUntested ? ['"sluice doctor --probe" tests delivery with an event of its own'] : []),
  ];
}

function paintDelivery(state: SessionView["state"]): string {
  return state === "none" ? "not tested yet" : paintState(state);
}

export function paintState(state: string): string {
  const text = toLine(state);
  switch (text) {
    case "ok":
    case "connected":
    case "up":
    case "proven":
    case "done":
    case "sent":
      return paint("green", text);
    case "paused":
    case "refusing":
    case "retrying":
    case "maybe":
    case "unproven":
    case "offered":
      return paint("yellow", text);
    case "down":
    case "dead":
    case "failed":
    case "expired":
      return paint("red", text);
    default:
      return text;
  }
}

function renderListener({ state, host, port, reason }: ListenerView): string {
  const why = reason === undefined ? "" : `: ${toLine(reason)}`;
  const reach = state === "up" ? toReach(host) : "";
  return `${paintState(state)}, ${toAddress(host, port)}${reach}${why}`;
}

/** The public address, and whether a request from outside came back. */
function renderTunnelState({ by, state, url, reason }: NonNullable<HubView["tunnel"]>): string {
  const why = reason === undefined ? "" : `: ${toLine(reason)}`;
  return `${paintState(state)}, ${url === undefined ? "no address" : toLine(url)} (${by})${why}`;
}

/** As it stands in a URL: an IPv6 address in brackets. */
export function toAddress(host: string, port: number): string {
  return host.includes(":") ? `[${toLine(host)}]:${port}` : `${toLine(host)}:${port}`;
}

/** An address that others can reach is said wherever it is shown: it was kept when it was first given, perhaps long ago. */
export function toReach(host: string): string {
  const isLoopback = host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
  return isLoopback
    ? ""
    : ' (other machines reach it; "sluice up --host 127.0.0.1" takes that back)';
}
