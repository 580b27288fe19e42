/**
 * The session's end of a measurement: notes when each event reached it.
 *
 * `notifications` stamps every channel notification as it comes off the pipe: what a receiver that only pushes can be asked for.
 * `session` is a whole reference session that takes turns and empties the inbox: what a receiver with receipts needs.
 */
import { connect } from "../src/host/connect.ts";
import { openSession } from "../src/host/session.ts";
import { Wire } from "../src/host/wire.ts";
import { nowMs } from "./load.ts";
import type { Program } from "./targets.ts";

export type ReceiveHow = "notifications" | "session";

export type Receiver = AsyncDisposable & {
  /** Id to the time it was first seen. */
  readonly arrivals: ReadonlyMap<string, number>;
  /** Ids that a model read more than once. */
  readonly duplicates: number;
  readonly pid: number | undefined;
};

/** Ids as load.mjs writes them. */
const ID = /bench-[a-z0-9]+-\d+;/g;

export function openReceiver(program: Program, how: ReceiveHow): Promise<Receiver> {
  return how === "session" ? openSessionReceiver(program) : openWireReceiver(program);
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

async function openWireReceiver({ command, args, env, cwd }: Program): Promise<Receiver> {
  const ids = newIdLog();
  const wire = new Wire({
    command,
    args,
    env,
    cwd: cwd ?? process.cwd(),
    onNotification: (method, { content }) => {
      if (method === "notifications/claude/channel" && typeof content === "string")
        ids.read(content);
    },
    onRequest: () => ({}),
    onGarbage: (line) => process.stderr.write(`not JSON-RPC: ${line}\n`),
    onStderr: newStderr(),
    onExit: () => {},
  });
  await connect(wire, { name: "sluice-bench", version: "1.0.0" });
  return {
    ...ids.view,
    get duplicates() {
      return ids.duplicates();
    },
    pid: wire.pid,
    [Symbol.asyncDispose]: () => wire.close(),
  };
}

async function openSessionReceiver(program: Program): Promise<Receiver> {
  const ids = newIdLog();
  const session = await openSession({
    ...program,
    onStderr: newStderr(),
    // A model that reads all there is. The inbox answers in pages.
    model: async (turn) => {
      for (let more = true; more;) more = (await turn.callTool("inbox")).text.search(ID) >= 0;
    },
  });
  session.observe((note) => {
    // On the pipe before it is read: compare like with like.
    if (note.kind === "queued") ids.arrive(note.text);
    if (note.kind === "read") ids.read(note.text);
  });
  return {
    ...ids.view,
    get duplicates() {
      return ids.duplicates();
    },
    pid: session.serverPid,
    [Symbol.asyncDispose]: () => session.close(),
  };
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
