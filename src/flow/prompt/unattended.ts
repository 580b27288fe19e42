/**
 * Prompts that nobody answers: when they expire, and the owner's policy for them.
 *
 * Owns: the timers of waiting prompts. Never: ends one itself (../prompt.ts), or notifies people in chats and on phones.
 *
 * UNATTENDED-1 No prompt waits for ever, and none ends in silence: the owner is notified, at most once a minute.
 * UNATTENDED-2 A change of the system clock neither ends a prompt early nor keeps it: the time that has passed in this life of the hub
 *    counts, and after a restart no more than a whole lifetime.
 */
import type { Clock } from "../../sdk/clock.ts";
import type { Prompt } from "../../sdk/prompt.ts";
import { SEND_FILES_TOOL } from "../../sdk/own-tool.ts";
import { toVisible } from "./show/visible.ts";

/** What happens when nobody has answered for `afterMs`: deny, keep waiting, or ask a second approver. */
export type UnattendedPolicy =
  | { action: "deny" | "wait"; afterMs: number }
  | { action: "hand"; afterMs: number; to: string };

export type UnattendedSettings = {
  /** After this the hook ends without an opinion, and the dialog at the terminal stays. */
  expireAfterMs: number;
  policy: UnattendedPolicy | undefined;
};

export type UnattendedOptions = {
  clock: Clock;
  readSettings: () => UnattendedSettings;
  deny: (prompt: Prompt, reason: string) => void;
  hand: (prompt: Prompt, to: string) => void;
  expire: (prompt: Prompt, reason: string) => void;
  notifyOwner: (text: string) => void;
};

const TELL_EVERY_MS = 60_000;
const TELL_MAX = 10;
const TOLD_MAX_CHARS = 300;

export class Unattended {
  readonly #options: UnattendedOptions;
  readonly #timers = new Map<string, (() => void)[]>();
  readonly #untold: string[] = [];
  #cancelTelling: (() => void) | undefined;

  constructor(options: UnattendedOptions) {
    this.#options = options;
  }

  /** Begins to watch a prompt that waits. */
  watch(prompt: Prompt): void {
    this.forget(prompt.id);
    const { clock, readSettings, deny, hand, expire } = this.#options;
    const { expireAfterMs, policy } = readSettings();
    // UNATTENDED-2
    const leftMs = Math.min(expireAfterMs, Math.max(0, prompt.expiresAt - clock.now()));
    const waitedMs = expireAfterMs - leftMs;
    const timers = [
      clock.after(leftMs, () => {
        const isOurs = prompt.tool === SEND_FILES_TOOL;
        const time = toTime(expireAfterMs);
        const rest = isOurs ? "the files were not sent" : "it waits at the terminal";
        this.tell(prompt, `had no answer for ${time}; ${rest}`);
        const end = isOurs ? rest : "the dialog at the terminal stays";
        expire(prompt, `nobody answered within ${time}; ${end}`);
      }),
    ];
    if (policy !== undefined && policy.afterMs < expireAfterMs && prompt.handedTo === undefined) {
      const waited = toTime(policy.afterMs);
      const act = (): void => {
        switch (policy.action) {
          case "deny":
            this.tell(prompt, `had no answer for ${waited} and is denied`);
            return deny(prompt, `nobody answered within ${waited}; go on with something else`);
          case "hand":
            this.tell(prompt, `had no answer for ${waited}; ${policy.to} is asked`);
            return hand(prompt, policy.to);
          case "wait":
            return this.tell(prompt, `has had no answer for ${waited}, and goes on waiting`);
          default:
            return policy satisfies never;
        }
      };
      timers.push(clock.after(Math.max(0, policy.afterMs - waitedMs), act));
    }
    this.#timers.set(prompt.id, timers);
  }

  forget(id: string): void {
    for (const cancel of this.#timers.get(id) ?? []) cancel();
    this.#timers.delete(id);
  }

  close(): void {
    for (const id of this.#timers.keys()) this.forget(id);
    this.#cancelTelling?.();
  }

  /** Tells the owner of a prompt, at most once a minute (UNATTENDED-1): the first at once, the following together. */
  tell({ tool, sessionName, code }: Prompt, what: string): void {
    const name = code === "" ? tool : `${tool} (${code})`;
    this.#untold.push(toVisible(`${sessionName}: ${name} ${what.slice(0, TOLD_MAX_CHARS)}`));
    if (this.#cancelTelling !== undefined) return;
    this.#flush();
    this.#cancelTelling = this.#options.clock.after(TELL_EVERY_MS, () => {
      this.#cancelTelling = undefined;
      this.#flush();
    });
  }

  #flush(): void {
    const lines = this.#untold.splice(0);
    if (lines.length === 0) return;
    const more = lines.length - TELL_MAX;
    const shown = lines.slice(0, TELL_MAX).join("\n");
    this.#options.notifyOwner(`Sluice: ${shown}${more > 0 ? `\nand ${more} more` : ""}`);
  }
}

function toTime(ms: number): string {
  return ms % 60_000 === 0 ? `${ms / 60_000} min` : `${Math.round(ms / 1_000)} s`;
}
