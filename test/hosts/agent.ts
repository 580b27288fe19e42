/**
 * An agent that runs sessions by itself and listens on a socket, as some do: no MCP server of ours in it, no hooks.
 *
 * Owns: the far side of the wire, and how it reads: at once, late, or not at all.
 */
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { createInterface } from "node:readline";

/** What it says: lines of JSON. */
export type Said =
  | { kind: "session"; id: string; cwd: string }
  | { kind: "ended"; id: string }
  | { kind: "began" | "done"; id: string; turn: string }
  | { kind: "read"; id: string; events: string[] }
  | { kind: "ask"; id: string; requestId: string; tool: string; input: string };
/** What it is told. */
export type Told =
  | { kind: "event"; id: string; event: string; replayed: boolean; text: string }
  | { kind: "verdict"; id: string; requestId: string; behavior: string };

export class Agent {
  /** `lose` says nothing of an event; `late` says that it was read only once it has come twice. */
  reads: "at-once" | "late" | "lose" = "at-once";
  readonly events: Extract<Told, { kind: "event" }>[] = [];
  readonly verdicts: Extract<Told, { kind: "verdict" }>[] = [];
  readonly #server: Server;
  readonly #sessions = new Map<string, string>();
  readonly #sockets = new Set<Socket>();
  #turns = 0;

  constructor(server: Server) {
    this.#server = server;
    server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("error", () => {}); // The hub may leave while it is told something.
      socket.on("close", () => this.#sockets.delete(socket));
      createInterface({ input: socket }).on("line", (line) => this.#hear(JSON.parse(line) as Told));
      for (const [id, cwd] of this.#sessions) this.#say({ kind: "session", id, cwd });
    });
  }

  static async listen(path: string): Promise<Agent> {
    const server = createServer();
    const agent = new Agent(server);
    server.listen(path);
    await once(server, "listening");
    return agent;
  }

  openSession(id: string, cwd: string): void {
    this.#sessions.set(id, cwd);
    this.#say({ kind: "session", id, cwd });
  }

  endSession(id: string): void {
    this.#sessions.delete(id);
    this.#say({ kind: "ended", id });
  }

  ask(id: string, requestId: string, tool: string, input: object): void {
    this.#say({ kind: "ask", id, requestId, tool, input: JSON.stringify(input) });
  }

  /** A whole turn in which the events are read. */
  #read(id: string, events: string[]): void {
    const turn = `turn-${++this.#turns}`;
    this.#say({ kind: "began", id, turn });
    this.#say({ kind: "read", id, events });
    this.#say({ kind: "done", id, turn });
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  #hear(told: Told): void {
    if (told.kind === "verdict") {
      this.verdicts.push(told);
      return;
    }
    this.events.push(told);
    const times = this.events.filter(({ event }) => event === told.event).length;
    const isDue = this.reads === "at-once" || (this.reads === "late" && times === 2);
    if (isDue) this.#read(told.id, [told.event]);
  }

  #say(said: Said): void {
    for (const socket of this.#sockets) socket.write(`${JSON.stringify(said)}\n`);
  }
}
