/**
 * Hooks: what one call of a client's hook tells the hub, and what it is answered.
 *
 * Owns: the answer within its limit (SHIM-3); the permission for our own tools, the end of a turn on the user's word, and the calls that a client
 * gave up before they were read. Never: decides about an event; carries a tool's call out: the hub checks each one again.
 *
 * HALT-1 The client is told to stop at the end of a tool, or before our own tool runs: it then ends the turn. Helpers of the session
 *    are told as well.
 * HALT-2 The stop is over once the session itself was told, its turn ended, or its user typed: the next turn is the user's own.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { PERMIT, toPermit } from "../sdk/own-tool.ts";
import { isTypedPrompt } from "../sdk/typed-prompt.ts";
import { type Asks, toDecision, toDigestOf } from "./ask.ts";
import { HOOK_LIMIT_MS, type HookSignal, type HubLink, type ShimHookAnswer } from "./link.ts";
import type { Scheduled } from "./scheduled.ts";

const BELL_LIMIT_MS = 400;
/** Hooks whose answer nobody waits for. */
const ANSWERED_AT_ONCE = new Set([
  "PostToolUse",
  "PostToolUseFailure",
  "StopFailure",
  "SubagentStop",
  "Notification",
  "SessionEnd",
]);
const NO_OPINION = { content: [{ type: "text" as const, text: "{}" }] };

/** Each refusal is told once, at the user's next prompt: nobody reads what a shim writes. */
export class HubRefusals {
  #told: string | undefined;

  next(refusal: string | undefined): string | undefined {
    if (refusal === undefined || refusal === this.#told) return undefined;
    this.#told = refusal;
    return `Sluice: ${refusal}`;
  }
}

/**
 * Stops the model on the user's word from a chat or the page; a running tool or answer no hook can interrupt.
 *
 * Observed of Claude Code 2.1.332: the turn ends on the spot, with the reason on the screen and no Stop hook; the model reads it with its
 * next prompt ("PostToolUse:Bash hook stopped continuation: ...").
 * https://code.claude.com/docs/en/hooks#json-output
 */
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

type HookParts = {
  refusals: HubRefusals;
  link: HubLink;
  asks: Asks;
  halt: Halt;
  handed: Handed;
  scheduled: Scheduled;
  stall: StallWatch;
};

export async function answerHook(
  { link, asks, halt, handed, scheduled, stall, refusals }: HookParts,
  input: Record<string, unknown>,
  left: AbortSignal,
) {
  if (input["event"] !== "UserPromptSubmit") scheduled.note(input);
  const signal = toSignal(input, asks.open > 0, scheduled.prompts);
  if (signal.event === "PermissionRequest" || signal.event === "PermissionDenied")
    return toText(await answerPrompt({ asks, handed }, signal, input, left));
  const answered = link.signal(signal, toLimit(signal), stall.isStale());
  const halted = halt.answer(signal);
  if (halted !== undefined) {
    // The client ends the turn without a Stop: the hub would take it for busy.
    const ended = { ...signal, event: "Notification", notification: "idle_prompt" };
    if (signal.agentId === "") void link.signal(ended, HOOK_LIMIT_MS);
    return toText(halted);
  }
  if (ANSWERED_AT_ONCE.has(signal.event)) return NO_OPINION;
  const known = signal.event === "PreToolUse" ? toPermission(signal, handed) : undefined;
  const answer = known ?? (await answered);
  if (signal.event === "UserPromptSubmit") handed.note(JSON.stringify(answer));
  else if (signal.event !== "Stop") return toText(answer);
  const refusal = signal.event === "UserPromptSubmit" ? refusals.next(link.refusal) : undefined;
  const screen = [refusal, link.takeLateScreen(), answer["systemMessage"]].filter(
    (text) => typeof text === "string",
  );
  return toText(screen.length === 0 ? answer : { ...answer, systemMessage: screen.join("\n") });
}

/** What a session asks people, and what its client denied without asking. */
async function answerPrompt(
  { asks, handed }: Pick<HookParts, "asks" | "handed">,
  signal: HookSignal,
  fields: Record<string, unknown>,
  left: AbortSignal,
): Promise<ShimHookAnswer> {
  // Our own tools: on a busy machine the answer to PreToolUse may have come too late.
  if (toPermission(signal, handed) !== undefined) return toDecision({ behavior: "allow" });
  const input = typeof fields["tool_input"] === "string" ? fields["tool_input"] : "";
  const cwd = typeof fields["cwd"] === "string" ? fields["cwd"].slice(0, 4_096) : "";
  const { session, tool, agentId } = signal;
  const call = { session, tool, agentId, cwd, input };
  if (signal.event === "PermissionRequest") return asks.ask(call, left);
  const reason = typeof fields["reason"] === "string" ? fields["reason"].slice(0, 4_000) : "";
  return Promise.race([asks.denied({ ...call, reason }), sleep(HOOK_LIMIT_MS, {})]);
}

function toText(answer: ShimHookAnswer) {
  return { content: [{ type: "text" as const, text: JSON.stringify(answer) }] };
}

/**
 * Nobody waits in a turn that our bell started, and an answer that comes too late costs a request to the model that says nothing:
 * there a busy machine gets more time.
 */
function toLimit({ event, prompt }: HookSignal): number {
  const isBell = event === "UserPromptSubmit" && prompt.includes('Monitor event: "Sluice bell"');
  return isBell ? BELL_LIMIT_MS : HOOK_LIMIT_MS;
}

/** Longest piece of a prompt that matters: a bell's frame is far shorter, and a typed prompt is only known to be one. */
const PROMPT_MAX_CHARS = 4_000;
const EVENTS_MAX = 100;
/** A longer one is read as none. */
const TOOL_INPUT_MAX_CHARS = 1_000_000;

/**
 * `hasAsks`: a call waits for people, and the end of a tool may be the answer to it. `scheduled`: what the session has arranged for later.
 */
function toSignal(
  input: Record<string, unknown>,
  hasAsks: boolean,
  scheduled: readonly string[],
): HookSignal {
  const text = (key: string, maxChars: number): string => {
    const value = input[key];
    return typeof value === "string" ? value.slice(0, maxChars) : "";
  };
  const event = text("event", 64);
  const isEnd = event === "PostToolUse" || event === "PostToolUseFailure";
  const prompt = text("prompt", PROMPT_MAX_CHARS);
  const events = toEventIds(input["prompt"]);
  const source = text("source", 32);
  return {
    event,
    session: text("session", 128),
    promptId: text("prompt_id", 128),
    prompt,
    events,
    tool: text("tool", 256),
    toolUseId: text("tool_use_id", 128),
    toolInput: isEnd ? "" : toToolInput(text("tool_input", TOOL_INPUT_MAX_CHARS)),
    agentId: text("agent_id", 128),
    stopHookActive: text("stop_hook_active", 8) === "true",
    notification: text("notification", 64),
    reason: text("reason", 64),
    ...(isEnd && hasAsks ? { digest: toDigestOf(input["tool_input"]) } : {}),
    ...(event === "UserPromptSubmit"
      ? { typed: isTypedPrompt({ prompt, events, source, scheduled }) }
      : {}),
  };
}

/** Ids of the events that a prompt carries: on the channel lane they are the receipt, and the prompt is too long to pass on. */
function toEventIds(prompt: unknown): string[] {
  if (typeof prompt !== "string") return [];
  const found = prompt.matchAll(/\bevent_id="(evt_[0-9a-z]{26})"/g);
  return [...new Set([...found].map(([, id]) => id ?? ""))].slice(0, EVENTS_MAX);
}

// Permission for our own tools. A late answer to PreToolUse is no answer, and then the client opens a dialog that stops the session until
// somebody comes. On a busy machine the hub's answer can be late, so the shim answers where it can.

const HANDED_MAX = 2_000;
const EVENT_ID = /evt_[0-9a-z]{26}/g;

/** Ids that went to the client through this process. Text from outside may name others: the hub refuses to answer those. */
export class Handed {
  readonly #ids = new Set<string>();

  note(text: string): void {
    for (const [id] of text.matchAll(EVENT_ID)) this.#ids.add(id);
    for (const id of this.#ids) {
      if (this.#ids.size <= HANDED_MAX) return;
      this.#ids.delete(id);
    }
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }
}

/** The answer to a PreToolUse call; undefined where only the hub can know, or nobody has an opinion. */
export function toPermission(signal: HookSignal, handed: Handed): ShimHookAnswer | undefined {
  const permit = toPermit(signal.tool);
  if (permit === undefined) return undefined;
  if (permit === "at-once") return PERMIT;
  const id = readEventId(signal.toolInput);
  return id !== undefined && handed.has(id) ? PERMIT : undefined;
}

/** What the hub needs of a tool's input: a reply's text may be long, and cut JSON is none. */
export function toToolInput(text: string): string {
  const id = readEventId(text);
  return id === undefined ? "" : JSON.stringify({ event_id: id });
}

function readEventId(text: string): string | undefined {
  try {
    const input: unknown = JSON.parse(text);
    if (typeof input !== "object" || input === null || !("event_id" in input)) return undefined;
    return typeof input.event_id === "string" ? input.event_id.slice(0, 64) : undefined;
  } catch {
    // Most tools have other inputs, and a hook without one gives an empty text.
    return undefined;
  }
}

// Whether this process stood still (SIGSTOP, a debugger) for longer than its client waits for a hook. The calls that wait for it when it
// goes on were given up by the client: answered like fresh ones, their events would count as read. After a stall either timers or input
// may come first, so both are checked.

const TICK_MS = 200;
/** The client gives a hook up after 2 s. */
const STALL_MS = 1_500;
/** How long what comes in after a stall may still be old. */
const STALE_MS = 300;

export type StallWatch = {
  /** True for a call that comes in now and may have been given up. */
  isStale(): boolean;
  close(): void;
};

/** `now` is a clock that never jumps, in ms. */
export function openStallWatch(now: () => number = () => performance.now()): StallWatch {
  let tickedAt = now();
  let staleUntil = 0;
  const look = (): void => {
    if (now() - tickedAt > STALL_MS) staleUntil = now() + STALE_MS;
    tickedAt = now();
  };
  const timer = setInterval(look, TICK_MS);
  timer.unref();
  return {
    isStale() {
      look();
      return now() < staleUntil;
    },
    close: () => clearInterval(timer),
  };
}
