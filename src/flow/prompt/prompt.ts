/**
 * Stage 10, prompts: what a session asks people, and how their answer gets back to it.
 *
 * Owns: the life of a prompt, from the waiting call to the answer, and reporting its changes. Its parts: src/flow/prompt.
 * Never: knows a chat, a page or a phone: those watch prompts, and answer them through this file.
 *
 * PROMPT-1 One answer leaves, by one way: by the hook where a call waits in it, else by the client's relay; and only after COMMIT.
 * PROMPT-2 The first answer counts, wherever it comes from; an answer at the terminal retires the prompt.
 * PROMPT-3 A prompt outlives the hub. After a restart the shim asks again with its key; a prompt whose session does not come back is
 *    retired.
 * PROMPT-4 Where nobody answers, the hub gives no answer: the dialog at the terminal decides.
 * PROMPT-5 A prompt ends even if the disk fails: an end that could not be written is tried again.
 */
import type { Clock } from "../../sdk/clock.ts";
import { toMessage } from "../../sdk/errors.ts";
import type { Logger } from "../../sdk/log.ts";
import type { Decider, Prompt, PromptChange, Verdict, VerdictOutcome } from "../../sdk/prompt.ts";
import { isTypedPrompt } from "../../sdk/typed-prompt.ts";
import type { Database } from "../../store/file/database.ts";
import {
  closePrompt,
  findAsk,
  findByCode,
  findPrompt,
  handOver,
  listAsks,
  listPrompts,
  type PromptFilter,
  setAskState,
} from "../../store/prompts/prompts.ts";
import type { Attachment } from "../session/attachment.ts";
import type { HookCall } from "../deliver/hook.ts";
import type { Leases } from "../session/leases.ts";
import { Answers } from "./answers.ts";
import {
  type HookAsk,
  type IntakeOptions,
  type RelayAsk,
  takeHookAsk,
  takeRelayAsk,
  toRelayKey,
  type CreateOutcome,
} from "./create-prompt.ts";
import { toAuditLine } from "./audit.ts";
import { toPreviewFacts } from "./call.ts";
import { type DeniedAsk, keepDenied } from "./denied.ts";
import { closeWith, type DecideOptions, writeVerdict } from "./decide.ts";
import { Holds } from "./holds.ts";
import { type TerminalSignal, toTerminalEnds } from "./terminal-answer.ts";
import { lookAtCall } from "./look.ts";
import { RequestDedup } from "./request-dedup.ts";
import { Unattended, type UnattendedSettings } from "./unattended.ts";
import type { AskAnswer } from "./verdict.ts";
import { RetryWrites } from "../retry-write.ts";

export type PromptsOptions = Omit<IntakeOptions, "dedup" | "expireAfterMs"> &
  Pick<DecideOptions, "isApprover"> & {
    db: Database;
    clock: Clock;
    log: Logger;
    leases: Pick<Leases, "find" | "push"> & Iterable<Attachment>;
    readSettings: () => UnattendedSettings;
    /** Carries a line to the owners. Must not throw. */
    notifyOwner: (text: string) => void;
    /** A person has typed at a session. Must not throw. */
    typed?: () => void;
  };

/** After a restart of the hub: how long a prompt waits for its session. */
const RETURN_MS = 30_000;

export class Prompts {
  readonly holds: Holds;
  readonly #options: PromptsOptions;
  readonly #intake: IntakeOptions;
  readonly #answers: Answers;
  readonly #unattended: Unattended;
  readonly #decide: DecideOptions;
  readonly #writes: RetryWrites;
  readonly #listeners = new Set<(change: PromptChange) => void>();
  readonly #pending = new Map<string, Prompt>();
  /** Those that wait, so that a hook costs nothing where none does. The store has the truth. */
  readonly pending: ReadonlyMap<string, Prompt> = this.#pending;
  readonly #cancelReturn: () => void;

  constructor(options: PromptsOptions) {
    const { db, clock, readSettings, notifyOwner } = options;
    this.#options = options;
    const expireAfterMs = (): number => readSettings().expireAfterMs;
    this.#writes = new RetryWrites(options);
    this.holds = new Holds({
      ...options,
      writes: this.#writes,
      denyOpen: (session, by, reason) => this.#denyOpen(session, by, reason),
    });
    this.#answers = new Answers({ ...options, lifeMs: expireAfterMs, writes: this.#writes });
    const readFolder = (id: string): string => options.leases.find(id)?.client.cwd ?? "";
    this.#decide = { ...options, readFolder };
    this.#intake = { ...options, dedup: new RequestDedup(clock), expireAfterMs };
    this.#unattended = new Unattended({
      clock,
      readSettings,
      notifyOwner,
      expire: (prompt, reason) => this.#endLater(prompt, "expired", reason),
      deny: (prompt, reason) => this.#settle(prompt, () => this.#answer(prompt, reason)),
      hand: (prompt, to) => this.#settle(prompt, () => this.#hand(prompt, to)),
    });
    for (const { prompt } of listPrompts(db, { state: "pending" })) this.#hold(prompt);
    const retireLost = (): Promise<void> => this.#retireLost();
    this.#cancelReturn = clock.after(RETURN_MS, () =>
      this.#writes.runWithRetry("prompts of an earlier life", retireLost, retireLost),
    );
  }

  /** A call waits in the hook. Resolves when it is written down; its answer is told to who waits under its key. */
  async ask(attachment: Attachment, ask: HookAsk): Promise<void> {
    const look = await this.#look(attachment, ask);
    const { db } = this.#options;
    this.#told(await db.write(() => takeHookAsk(this.#intake, attachment, ask, look)));
  }

  /** A call waits in the client's relay. Its verdict leaves over the lease. False: what had this id is over, and its answer has left. */
  async relay(attachment: Attachment, ask: RelayAsk): Promise<boolean> {
    const { cwd = attachment.client.cwd } = ask;
    const facts = await toPreviewFacts(ask.tool, ask.preview, async (input) => {
      const { assessment } = await this.#look(attachment, { tool: ask.tool, input, cwd });
      return assessment;
    });
    const { db } = this.#options;
    const taken = await db.write(() => takeRelayAsk(this.#intake, attachment, ask, facts));
    const asked = findAsk(db, toRelayKey(attachment.id, ask.session, ask.requestId));
    this.#told(taken);
    this.#answers.sendRelayed(attachment);
    return asked?.state === "waiting" && taken.prompt.state !== "retired";
  }

  /** The client has denied a call by itself: the owner is told. */
  async denied(attachment: Attachment, ask: DeniedAsk): Promise<{ retry: boolean }> {
    const { db } = this.#options;
    const look = await this.#look(attachment, ask);
    const { prompt, retry } = await db.write(() => keepDenied(this.#intake, attachment, ask, look));
    this.#unattended.tell(prompt, `was denied by the client: ${ask.reason}`);
    this.#emit({ prompt, kind: "closed" });
    return { retry };
  }

  /** The answer for a call that waits in the hook; `pending` after `limitMs`, or when the caller left. */
  wait(key: string, limitMs: number, left?: AbortSignal): Promise<AskAnswer> {
    return this.#answers.wait(key, limitMs, left);
  }

  /** The client has withdrawn a call: somebody answered at the terminal. */
  async cancel(key: string): Promise<void> {
    const ask = findAsk(this.#options.db, key);
    const prompt = ask === undefined ? undefined : this.#pending.get(ask.prompt);
    if (ask === undefined || prompt === undefined) return;
    await this.#endCall(prompt, key, "answered at the terminal");
  }

  /** A hook of a session came: what was answered at the terminal is over. */
  noteHook(
    { client }: Pick<Attachment, "client">,
    sign: TerminalSignal & Pick<HookCall, "prompt" | "events" | "typed">,
  ): void {
    // A shim of an older version does not say who wrote a prompt.
    const { typed = sign.event === "UserPromptSubmit" && isTypedPrompt(sign) } = sign;
    // A run without a person at it (-p) is given its prompt by whatever started it.
    const isPerson = typed && client.interactive;
    if (isPerson) this.#options.typed?.();
    if (isPerson) this.holds.typed(sign.session);
    if (this.#pending.size === 0) return;
    for (const { prompt, calls, reason } of toTerminalEnds([...this.#pending.values()], sign)) {
      if (calls === "all") this.#endLater(prompt, "retired", reason);
      else this.#settle(prompt, () => this.#endCall(prompt, undefined, reason));
    }
  }

  /** Its shim is connected: verdicts that could not leave do now. */
  attached(attachment: Attachment): void {
    this.#answers.sendRelayed(attachment);
  }

  /** The session is gone, and with it every dialog. */
  lost(attachment: Attachment, reason: string): void {
    const { db } = this.#options;
    const retire = async (): Promise<void> => {
      for (const { prompt } of listPrompts(db, { state: "pending", attachment: attachment.id }))
        this.#endLater(prompt, "retired", `the session is gone: ${reason}`);
    };
    this.#writes.runWithRetry(attachment.id, retire, retire);
  }

  /** Answers a prompt, by its id or by the code that was typed (PROMPT-2). */
  async decide(
    by: Decider,
    ref: string,
    verdict: Verdict,
    typedCode?: string,
  ): Promise<VerdictOutcome> {
    const { db } = this.#options;
    const outcome = await db.write(() => writeVerdict(this.#decide, by, ref, verdict, typedCode));
    if (outcome.kind === "done") this.#closed(outcome.prompt);
    if (outcome.kind === "done" && outcome.rule !== undefined)
      this.#options.notifyOwner(
        `Sluice: ${by.who} made a rule: ${outcome.rule.line}. If it was not you: sluice rule remove ${outcome.rule.id}`,
      );
    return outcome;
  }

  /** Newest first. */
  list(filter: PromptFilter = {}): Prompt[] {
    return listPrompts(this.#options.db, filter).map(({ prompt }) => prompt);
  }

  /** By its id, or by the code of one that waits or lately did. */
  find(ref: string): Prompt | undefined {
    const { db } = this.#options;
    const row = ref.startsWith("prm_") ? findPrompt(db, ref) : findByCode(db, ref.toLowerCase());
    return row?.prompt;
  }

  /** Calls `listener` after each change is on disk. Returns how to stop. */
  watch(listener: (change: PromptChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#cancelReturn();
    this.#writes.close();
    this.#unattended.close();
    this.#answers.close();
    this.#listeners.clear();
  }

  /** Before the transaction: a slow disk holds nothing up but this call. */
  #look({ client }: Attachment, { tool, input, cwd }: Pick<HookAsk, "tool" | "input" | "cwd">) {
    return lookAtCall(this.#options, { tool, input, cwd, folder: client.cwd });
  }

  async #denyOpen(session: string, by: Decider, reason: string): Promise<number> {
    const open = [...this.#pending.values()].filter((prompt) => prompt.session === session);
    const outcomes = await Promise.all(
      open.map(({ id }) => this.decide(by, id, { kind: "deny", reason })),
    );
    return outcomes.filter(({ kind }) => kind === "done").length;
  }

  #told({ prompt, kind }: CreateOutcome): void {
    if (kind === "known") return;
    if (kind === "closed") return this.#closed(prompt);
    this.#hold(prompt);
    this.#emit({ prompt, kind });
  }

  #hold(prompt: Prompt): void {
    const isKnown = this.#pending.has(prompt.id);
    this.#pending.set(prompt.id, prompt);
    if (!isKnown) this.#unattended.watch(prompt);
  }

  /** A prompt has ended, on disk: its answer leaves (PROMPT-1), and who watches hears. */
  #closed(prompt: Prompt): void {
    this.#pending.delete(prompt.id);
    this.#unattended.forget(prompt.id);
    this.#answers.send(prompt.id);
    this.#emit({ prompt, kind: "closed" });
  }

  /** One call of a prompt is over: that of `key`, or the first that waits. With the last one the prompt is. */
  async #endCall(prompt: Prompt, key: string | undefined, reason: string): Promise<void> {
    const { db } = this.#options;
    const left = await db.write(() => {
      const hooks = listAsks(db, prompt.id).filter(
        ({ way, state }) => way === "hook" && state === "waiting",
      );
      const ended = key ?? hooks[0]?.key;
      if (ended !== undefined) setAskState(db, ended, "over");
      return { ended, others: hooks.filter((one) => one.key !== ended).length };
    });
    if (left.ended !== undefined) this.#answers.release(left.ended);
    if (left.others === 0) return this.#end(prompt, "retired", reason);
    const changed = findPrompt(db, prompt.id)?.prompt;
    if (changed?.state !== "pending") return;
    this.#pending.set(changed.id, changed);
    this.#emit({ prompt: changed, kind: "changed" });
  }

  async #end(prompt: Prompt, state: "expired" | "retired", reason: string): Promise<void> {
    const { db, clock, note } = this.#options;
    const at = clock.now();
    const isFirst = await db.write(() => {
      const ended = closePrompt(db, prompt.id, { state, at, reason });
      if (ended) note("hub", state, `${reason}: ${toAuditLine(prompt)}`);
      return ended;
    });
    if (isFirst) this.#closed({ ...prompt, state, reason });
  }

  /** The owner's policy speaks, because nobody did. */
  async #answer(prompt: Prompt, reason: string): Promise<void> {
    const { db, clock } = this.#options;
    const verdict = { kind: "deny", reason } as const;
    const outcome = { verdict, by: "hub", via: "policy", at: clock.now() } as const;
    const isFirst = await db.write(() => closeWith(this.#options, prompt, outcome));
    if (isFirst) this.#closed({ ...prompt, state: "answered", outcome });
  }

  async #hand(prompt: Prompt, to: string): Promise<void> {
    const { db, note } = this.#options;
    const isOpen = await db.write(() => {
      const handed = handOver(db, prompt.id, to);
      if (handed) note("hub", "hand-over", `to ${to}: ${toAuditLine(prompt)}`);
      return handed;
    });
    if (!isOpen) return;
    const handed = { ...prompt, handedTo: to };
    this.#pending.set(prompt.id, handed);
    this.#emit({ prompt: handed, kind: "changed" });
  }

  /** PROMPT-3 */
  async #retireLost(): Promise<void> {
    const { db, leases } = this.#options;
    for (const { prompt, attachment } of listPrompts(db, { state: "pending" })) {
      if (leases.find(attachment) !== undefined) continue;
      const reason = "the hub was restarted, and the session has not come back";
      this.#endLater(prompt, "retired", reason);
    }
  }

  #emit(change: PromptChange): void {
    for (const listener of this.#listeners) {
      try {
        listener(change);
      } catch (thrown) {
        // One way out to people must not close the others.
        this.#options.log.error({ error: toMessage(thrown) }, "a prompt could not be passed on");
      }
    }
  }

  #endLater(prompt: Prompt, state: "expired" | "retired", reason: string): void {
    this.#settle(prompt, () => this.#end(prompt, state, reason));
  }

  /** PROMPT-5. Each of these compares what stands there when it writes: a second try changes nothing that another way has changed. */
  #settle({ id }: Prompt, work: () => Promise<void>): void {
    this.#writes.runWithRetry(id, work, work);
  }
}
