/**
 * The permission dialog: open for the person at it, for PermissionRequest hooks and for the relay, until the first one answers.
 *
 * Owns: that race, and telling the others that they lost it. Never: runs the tool; decides when a dialog is needed (tool-calls.ts).
 *
 * Observed of Claude Code: a person's No, and Esc, withdraw the hook call; their Yes leaves it pending. A hook without an opinion
 * leaves the dialog open. Relayed: docs only. https://code.claude.com/docs/en/channels-reference#relay-permission-prompts
 *
 * DIALOG-1 The first answer counts; a later one changes nothing.
 */
import type { FireHooks } from "./contract.ts";
import type { AskDialog } from "./contract.ts";
import type { Decision } from "./hooks.ts";
import type { Notebook } from "./note.ts";
import type { Relay } from "./relay.ts";
import type { Json } from "./wire.ts";

/** The person at a permission dialog. `signal` aborts when somebody else has answered. */
export type Approve = (
  toolName: string,
  input: Json,
  signal: AbortSignal,
) => boolean | Promise<boolean>;

export type DialogOptions = {
  fire: FireHooks;
  approve: Approve;
  relay: Relay;
  notebook: Notebook;
};

type Answer = { by: "local" | "hook" | "relay"; decision: Decision };

const NO: Decision = {
  behavior: "deny",
  message: "the user does not want this tool to be used",
};

/** @returns what opens a dialog; that throws when the turn is interrupted, and only then. */
export function newDialog({ fire, approve, relay, notebook }: DialogOptions): AskDialog {
  return async (toolName, input, fields, signal) => {
    const closed = new AbortController();
    const withdrawn = new AbortController();
    const withdraw = () => withdrawn.abort(new Error("interrupted"));
    signal.addEventListener("abort", withdraw, { once: true });
    const byHook = async (): Promise<Answer> => {
      const outputs = await fire("PermissionRequest", toolName, fields, Infinity, withdrawn.signal);
      const decision = outputs.find((output) => output.decision !== undefined)?.decision;
      return decision === undefined ? never() : { by: "hook", decision };
    };
    const byPerson = async (): Promise<Answer> => ({
      by: "local",
      decision: (await approve(toolName, input, closed.signal)) ? { behavior: "allow" } : NO,
    });
    const byRelay = async (): Promise<Answer> => {
      const behavior = await relay.ask(toolName, input, closed.signal);
      if (behavior === undefined) return never();
      return { by: "relay", decision: behavior === "allow" ? { behavior } : NO };
    };
    try {
      // The hooks are asked before the dialog is drawn: who approves at once still comes after them.
      const hooked = byHook();
      const { by, decision } = await orInterrupt(
        Promise.race([hooked, byRelay(), byPerson()]),
        signal,
      );
      if (by === "local" && decision.behavior === "deny") withdraw();
      notebook.counters.dialogs++;
      notebook.write({
        kind: "dialog",
        at: Date.now(),
        name: toolName,
        answer: decision.behavior,
        by,
      });
      return decision;
    } finally {
      closed.abort();
      signal.removeEventListener("abort", withdraw);
    }
  };
}

function never<T>(): Promise<T> {
  return new Promise(() => {});
}

async function orInterrupt<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const interrupted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
  // Nobody may wait for it any more when it comes.
  interrupted.catch(() => {});
  return Promise.race([work, interrupted]);
}
