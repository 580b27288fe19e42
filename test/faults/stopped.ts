/**
 * SIGSTOP: the shim, the client and the hub stand still for a while, each in its turn, while events come in.
 *
 * Owns: who is stopped, and the reckoning. Never: a session's lane (test/e2e/sessions.ts).
 */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { openRigWithHub, type Rig, until } from "../e2e/rig.ts";
import { type Endpoint, GITHUB_SECRET, postGithub } from "../e2e/senders.ts";
import { type ClientProcess, spawnClient } from "../e2e/sessions.ts";
import { countReads, type ReadCount } from "./chaos.ts";

export type StoppedResult = ReadCount & {
  who: Who;
  stoppedMs: number;
  accepted: number;
  /** Not done in the end. */
  open: number;
};

type Who = "shim" | "client" | "hub";

const EVENTS = 6;

/** Each stands still for `stoppedMs`, in homes of their own. */
export function stopEach({ stoppedMs }: { stoppedMs: number }): Promise<StoppedResult[]> {
  const all: Who[] = ["shim", "client", "hub"];
  return Promise.all(all.map((who) => stop(who, stoppedMs)));
}

async function stop(who: Who, stoppedMs: number): Promise<StoppedResult> {
  await using rig = await openRigWithHub();
  const github = await rig.addChannel({ kind: "github", secret: GITHUB_SECRET });
  const client = await spawnClient(rig, "monitor");
  const accepted = new Set<string>();
  const first = await postGithub(github);
  accepted.add(first.id);
  await rig.untilState(first.id, "done");
  const pid = await toPid(who, rig, client);
  process.kill(pid, "SIGSTOP");
  const posting = Array.from({ length: EVENTS }, async () => accepted.add(await send(github)));
  await sleep(stoppedMs);
  process.kill(pid, "SIGCONT");
  await Promise.all(posting);
  const listOpen = async (): Promise<number> =>
    (await rig.events()).filter(({ state }) => state !== "done").length;
  // A bell that rang into nothing rings again after half a minute.
  await until("all is done", async () => (await listOpen()) === 0, 120_000).catch(() => undefined);
  return {
    who,
    stoppedMs,
    accepted: accepted.size,
    open: await listOpen(),
    ...countReads(client.reads, accepted),
  };
}

/** Posts until it is kept: a stopped hub's sender waits, and when the hub goes on it may find the request too old. */
async function send(github: Endpoint): Promise<string> {
  const deliveryId = randomUUID();
  for (;;) {
    const answer = await postGithub(github, { deliveryId }).catch(() => undefined);
    if (answer?.status === 202 || answer?.duplicate === true) return answer.id;
    await sleep(200);
  }
}

async function toPid(who: Who, rig: Rig, client: ClientProcess): Promise<number> {
  switch (who) {
    case "shim":
      return client.serverPid;
    case "client":
      return client.pid;
    case "hub":
      return rig.hubPid();
    default:
      return who satisfies never;
  }
}
