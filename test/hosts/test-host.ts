/**
 * A host for tests: it finds the sessions of an agent over the agent's socket, with no shim in between.
 *
 * Owns: its lane and its wire: all that a new host has to bring.
 */
import { connect } from "node:net";
import { createInterface } from "node:readline";
import type { Host, HostDoor, HostSession } from "../../src/flow/lanes/host.ts";
import type { Lane } from "../../src/flow/lanes/lane.ts";
import { paceWake } from "../../src/flow/deliver/pace.ts";
import type { Said, Told } from "./agent.ts";

/** An agent that has an event says so at once. */
const PATIENCE_MS = 600;

export const lane: Lane = {
  name: "test-host",
  means: {
    agents: "the tests' own",
    wakes: "yes",
    text: "with the push",
    receipt: "the host's word",
    prompts: "yes",
    questions: "no",
    stop: "no",
  },
  suits: () => false,
  refuses: () => "it is for sessions that the hub finds by itself",
  relaysPrompts: true,
  sends: {
    kind: "events",
    room: (_, inFlight) => 1 - inFlight.length,
    toReceipt: () => null,
    startsTurn: () => false,
  },
  canWake: () => true,
  pace: (input) =>
    input.inFlight.length > 0 ? { kind: "hold", reason: "one event at a time" } : paceWake(input),
  judge: (_, signal) => (signal.kind === "cut" ? { to: "back", reason: signal.reason } : undefined),
  check(_, out, now) {
    const deliveries = out.filter(({ offeredAt }) => now - offeredAt >= PATIENCE_MS);
    if (deliveries.length > 0) return { kind: "lost", deliveries, reason: "no receipt came" };
    return { kind: "open", until: Math.min(...out.map((one) => one.offeredAt + PATIENCE_MS)) };
  },
  isRevivedByHooks: false,
  beginsTurnsUnseen: false,
  explain: () => undefined,
  describe: () => ["found over its socket"],
  isStuck: () => false,
};

export function toTestHost(socketPath: string): Host {
  return {
    name: "test-host",
    lane,
    open(door) {
      const socket = connect(socketPath);
      socket.on("error", () => {}); // The tests end it.
      const send = (told: Told): void => void socket.write(`${JSON.stringify(told)}\n`);
      const sessions = new Map<string, HostSession>();
      createInterface({ input: socket }).on("line", (line) => {
        void hear(JSON.parse(line) as Said, door, sessions, send);
      });
      return Promise.resolve(async () => void socket.destroy());
    },
  };
}

async function hear(
  said: Said,
  door: HostDoor,
  sessions: Map<string, HostSession>,
  send: (told: Told) => void,
): Promise<void> {
  const { id } = said;
  if (said.kind === "session") {
    const found = { id, pid: process.pid, version: "1.0", cwd: said.cwd };
    sessions.set(
      id,
      door.attach({
        ...found,
        send(message) {
          if (message.kind === "channel") {
            const { event_id: event = "", replayed } = message.meta;
            send({
              kind: "event",
              id,
              event,
              replayed: replayed === "true",
              text: message.content,
            });
          } else if (message.kind === "verdict") {
            const { requestId, behavior } = message;
            send({ kind: "verdict", id, requestId, behavior });
          }
        },
      }),
    );
    return;
  }
  const session = sessions.get(id);
  switch (said.kind) {
    case "began":
      return session?.turnBegan(said.turn);
    case "done":
      return session?.turnEnded(said.turn);
    case "read":
      return session?.read(said.events);
    case "ask":
      await session?.asked({
        requestId: said.requestId,
        tool: said.tool,
        description: "",
        preview: said.input,
      });
      return;
    case "ended":
      sessions.delete(id);
      return session?.gone("the agent has closed it");
    default:
      return said satisfies never;
  }
}
