/**
 * `sluice doctor`: names the gate that stops delivery.
 *
 * Owns: the order of the checks, and how they are shown. Never: decides what is in order (check-hub.ts, check-claude.ts), or changes
 * anything.
 */
import { locateHome } from "../../local/home.ts";
import { isHubUp } from "../../api/client/start-hub.ts";
import { SluiceError } from "../../sdk/errors.ts";
import { attempt, type Check } from "../doctor/check.ts";
import { checkClaudeSide } from "../doctor/check-claude.ts";
import { checkEventClients } from "../doctor/check-event-clients.ts";
import { checkHosts } from "../doctor/check-hosts.ts";
import { checkInboxSide } from "../doctor/check-inbox.ts";
import { foldCauses } from "../doctor/one-cause.ts";
import { checkHubSide, readStatus } from "../doctor/check-hub.ts";
import { defineCommand, flag, JSON_ARG, option } from "../command.ts";
import { readWorkingFolder } from "../claude/connect-claude.ts";
import { parseDuration } from "../duration.ts";
import { EXIT_FAILED, toUsageFault } from "../exit.ts";
import { askRunning, callHub } from "../hub.ts";
import { findOpenSession } from "../pick-session.ts";
import {
  paint,
  printJson,
  printLines,
  printNote,
  toCount,
  toLine,
  toWidth,
} from "../output/print.ts";

export const doctor = defineCommand({
  description:
    "Checks everything that an event passes on its way into a session, and says how to fix what is wrong. Changes nothing, except that --probe wakes a session once. Exits 1 when a check fails.",
  args: {
    probe: flag(
      "Send a marked test event through every hop, as a sender would; costs one short turn of the session that gets it",
    ),
    session: option("id or label", "Probe delivery to this session"),
    wait: option("time", "How long the probe may take, such as 30s or 5m (default: 60s)"),
    json: JSON_ARG,
  },
  examples: ["sluice doctor", "sluice doctor --probe", "sluice doctor --json"],
  async run({ args }) {
    const timeoutMs = parseDuration("--wait", args.wait ?? "60s");
    if (args.probe !== true && (args.session ?? args.wait) !== undefined)
      throw toUsageFault("--session and --wait need --probe");
    const { session: name } = args;
    const session =
      name !== undefined && (await isUp())
        ? await callHub((api) => findOpenSession(api, name))
        : undefined;
    const found = await examine();
    if (args.probe === true) {
      if (args.json !== true) printNote(`probing, up to ${Math.round(timeoutMs / 1_000)} s`);
      found.push(...(await probe(session, timeoutMs)));
    }
    const checks = foldCauses(found);
    if (args.json === true) printJson(checks);
    else printLines(renderChecks(checks));
    if (checks.some((check) => !check.ok)) process.exitCode = EXIT_FAILED;
  },
});

/** False also for a home that is not safe: the checks say that, and nothing is asked of what answers in it. */
async function isUp(): Promise<boolean> {
  return isHubUp(process.env).catch(() => false);
}

async function examine(): Promise<Check[]> {
  const { env } = process;
  let status: Awaited<ReturnType<typeof readStatus>>;
  const answered = await attempt("hub", async () => {
    status = await readStatus(env);
    return [];
  });
  const ofHub = await checkHubSide(env, status);
  return [
    // One that answers, and not as a hub does, is not told as one that is not there as well.
    ...(answered.length === 0 ? ofHub : ofHub.filter(({ check }) => check !== "hub")),
    ...answered,
    ...(await checkInboxSide(locateHome(env), status)),
    ...(await checkClaudeSide(env, readWorkingFolder(), status)),
    ...(await checkHosts(status)),
    ...(status === undefined ? [] : await attempt("mcp events", readEventClients)),
  ];
}

async function readEventClients(): Promise<Check[]> {
  return checkEventClients(await askRunning((api) => api.clients.events.$get()));
}

/** Each hop that the probe came to is a check of its own. */
function probe(session: string | undefined, timeoutMs: number): Promise<Check[]> {
  return attempt("probe", async () => {
    if (!(await isUp()))
      throw new SluiceError("hub_unreachable", 'no hub to send it through; "sluice up" starts one');
    const json = { timeoutMs, ...(session === undefined ? {} : { session }) };
    const hops = await askRunning((api) => api.probe.$post({ json }));
    return hops.map(({ hop, ok, detail, fix }) => ({
      check: `probe ${hop}`,
      ok,
      detail,
      ...(fix === undefined ? {} : { fix }),
    }));
  });
}

export function renderChecks(checks: readonly Check[]): string[] {
  const width = Math.max(...checks.map(({ check }) => toWidth(toLine(check))));
  const lines = checks.flatMap(({ check, ok, warning, detail, fix }) => {
    const name = toLine(check);
    const mark = !ok
      ? paint("red", "!!")
      : warning === true
        ? paint("yellow", "??")
        : paint("green", "ok");
    const line = `${mark}  ${name}${" ".repeat(width - toWidth(name))}  ${toLine(detail)}`;
    return fix === undefined ? [line] : [line, `${" ".repeat(width + 6)}fix: ${toLine(fix)}`];
  });
  const failed = checks.filter(({ ok }) => !ok).length;
  const warnings = checks.filter(({ warning }) => warning === true).length;
  const verdict =
    failed === 0 ? "Nothing stops delivery." : `${failed} of ${checks.length} checks failed.`;
  return [
    ...lines,
    "",
    warnings === 0 ? verdict : `${verdict} ${toCount(warnings, "warning")} (marked ??).`,
  ];
}
