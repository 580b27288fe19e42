/**
 * A disk that is full, and one that may only be read: a real hub with its home on a small file system.
 *
 * Owns: the mount, filling it, what senders and the user hear meanwhile. Never: how a hub is started (test/e2e/rig.ts).
 */
import { execFileSync, spawnSync } from "node:child_process";
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  rmdirSync,
  statfsSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DatabaseSync } from "node:sqlite";
import type { ModelTurn } from "../../src/host/turns.ts";
import { openLane } from "../e2e/sessions.ts";
import { endProcess, openRig, type Rig } from "../e2e/rig.ts";
import { type Endpoint, type Posted, postMessage } from "../e2e/senders.ts";

const DISK = "8m";
const SENT_WHILE_FULL = 40;
const BLOCK = 64 * 1024;
/**
 * Under the 5 % that the hub keeps for receipts, and enough for some: the counts of what is refused take 160 KiB of it, a receipt 50, and
 * a checkpoint that comes in between 52.
 */
const RESERVED_BYTES = 320 * 1024;

export type FullDiskResult = {
  /** Heard 2xx, before and after. */
  accepted: number;
  /** Heard 2xx while the disk was full. */
  acceptedWhileFull: number;
  refused: number;
  /** Refused with something else than a 503 that says when to come again. */
  otherRefusals: string[];
  /** What the `ack` tool said when less than 5 % were free, when there was not a byte, and when space had returned. */
  acks: { low: string; full: string; after: string };
  /** The hub's API told its status while there was not a byte. */
  statusAnswers: boolean;
  /** From the moment space returned to the first 2xx. */
  acceptedAfterMs: number;
  /** Accepted, and not read by a session in the end. */
  unread: number;
  integrity: string;
};

/** Why no small file system can be made here; undefined where one can. */
export function findMountObstacle(): string | undefined {
  if (process.platform !== "linux") return "tmpfs is Linux only";
  const folder = mkdtempSync(join(tmpdir(), "sluice-mount-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder]);
  if (mounted.status === 0) spawnSync("umount", [folder]);
  rmdirSync(folder);
  return mounted.status === 0 ? undefined : "mounting a file system is not permitted here";
}

/** Fills the disk in two steps: what is left for receipts only, and to the last byte. Then space returns. */
export async function fillDisk(): Promise<FullDiskResult> {
  await using rig = openRig();
  mountHome(rig);
  await rig.startHub();
  const ops = await rig.addChannel({ kind: "webhook", name: "ops", rate: 0, quota: 1_000_000 });
  const people = await rig.addChannel({ kind: "webhook", name: "team", twoWay: true });
  let acked = "";
  const session = await openLane(rig, "monitor", {
    model: async (turn) => {
      const [, id] = /acknowledge (evt_\w+)/.exec(turn.text) ?? [];
      if (turn.kind === "typed" && id !== undefined)
        acked = (await turn.callTool("ack", { event_ids: [id] })).text;
      else if (turn.kind === "typed") await readInbox(turn);
    },
  });
  const accepted: string[] = [];
  const tally = { acceptedWhileFull: 0, refused: 0, otherRefusals: [] as string[] };
  const send = async (): Promise<boolean> => {
    const answer = await post(ops);
    if (answer.status === 202) accepted.push(answer.id);
    else {
      tally.refused++;
      const isOurs = answer.status === 503 && Number(answer.retryAfter) > 0;
      if (!isOurs) tally.otherRefusals.push(`${answer.status} ${answer.text}`);
    }
    return answer.status === 202;
  };
  const sendWhileFull = async (): Promise<void> => {
    // The hub measures the disk once a second: what it accepts until then would take what this small one keeps for receipts.
    await sleep(1_100);
    for (let i = 0; i < SENT_WHILE_FULL; i++) if (await send()) tally.acceptedWhileFull++;
  };
  const said: string[] = [];
  for (const text of ["is there room?", "and now?"]) {
    const { id } = await postMessage(people, text);
    await rig.untilState(id, "seen");
    said.push(id);
  }
  const ack = async (id = ""): Promise<string> => {
    session.type(`acknowledge ${id}`);
    await session.idle();
    return acked.replaceAll(id, "it");
  };
  for (let i = 0; i < 20; i++) await send();
  const freeMost = fill(rig.home, "most", RESERVED_BYTES);
  await sendWhileFull();
  const low = await ack(said[0]);
  const freeRest = fill(rig.home, "rest", 0);
  await sendWhileFull();
  const full = await ack(said[1]);
  const statusAnswers = (await rig.status()).events["stored"] !== undefined;
  const freedAt = Date.now();
  freeMost();
  freeRest();
  while (!(await send()) && Date.now() < freedAt + 120_000) await sleep(50);
  const acceptedAfterMs = Date.now() - freedAt;
  const after = await ack(said[1]);
  for (let i = 0; i < 20; i++) await send();
  const hasOpen = async () => (await rig.events()).some(({ state }) => state !== "done");
  for (let round = 0; round < 10 && (await hasOpen()); round++) {
    session.type("read your inbox");
    await session.idle();
    await sleep(500);
  }
  const told = session.reads.map(({ text }) => text).join("\n");
  return {
    ...tally,
    accepted: accepted.length,
    acks: { low, full, after },
    statusAnswers,
    acceptedAfterMs,
    unread: accepted.filter((id) => !told.includes(id)).length,
    integrity: inspect(rig),
  };
}

export type ReadOnlyResult = { code: number | null; lines: string[] };

/** Starts a hub in a home that has been one, on a disk that may only be read now. */
export async function startReadOnly(): Promise<ReadOnlyResult> {
  await using rig = openRig();
  mountHome(rig);
  const pid = await rig.startHub();
  await endProcess(pid, "SIGTERM");
  execFileSync("mount", ["-o", "remount,ro", rig.home]);
  const { code, stderr } = await rig.run("up", "--foreground");
  return { code, lines: stderr.split("\n").filter((line) => line !== "") };
}

function mountHome(rig: Rig): void {
  mkdirSync(rig.home, { mode: 0o700 });
  const options = `size=${DISK},mode=0700`;
  execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", rig.home]);
  // Lazily: the hub, which ends later, still has files there.
  rig.add(() => void spawnSync("umount", ["-l", rig.home]));
}

async function readInbox(turn: ModelTurn): Promise<void> {
  for (let page = 0; page < 50; page++)
    if ((await turn.callTool("inbox")).text.startsWith("Nothing waits.")) return;
}

/** Takes all but so many bytes. Returns how to give them back. */
function fill(folder: string, name: string, leaveBytes: number): () => void {
  const path = join(folder, name);
  const { bavail, bsize } = statfsSync(folder);
  const file = openSync(path, "w");
  let left = leaveBytes === 0 ? Number.POSITIVE_INFINITY : bavail * bsize - leaveBytes;
  for (let size = BLOCK; size >= 1 && left > 0;) {
    try {
      left -= writeSync(file, Buffer.alloc(Math.min(size, left)));
    } catch {
      // Full for this size: smaller ones may still fit.
      size = Math.floor(size / 2);
    }
  }
  closeSync(file);
  return () => rmSync(path);
}

async function post({ url, secret }: Endpoint): Promise<Posted & { retryAfter: string | null }> {
  const headers = { authorization: `Bearer ${secret}`, "content-type": "text/plain" };
  const answer = await fetch(url, { method: "POST", headers, body: "x".repeat(4_096) });
  const text = await answer.text();
  const { id = "" } = answer.ok ? (JSON.parse(text) as { id?: string }) : {};
  const retryAfter = answer.headers.get("retry-after");
  return { status: answer.status, id, duplicate: false, text, retryAfter };
}

function inspect(rig: Rig): string {
  const db = new DatabaseSync(join(rig.home, "sluice.db"), { readOnly: true });
  const verdict = String(db.prepare("PRAGMA integrity_check").get()?.["integrity_check"]);
  db.close();
  return verdict;
}
