/**
 * `sluice status`.
 *
 * Owns: the state of everything on one page. Never: starts a hub: `status` changes nothing, and after `down` it says "down".
 */
import { locateHome } from "../../local/home.ts";
import type { ChannelView, StatusView } from "../../api/wire/wire.ts";
import { DELIVERY_STATES } from "../../sdk/event.ts";
import { SluiceError } from "../../sdk/errors.ts";
import { defineCommand, JSON_ARG } from "../command.ts";
import type { LoginState } from "../at-login/at-login.ts";
import { askIfUp, findSilentHub } from "../hub.ts";
import {
  paintState,
  renderChannels,
  renderHub,
  renderSessions,
  toQuietZoneText,
} from "../output/hub-lines.ts";
import { paint, printJson, printLines, toAgo, toDuration, toLine } from "../output/print.ts";
import { toRefusedText } from "../output/refused-words.ts";

const REFUSED_SHOWN = 5;

type DownStatus = Pick<StatusView, "sessions" | "next"> & {
  hub: null;
  channels: Pick<ChannelView, "name" | "kind" | "state" | "reason">[];
  events: Record<string, never>;
};

export const status = defineCommand({
  description:
    "Shows the hub, its channels, the sessions and whether delivery to them is proven, events by state, and what to do next. Never starts a hub: if none runs, it says so and exits 0, and the JSON has a null hub and no counts.",
  args: { json: JSON_ARG },
  examples: ["sluice status", "sluice status --json"],
  async run({ args }) {
    const view = (await readUpStatus()) ?? (await readDownStatus());
    const login = await readLogin();
    if (args.json === true) printJson({ ...view, atLogin: login });
    else {
      const lines = view.hub === null ? renderDown(view) : renderStatus(view);
      printLines(withLogin(lines, login));
    }
  },
});

async function readUpStatus(): Promise<StatusView | undefined> {
  const view = await askIfUp((api) => api.status.$get());
  const clients = view && (await askIfUp((api) => api.clients.events.$get()));
  if (view === undefined || clients === undefined) return view;
  const { toEventClientSteps } = await import("../doctor/check-event-clients.ts");
  return { ...view, next: [...view.next, ...toEventClientSteps(clients)] };
}

/** Loaded here alone: of the commands that show a hub only this one asks. */
async function readLogin(): Promise<LoginState> {
  const { readAtLogin } = await import("../at-login/at-login.ts");
  return readAtLogin(process.env);
}

/** Whether the hub is there after a reboot: below the lines of the hub itself. */
function withLogin(lines: readonly string[], { state, by, reason }: LoginState): string[] {
  const words = {
    on: `${by ?? ""} starts the hub, also after a reboot`,
    off: 'nothing starts the hub after a reboot but the next session or command; "sluice up --at-login" does',
    stale: paint("yellow", toLine(reason ?? "")),
    unsupported: "nothing starts the hub after a reboot but the next session or command",
  };
  const at = lines.findIndex((line) => !/^\S+ {2,}|^\S*hub\S* /.test(line));
  const place = at === -1 ? lines.length : at;
  return lines.toSpliced(place, 0, `login    ${words[state]}`);
}

/** @throws SluiceError `hub_unreachable` for a hub that has the home but is silent, `bad_config`. */
async function readDownStatus(): Promise<DownStatus> {
  const silent = await findSilentHub();
  if (silent !== undefined) {
    throw new SluiceError(
      "hub_unreachable",
      `the hub (pid ${silent.pid}) does not answer; "sluice down" ends it, the log in ${locateHome(process.env).logDir} may say why`,
      { retryable: true },
    );
  }
  // Brings zod along: only here, where no hub reads the file for us.
  const { readConfig } = await import("../../hub/settings/config.ts");
  const { channels } = readConfig(locateHome(process.env).config);
  return {
    hub: null,
    channels: channels.map(({ name, kind }) => ({
      name,
      kind,
      state: "down",
      reason: "no hub runs",
    })),
    sessions: [],
    events: {},
    next: [
      'no hub runs; it starts by itself when a client or a command needs it, or now with "sluice up"',
    ],
  };
}

function renderDown({ channels, next }: DownStatus): string[] {
  const names = channels.map(({ name }) => toLine(name)).join(", ");
  return [
    `${paint("bold", "hub")}      ${paintState("down")}`,
    ...(names === "" ? [] : [`channels ${names}: nothing is received while no hub runs`]),
    ...renderNext(next),
  ];
}

function renderStatus(view: StatusView): string[] {
  const { hub, channels, sessions, events, policy, next } = view;
  const counts = DELIVERY_STATES.map((state) => `${events[state] ?? 0} ${state}`).join(", ");
  return [
    ...renderHub(hub),
    `events   ${counts}`,
    ...renderOutboxCounts(view.outbox ?? {}),
    ...renderOldest(view.oldestUnseen),
    ...renderRefused(view.refused),
    ...(policy.state === "open" ? [] : [`policy   ${policy.state}: ${toLine(policy.detail)}`]),
    ...renderQuiet(view),
    ...renderAway(view.away),
    "",
    ...(channels.length === 0 ? ["no channels"] : renderChannels(channels, Date.now())),
    "",
    ...(sessions.length === 0 ? ["no sessions"] : renderSessions(sessions)),
    ...renderNext(next),
  ];
}

function renderQuiet({ quiet, clock }: Pick<StatusView, "quiet" | "clock">): string[] {
  if (quiet === undefined) return [];
  const now = quiet.active ? "; they hold now, only urgent events wake sessions" : "";
  const named = toQuietZoneText(quiet, clock);
  const zone = named === undefined ? "" : ` ${named}`;
  return [`quiet    from ${toLine(quiet.from)} to ${toLine(quiet.to)}${zone}${now}`];
}

/** Nothing to say of who is here, where nobody said otherwise. */
function renderAway(away: StatusView["away"]): string[] {
  if (away === undefined || (away.mode === "auto" && !away.isAway)) return [];
  const { mode, isAway, by, since } = away;
  const set =
    by === undefined || since === undefined || mode === "auto"
      ? ""
      : `, set by ${toLine(by)} ${toAgo(since, Date.now())}`;
  const asked = isAway
    ? "chats and phones are asked at once"
    : "the terminal and page are always asked first";
  return [
    `away     ${isAway ? "on" : "off"}${mode === "auto" ? ", nobody has typed for a while" : set}; ${asked}`,
  ];
}

function renderOldest(oldest: StatusView["oldestUnseen"]): string[] {
  if (oldest === undefined) return [];
  const { id, channel, state, ageMs, why } = oldest;
  const reason = why === undefined ? "" : `: ${toLine(why)}`;
  return [`oldest   ${id} of ${toLine(channel)}, ${state} for ${toDuration(ageMs)}${reason}`];
}

/** Since ever, the most frequent first. */
function renderRefused(refused: StatusView["refused"]): string[] {
  if (refused.length === 0) return [];
  const sorted = refused.toSorted((a, b) => b.count - a.count);
  const shown = sorted.slice(0, REFUSED_SHOWN);
  const more = sorted.slice(REFUSED_SHOWN).reduce((sum, { count }) => sum + count, 0);
  const parts = [...shown.map(toRefusedText), ...(more > 0 ? [`${more} for other reasons`] : [])];
  return [`refused  ${parts.join(", ")}`];
}

function renderNext(next: readonly string[]): string[] {
  return next.length === 0
    ? []
    : ["", paint("bold", "Next"), ...next.map((step) => `  ${toLine(step)}`)];
}

/** Nothing to say while all that was said has arrived. */
function renderOutboxCounts(outbox: Record<string, number>): string[] {
  const open = Object.entries(outbox).filter(([state, count]) => state !== "sent" && count > 0);
  return open.length === 0
    ? []
    : [`outbox   ${open.map(([state, count]) => `${count} ${state}`).join(", ")}`];
}
