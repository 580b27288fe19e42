/**
 * The hub's side of `sluice agent`: its sessions, each told by a process that runs it.
 *
 * Owns: which of them are there, and how many may be. Never: runs one (src/agent); decides what one may use (flow/agent/budget.ts).
 */
import type { HostSession } from "../../flow/lanes/host.ts";
import { SluiceError } from "../../sdk/errors.ts";
import type { HostSetup, PluginDoor, PluginReport } from "../host.ts";
import { tellSession } from "../tell-session.ts";

const MOST = 2;

export class AgentDoor implements PluginDoor {
  readonly #setup: Pick<HostSetup, "door">;
  readonly #sessions = new Map<string, { session: HostSession; pid: number }>();
  #isClosed = false;

  constructor(setup: Pick<HostSetup, "door">) {
    this.#setup = setup;
  }

  /** @throws SluiceError `conflict`: the same session runs elsewhere, or as many as may be are there. */
  attach: PluginDoor["attach"] = ({ session: id, most = MOST, ...found }, push) => {
    const before = this.#sessions.get(id);
    if (before !== undefined && before.pid !== found.pid)
      throw new SluiceError(
        "conflict",
        `the agent of ${found.cwd} runs already, in process ${before.pid}; end that one first`,
      );
    if (before === undefined && this.#sessions.size >= most)
      throw new SluiceError(
        "conflict",
        `${this.#sessions.size} agents run already, and so many may at once; end one, or start this one with a higher --parallel`,
      );
    const session = this.#setup.door.attach({ id, ...found, send: push });
    const held = { session, pid: found.pid };
    this.#sessions.set(id, held);
    push({ kind: "out", events: session.out(), attachment: session.attachment });
    return () => {
      if (this.#sessions.get(id) !== held) return;
      this.#sessions.delete(id);
      // Where the hub ends, its next life goes on with the session.
      if (!this.#isClosed) session.gone("the agent has ended");
    };
  };

  async report(id: string, report: PluginReport): Promise<void> {
    const held = this.#sessions.get(id);
    if (held === undefined) throw new SluiceError("not_found", `no agent's session ${id} is here`);
    await tellSession(held.session, report);
  }

  close(): void {
    this.#isClosed = true;
  }
}
