/**
 * The hub's side of the plugin inside opencode: sessions that it tells of, and what it reports of them.
 *
 * Owns: which sessions are told. Never: speaks to opencode; that is the plugin's (plugin.ts).
 */
import type { HostSession } from "../../flow/lanes/host.ts";
import { SluiceError } from "../../sdk/errors.ts";
import type { HostSetup, PluginDoor, PluginReport } from "../host.ts";
import { tellSession } from "../tell-session.ts";

export class OpencodeDoor implements PluginDoor {
  readonly #setup: Pick<HostSetup, "door" | "note">;
  readonly #sessions = new Map<string, { session: HostSession; end: (reason: string) => void }>();
  #isClosed = false;

  constructor(setup: Pick<HostSetup, "door" | "note">) {
    this.#setup = setup;
    this.#note();
  }

  attach: PluginDoor["attach"] = ({ session: id, ...found }, push) => {
    // The same session in a second opencode: the one that spoke last is where the person is.
    this.#sessions.get(id)?.end("it was opened in another opencode");
    const session = this.#setup.door.attach({ id, ...found, send: push });
    let isThere = true;
    const end = (reason: string): void => {
      // Where the hub ends, its next life goes on with the session.
      if (!isThere || this.#isClosed) return;
      isThere = false;
      if (this.#sessions.get(id)?.end === end) this.#sessions.delete(id);
      session.gone(reason);
      this.#note();
    };
    this.#sessions.set(id, { session, end });
    push({ kind: "out", events: session.out(), attachment: session.attachment });
    this.#note();
    return () => end("opencode has closed it");
  };

  async report(id: string, report: PluginReport): Promise<void> {
    const session = this.#sessions.get(id)?.session;
    if (session === undefined)
      throw new SluiceError("not_found", `no session ${id} of opencode is open here`);
    await tellSession(session, report);
  }

  close(isOff: boolean): void {
    if (isOff)
      for (const { end } of this.#sessions.values()) end("opencode is not connected any more");
    this.#isClosed = true;
  }

  #note(): void {
    const count = this.#sessions.size;
    this.#setup.note([
      {
        gate: "plugin",
        isOpen: true,
        detail:
          count > 0
            ? `its plugin tells of ${count} ${count === 1 ? "session" : "sessions"}`
            : "its plugin tells of no session: one is told once a person has written in it, in an opencode that was started after connect",
      },
    ]);
  }
}
