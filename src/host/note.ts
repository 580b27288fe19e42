/**
 * The visible part of a reference session: its notes, in order, and its counters.
 *
 * Owns: the names of what happened. Never: makes it happen (session.ts) or prints it (render.ts).
 */
import type { GateOutcome } from "./gates.ts";
import type { HookMoment } from "./hooks.ts";
import type { Json } from "./wire.ts";

/** What started a turn. */
export type TurnKind = "channel" | "typed" | "bell";

/** How a text reached the model: as the prompt of a turn, as context that a hook added, or as the result of a tool. */
export type ReadHow = TurnKind | "context" | "tool";

/** One text that the model read. */
export type Read = { kind: "read"; at: number; how: ReadHow; text: string; promptId: string };

export type HostNote =
  | Read
  | { kind: "turn-start"; at: number; turn: TurnKind; promptId: string; sessionId: string }
  | {
      kind: "turn-end";
      at: number;
      promptId: string;
      how: "stop" | "interrupt" | "failure" | "blocked";
      reason?: string;
    }
  | {
      kind: "tool";
      at: number;
      promptId: string;
      name: string;
      input: Json;
      output: string;
      isError: boolean;
    }
  | {
      kind: "hook";
      at: number;
      moment: HookMoment;
      tool: string;
      input: Json;
      output: string;
      tookMs: number;
    }
  | { kind: "hook-failed"; at: number; moment: HookMoment; tool: string; reason: string }
  | {
      kind: "dialog";
      at: number;
      name: string;
      answer: "allow" | "deny";
      by: "local" | "hook" | "relay";
    }
  | { kind: "relayed"; at: number; requestId: string; name: string }
  /** A verdict of the server; `counted` where it answered a request that was open. */
  | { kind: "verdict"; at: number; requestId: string; behavior: string; counted: boolean }
  /** A hook has ended the turn. */
  | { kind: "halted"; at: number; promptId: string; reason: string }
  /** A notification that the model will never read. */
  | { kind: "dropped"; at: number; server: string; reason: string; params: Json }
  | { kind: "dropped-keys"; at: number; keys: readonly string[] }
  | { kind: "queued"; at: number; turn: TurnKind; text: string }
  | { kind: "bell-lost"; at: number; lines: readonly string[] }
  | { kind: "garbage"; at: number; line: string }
  /** Esc before the model had done anything: prompt and context go out of the conversation again. */
  | { kind: "taken-back"; at: number; promptId: string }
  | { kind: "cleared"; at: number; sessionId: string }
  | { kind: "server-gone"; at: number; server: string; reason: string }
  /** What became of a server at the gates of channels, with the line that the client logs. */
  | { kind: "channel"; at: number; server: string; outcome: GateOutcome; line: string }
  /** What the client shows on its screen and no model reads. */
  | { kind: "notice"; at: number; text: string };

export type Counters = {
  turns: number;
  interrupts: number;
  /** Notifications the model never read. */
  dropped: number;
  droppedKeys: number;
  toolCalls: number;
  hookCalls: number;
  /** Hooks that timed out, were refused, or found no server. */
  hookFailures: number;
  /** Tool calls that no hook allowed: a person was asked, or a classifier. */
  dialogs: number;
  /** Monitor lines that the client suppressed for their rate. */
  bellLinesLost: number;
  /** Lines on the server's stdout that were no JSON-RPC. */
  garbageLines: number;
};

function newCounters(): Counters {
  return {
    turns: 0,
    interrupts: 0,
    dropped: 0,
    droppedKeys: 0,
    toolCalls: 0,
    hookCalls: 0,
    hookFailures: 0,
    dialogs: 0,
    bellLinesLost: 0,
    garbageLines: 0,
  };
}

/** What of all that was read still stands in the conversation: without what Esc took back, from the last /clear on. */
export function toConversation(notes: readonly HostNote[]): Read[] {
  let standing: Read[] = [];
  for (const note of notes) {
    if (note.kind === "read") standing.push(note);
    if (note.kind === "cleared") standing = [];
    if (note.kind === "taken-back") {
      standing = standing.filter(({ promptId }) => promptId !== note.promptId);
    }
  }
  return standing;
}

/** The one place where a session writes down what happens. */
export type Notebook = {
  readonly notes: HostNote[];
  readonly counters: Counters;
  write(note: HostNote): void;
  /** Calls `observer` for each note from now on; returns what ends that. */
  observe(observer: (note: HostNote) => void): () => void;
  /** The first note, past or to come, that fits. @throws Error after `timeoutMs`. */
  until(fits: (note: HostNote) => boolean, timeoutMs: number): Promise<HostNote>;
};

/** `keep`: up to twice as many notes are held, then the oldest go. */
export function newNotebook(keep = Infinity): Notebook {
  const notes: HostNote[] = [];
  const observers = new Set<(note: HostNote) => void>();
  const observe: Notebook["observe"] = (observer) => {
    observers.add(observer);
    return () => observers.delete(observer);
  };
  return {
    notes,
    counters: newCounters(),
    write(note) {
      notes.push(note);
      if (notes.length >= keep * 2) notes.splice(0, notes.length - keep);
      for (const observer of observers) observer(note);
    },
    observe,
    until(fits, timeoutMs) {
      const past = notes.find(fits);
      if (past !== undefined) return Promise.resolve(past);
      const { promise, resolve, reject } = Promise.withResolvers<HostNote>();
      const seen = () => notes.map(({ kind }) => kind).join(" ") || "none";
      const timer = setTimeout(
        () => reject(new Error(`no such note within ${timeoutMs} ms; seen: ${seen()}`)),
        timeoutMs,
      );
      const stop = observe((note) => {
        if (fits(note)) resolve(note);
      });
      return promise.finally(() => {
        clearTimeout(timer);
        stop();
      });
    },
  };
}
