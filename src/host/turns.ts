/**
 * The turns of a session: the prompts that wait, the start of a turn, prompts that join a running turn, and its end.
 *
 * Owns: the queue and the order of hooks around a turn. Never: where prompts come from (session.ts).
 *
 * Observed of Claude Code, for what arrives while a turn runs:
 * - a bell line is handed over after the next tool result, in the running turn and under its prompt id; without one it starts the next
 * turn;
 * - a typed prompt asks its hooks at once, under the running turn's prompt id, and is handed over in the same way; without a tool result
 *   it starts the next turn, under a new prompt id and without asking again;
 * - channel events wait for the next turn and come together;
 * - Esc takes a typed prompt back out of the conversation, with its context, if the model had done nothing yet; a bell's stays.
 *
 * TURN-1 A text reaches the model at most once, and every text that does is noted as read.
 * TURN-2 One turn at a time; texts that wait keep their order.
 */
import { randomUUID } from "node:crypto";
import { toMessage } from "../sdk/index.ts";
import { toBellReading, toContextReading, wrapUntrusted } from "./channel-text.ts";
import type { FireHooks } from "./contract.ts";
import type { HookOutput } from "./hooks.ts";
import type { Notebook, Read, TurnKind } from "./note.ts";
import type { CallTool, RunTool, ToolOutput } from "./tool-calls.ts";
import type { Json } from "./wire.ts";

/** What a model gets to see of one turn, and what it can do in it. */
export type ModelTurn = {
  promptId: string;
  kind: TurnKind;
  /** All of it as it stands in the request: the prompt, then what hooks added. */
  text: string;
  /** The prompt as hooks get it. */
  prompt: string;
  /** What hooks added; each stands as a message of role `system`. */
  context: readonly string[];
  /** Aborted by `interrupt`. */
  signal: AbortSignal;
  /** Calls a tool of the server, through hooks and permission, as the model would. Throws once the turn is interrupted. */
  callTool(
    name: string,
    input?: Json,
    options?: { agentId?: string },
  ): Promise<ToolOutput & { arrived: readonly string[] }>;
  /** Uses a tool of the client itself, through hooks and permission; `run` stands in for it. Default: its result is its input. */
  useTool(
    name: string,
    input: Json,
    options?: { agentId?: string; run?: RunTool },
  ): Promise<ToolOutput & { arrived: readonly string[] }>;
};

/** Stands in for the model: reads a turn, calls tools, returns its last words. A throw is an API error. */
export type Model = (turn: ModelTurn) => Promise<string | void> | string | void;

export type TurnsOptions = {
  serverName: string;
  notebook: Notebook;
  fire: FireHooks;
  callTool: CallTool;
  model: Model;
  sessionId(): string;
  /** Further fields of a Stop hook's input. */
  stopFields(): Json;
};

export type Turns = {
  readonly busy: boolean;
  /** Prompt id of the running or the last turn; undefined before the first. */
  readonly promptId: string | undefined;
  enqueue(kind: TurnKind, text: string): void;
  interrupt(): void;
  /** Resolves when no turn runs and nothing waits. */
  idle(): Promise<void>;
  /** Forgets what waits, ends the running turn and takes nothing more. */
  close(): Promise<void>;
};

type Item = {
  kind: TurnKind;
  text: string;
  /** It arrived while a turn ran. */
  late: boolean;
  /** Hook outputs of a typed prompt that were asked for when it was typed. */
  asked?: Promise<HookOutput[]>;
};

type Ending = { how: "stop" | "interrupt" | "failure" | "blocked"; reason?: string };

/** Stop hooks in a row that may hold a turn open. */
const STOP_BLOCKS_MAX = 8;

export function newTurns({
  serverName,
  notebook,
  fire,
  callTool,
  model,
  sessionId,
  stopFields,
}: TurnsOptions): Turns {
  let queue: Item[] = [];
  let running: AbortController | undefined;
  let promptId: string | undefined;
  let draining: Promise<void> | undefined;
  let closed = false;

  const read = (how: Read["how"], text: string, prompt: string) => {
    notebook.write({ kind: "read", at: Date.now(), how, text, promptId: prompt });
    return text;
  };
  const take = (fits: (item: Item) => boolean): Item[] => {
    const taken = queue.filter(fits);
    queue = queue.filter((item) => !fits(item));
    return taken;
  };
  const ask = (item: Item, id: string) =>
    item.asked ?? fire("UserPromptSubmit", "", { prompt_id: id, prompt: item.text });

  /** After a tool result: what arrived meanwhile joins the running turn. */
  const handOver = async (id: string, signal: AbortSignal): Promise<string[]> => {
    const arrived: string[] = [];
    for (const item of take(({ kind }) => kind !== "channel")) {
      const outputs = await ask(item, id);
      signal.throwIfAborted();
      if (isBlocked(outputs)) continue;
      arrived.push(
        read(item.kind, item.kind === "bell" ? toBellReading(item.text, false) : item.text, id),
      );
      for (const context of toContexts(outputs))
        arrived.push(read("context", toContextReading("UserPromptSubmit", context), id));
    }
    return arrived;
  };

  /** A turn from its prompt to its Stop. */
  const live = async (
    items: readonly [Item, ...Item[]],
    id: string,
    signal: AbortSignal,
  ): Promise<Ending> => {
    const { kind, late } = items[0];
    const texts = items.map(({ text }) => text);
    const prompt = kind === "channel" && late ? wrapUntrusted(serverName, texts) : texts.join("\n");
    const outputs = await (items[0].asked ?? ask({ ...items[0], text: prompt }, id));
    signal.throwIfAborted();
    if (isBlocked(outputs)) return { how: "blocked" };
    let message = kind === "bell" ? toBellReading(prompt, true) : prompt;
    for (const text of kind === "channel" ? texts : [message]) read(kind, text, id);
    let context = toContexts(outputs).map((text) => toContextReading("UserPromptSubmit", text));
    for (let blocks = 0; ; blocks++) {
      for (const text of context) read("context", text, id);
      const lastWords = await model({
        promptId: id,
        kind,
        text: [message, ...context].filter((part) => part !== "").join("\n\n"),
        prompt,
        context,
        signal,
        async callTool(name, input = {}, { agentId } = {}) {
          const agent = agentId === undefined ? {} : { agentId };
          const output = await callTool({ name, input, promptId: id, signal, ...agent });
          return { ...output, arrived: await handOver(id, signal) };
        },
        async useTool(name, input, { agentId, run = (given: Json) => JSON.stringify(given) } = {}) {
          const agent = agentId === undefined ? {} : { agentId };
          const output = await callTool({ name, input, promptId: id, signal, run, ...agent });
          return { ...output, arrived: await handOver(id, signal) };
        },
      });
      signal.throwIfAborted();
      const fields = {
        prompt_id: id,
        stop_hook_active: blocks > 0,
        last_assistant_message: lastWords ?? "",
        ...stopFields(),
      };
      const ends = await fire("Stop", "", fields);
      const reasons = ends.flatMap(({ additionalContext, block }) =>
        [additionalContext, block].filter((text) => text !== undefined),
      );
      if (reasons.length === 0 || blocks + 1 >= STOP_BLOCKS_MAX) return { how: "stop" };
      context = reasons.map((text) => toContextReading("Stop", text));
      message = "";
    }
  };

  const runTurn = async (items: readonly [Item, ...Item[]]): Promise<void> => {
    const controller = new AbortController();
    const { signal } = controller;
    const id = randomUUID();
    running = controller;
    promptId = id;
    notebook.counters.turns++;
    notebook.write({
      kind: "turn-start",
      at: Date.now(),
      turn: items[0].kind,
      promptId: id,
      sessionId: sessionId(),
    });
    let ending: Ending;
    try {
      ending = await orAbort(live(items, id, signal), signal);
    } catch (error) {
      ending = signal.aborted ? { how: "interrupt" } : { how: "failure", reason: toMessage(error) };
    }
    if (ending.how === "failure") {
      const lastWords = `API Error: ${ending.reason}`;
      await fire("StopFailure", "", {
        prompt_id: id,
        error: "unknown",
        last_assistant_message: lastWords,
      });
    }
    if (ending.how === "interrupt" && items[0].kind === "typed" && !hasActed(id)) {
      notebook.write({ kind: "taken-back", at: Date.now(), promptId: id });
    }
    running = undefined;
    notebook.write({ kind: "turn-end", at: Date.now(), promptId: id, ...ending });
  };

  const hasActed = (id: string) =>
    notebook.notes.some((note) => note.kind === "tool" && note.promptId === id);

  const drain = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      const rest =
        item.kind === "channel" && item.late ? take(({ kind }) => kind === "channel") : [];
      await runTurn([item, ...rest]);
    }
  };

  return {
    get busy() {
      return running !== undefined;
    },
    get promptId() {
      return promptId;
    },
    enqueue(kind, text) {
      if (closed) return;
      const item: Item = { kind, text, late: draining !== undefined };
      if (kind === "typed" && running !== undefined && promptId !== undefined)
        item.asked = ask(item, promptId);
      queue.push(item);
      if (item.late) notebook.write({ kind: "queued", at: Date.now(), turn: kind, text });
      draining ??= drain().finally(() => (draining = undefined));
    },
    interrupt() {
      if (running === undefined || running.signal.aborted) return;
      notebook.counters.interrupts++;
      running.abort(new Error("interrupted"));
    },
    async idle() {
      while (draining !== undefined) await draining;
    },
    async close() {
      closed = true;
      queue = [];
      this.interrupt();
      await this.idle();
    },
  };
}

function isBlocked(outputs: readonly HookOutput[]): boolean {
  return outputs.some(({ block }) => block !== undefined);
}

function toContexts(outputs: readonly HookOutput[]): string[] {
  return outputs.flatMap(({ additionalContext }) => additionalContext ?? []);
}

async function orAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  // The turn ends at once; what a model or a hook still does is its own affair, and its rejection is no news.
  work.catch(() => {});
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
