/**
 * Stops the model on the user's word from a chat or the page.
 *
 * Owns: the hook whose answer stops the turn. Never: interrupts a running tool or answer: no hook can.
 *
 * HALT-1 The client is told to stop at the end of a tool, or before our own tool runs: it then ends the turn. Helpers of the session
 *    are told as well.
 * HALT-2 The stop is over once the session itself was told, its turn ended, or its user typed: the next turn is the user's own.
 *
 * Observed of Claude Code 2.1.332: the turn ends on the spot, with the reason on the screen and no Stop hook; the model reads it with its
 * next prompt ("PostToolUse:Bash hook stopped continuation: ...").
 * https://code.claude.com/docs/en/hooks#json-output
 */
import type { ShimHookAnswer, HookSignal } from "./link.ts";

export class Halt {
  #reason: string | undefined;

  begin(reason: string): void {
    this.#reason = reason;
  }

  /** What the hook is answered with; undefined where nothing is to be stopped. */
  answer({ event, agentId, typed }: HookSignal): ShimHookAnswer | undefined {
    const reason = this.#reason;
    if (reason === undefined) return undefined;
    if (typed === true || event === "Stop" || event === "StopFailure") this.#reason = undefined;
    if (!/^(?:PreToolUse|PostToolUse|PostToolUseFailure)$/.test(event)) return undefined;
    if (agentId === "") this.#reason = undefined;
    return { continue: false, stopReason: reason };
  }
}
