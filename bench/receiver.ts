/**
 * The session's end of a measurement: notes when each event reached it.
 *
 * Every channel notification is stamped as it comes off the pipe. `confirming` also acknowledges each once the next one is there (the first at
 * once), in a turn that goes on: a receiver with receipts keeps only a few unconfirmed. With none unconfirmed each would be taken for the beginning of
 * a turn of its own, and the wakes of an hour would be spent within a second.
 */
import { connect } from "../src/host/connect.ts";
import { Wire } from "../src/host/wire.ts";
import { nowMs } from "./load.ts";
import type { Program } from "./targets.ts";

export type ReceiveHow = "notifications" | "confirming";

export type Receiver = AsyncDisposable & {
  /** Id to the time it was first seen. */
  readonly arrivals: ReadonlyMap<string, number>;
  /** Ids that a model read more than once. */
  readonly duplicates: number;
  readonly pid: number | undefined;
  /** A prompt begins a turn that goes on: what arrives joins it, so no wake is spent on it. */
  prompt(): Promise<void>;
};

const EVENT_ID = /evt_[0-7][0-9a-hjkmnp-tv-z]{25}/g;
/** Ids as load.mjs writes them. */
const ID = /bench-[a-z0-9]+-\d+;/g;

export function openReceiver(program: Program, how: ReceiveHow): Promise<Receiver> {
  return openWireReceiver(program, how === "confirming");
}

/** Waits until nothing new arrived for `quietMs`, or all of `count` did. */
export async function waitForArrivals(
  receiver: Receiver,
  count: number,
  quietMs = 2_000,
): Promise<void> {
  for (
    let seen = -1, since = nowMs();
    receiver.arrivals.size < count && nowMs() - since < quietMs;
  ) {
    if (receiver.arrivals.size !== seen) {
      seen = receiver.arrivals.size;
      since = nowMs();
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function openWireReceiver(
  { command, args, env, cwd }: Program,
  isConfirming: boolean,
): Promise<Receiver> {
  const ids = newIdLog();
  let unconfirmed: string[] | undefined;
  const call = (name: string, input: object) =>
    wire.request("tools/call", { name, arguments: input }, { timeoutMs: 10_000 });
  const wire = new Wire({
    command,
    args,
    env,
    cwd: cwd ?? process.cwd(),
    onNotification: (method, { content, meta }) => {
      if (method !== "notifications/claude/channel" || typeof content !== "string") return;
      ids.read(content);
      const id = (meta as Record<string, string> | undefined)?.["event_id"];
      if (!isConfirming || id === undefined) return;
      // Many may come as lines of one.
      const given = [...new Set([id, ...(content.match(EVENT_ID) ?? [])])];
      // The first shows that somebody listens.
      const confirmed = unconfirmed ?? given;
      unconfirmed = unconfirmed === undefined ? [] : given;
      if (confirmed.length > 0) void call("ack", { event_ids: confirmed });
    },
    onRequest: () => ({}),
    onGarbage: (line) => process.stderr.write(`not JSON-RPC: ${line}\n`),
    onStderr: newStderr(),
    onExit: () => {},
  });
  await connect(wire, { name: "sluice-bench", version: "1.0.0" });
  const prompt = async (): Promise<void> =>
    requireAnswered(
      await call("hook", {
        event: "UserPromptSubmit",
        session: "bench",
        prompt_id: "bench",
        prompt: "go on",
      }),
    );
  if (isConfirming) await prompt();
  return {
    ...ids.view,
    get duplicates() {
      return ids.duplicates();
    },
    pid: wire.pid,
    prompt,
    [Symbol.asyncDispose]: () => wire.close(),
  };
}

/** @throws Error for a call that was refused: how fast somebody says no is not what is measured. */
export function requireAnswered(answer: unknown): void {
  if ((answer as { isError?: boolean }).isError === true)
    throw new Error(`a call was refused: ${JSON.stringify(answer)}`);
}

function newIdLog() {
  const arrivals = new Map<string, number>();
  const reads = new Map<string, number>();
  const arrive = (text: string) => {
    for (const [id] of text.matchAll(ID)) if (!arrivals.has(id)) arrivals.set(id, nowMs());
  };
  return {
    view: { arrivals },
    arrive,
    read(text: string) {
      arrive(text);
      for (const [id] of text.matchAll(ID)) reads.set(id, (reads.get(id) ?? 0) + 1);
    },
    duplicates: () => [...reads.values()].filter((count) => count > 1).length,
  };
}

/** Passes a server's complaints on, each once: some repeat theirs thousands of times under load. */
function newStderr(): (text: string) => void {
  const seen = new Set<string>();
  return (text) => {
    for (const line of text.split("\n")) {
      const kind = line.replaceAll(/\d+/g, "#");
      if (line === "" || seen.has(kind)) continue;
      seen.add(kind);
      process.stderr.write(`  ${line}\n`);
    }
  };
}
