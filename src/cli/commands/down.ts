/**
 * `sluice down`.
 *
 * Owns: asking the hub to leave, by a signal where it does not answer, and waiting until its process is gone. Never: starts one, signals
 * a process that only has the pid of a hub, or kills.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { read } from "../../api/client/client.ts";
import { locateHome, locateSocket } from "../../local/home.ts";
import { isAlive, readProcess } from "../../local/process.ts";
import { isHubUp } from "../../api/client/start-hub.ts";
import { isSluiceError, readErrorCode, SluiceError } from "../../sdk/errors.ts";
import { defineCommand, flag, JSON_ARG } from "../command.ts";
import { callHub, findSilentHub } from "../hub.ts";
import { printJson, printLine } from "../output/print.ts";

const GONE_TIMEOUT_MS = 10_000;
const POLL_MS = 50;

type Leaving = { pid: number; startTime?: string | undefined; isOutOfSight?: true };

export const down = defineCommand({
  description:
    'Stops the hub and waits until its process is gone. Stored events stay in the inbox; senders are refused until the hub runs again. The next client or command starts it, and an open session does so at once: close sessions first, or use "sluice pause <channel>" instead. A hub that does not answer is ended by a signal. Does nothing if no hub runs.',
  args: {
    "at-login": flag("Also take back what starts it at login"),
    json: JSON_ARG,
  },
  examples: ["sluice down", "sluice down --at-login"],
  async run({ args }) {
    const hadLogin = args["at-login"] === true && (await unregisterLogin());
    const socket = locateSocket(process.env);
    const leaving = await stopHub();
    if (args.json === true)
      printJson({ pid: leaving?.pid ?? null, socket, ingress: null, web: null });
    else {
      printLine(leaving === undefined ? "no hub runs" : `hub stopped (pid ${leaving.pid})`);
      if (args["at-login"] === true)
        printLine(hadLogin ? "it starts at no login any more" : "nothing started it at login");
    }
  },
});

/** Resolves once its process is gone; undefined where none runs. @throws SluiceError `hub_stopping` for one that does not end. */
export async function stopHub(): Promise<Leaving | undefined> {
  const isUp = await isHubUp(process.env);
  const leaving = isUp ? await askToLeave() : await signalSilentHub();
  if (leaving !== undefined) await waitUntilGone(leaving, isUp);
  return leaving;
}

/** Loaded where it is asked for. */
async function unregisterLogin(): Promise<boolean> {
  const { stopAtLogin } = await import("../at-login/at-login.ts");
  return stopAtLogin(process.env);
}

async function askToLeave(): Promise<Leaving> {
  return callHub(async (api) => {
    const { pid } = await read(api.hub.$get());
    const startTime = await readStartTime(pid);
    try {
      await read(api.hub.stop.$post());
    } catch (thrown) {
      // Gone, or going, before it could answer.
      if (!isSluiceError(thrown, "hub_unreachable") && !isSluiceError(thrown, "hub_stopping"))
        throw thrown;
    }
    return { pid, startTime };
  });
}

/** One whose socket is gone or that hangs cannot be asked: it gets the signal that ends it in order. */
async function signalSilentHub(): Promise<Leaving | undefined> {
  const silent = await findSilentHub();
  if (silent?.startTime === undefined) return silent;
  try {
    process.kill(silent.pid, "SIGTERM");
    // One that was stopped takes the signal only when it goes on.
    process.kill(silent.pid, "SIGCONT");
  } catch (thrown) {
    // Gone meanwhile.
    if (readErrorCode(thrown) !== "ESRCH") throw thrown;
  }
  return silent;
}

/** `isAsked`: not yet where the hub was silent; it may have been frozen, or busy, for a moment. */
async function waitUntilGone(
  { pid, startTime, isOutOfSight }: Leaving,
  isAsked: boolean,
): Promise<void> {
  const deadlineAt = Date.now() + GONE_TIMEOUT_MS;
  while (await isThere({ pid, startTime }, isAsked)) {
    if (Date.now() >= deadlineAt) {
      throw new SluiceError(
        "hub_stopping",
        toStuckText({ pid, startTime, ...(isOutOfSight && { isOutOfSight }) }),
      );
    }
    if (!isAsked && (await isHubUp(process.env))) {
      await askToLeave();
      isAsked = true;
    }
    await sleep(POLL_MS);
  }
}

/** Without a start time the process is out of sight (another container) or of an earlier version: the lock says whether it is there. */
async function isThere({ pid, startTime }: Leaving, isAsked: boolean): Promise<boolean> {
  if (startTime !== undefined) return isAlive(pid, startTime);
  return isAsked ? isHubUp(process.env) : (await findSilentHub()) !== undefined;
}

/** Read before it is asked: a pid alone may be somebody else's a moment later, or of another container all along. */
async function readStartTime(pid: number): Promise<string | undefined> {
  const { readHolder } = await import("../../hub/process/lock.ts");
  const holder = readHolder(locateHome(process.env));
  const seen = readProcess(pid)?.startTime;
  return holder?.pid === pid && holder.startTime !== undefined && holder.startTime !== seen
    ? undefined
    : seen;
}

function toStuckText({ pid, startTime, isOutOfSight }: Leaving): string {
  if (startTime !== undefined)
    return `the hub (pid ${pid}) has not ended within ${GONE_TIMEOUT_MS / 1_000} s; nothing stored is lost by "kill -9 ${pid}"`;
  return isOutOfSight === true
    ? `a hub has ${locateHome(process.env).path} and does not answer, and no process here is it (its pid is ${pid} in its own container); end it where it runs`
    : `the hub (pid ${pid}) does not answer, and nothing proves that this process is still the hub; look with "ps -p ${pid}", then end it with "kill ${pid}"`;
}
