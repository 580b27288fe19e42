/**
 * Answers on their way to the sessions that asked.
 *
 * Owns: which way an answer leaves, that it leaves by one only, and the calls that wait. Never: makes one, or ends a prompt.
 *
 * ANSWER-1 Where a call waits in the hook, the answer leaves by the hook; by the relay only where no hook waits.
 * ANSWER-2 An answer that could not leave, because no shim was connected, is on disk: a hook's call asks again, a relay's answer goes
 *    at the next connection.
 */
import type { Clock } from "../../sdk/clock.ts";
import type { Database } from "../../store/file/database.ts";
import {
  findAsk,
  findPrompt,
  listAsks,
  listUnsent,
  setAskState,
} from "../../store/prompts/prompts.ts";
import type { Attachment } from "../session/attachment.ts";
import type { Leases } from "../session/leases.ts";
import type { RetryWrites } from "../retry-write.ts";
import { type AskAnswer, toAskAnswer } from "./verdict.ts";

export type AnswersOptions = {
  db: Database;
  clock: Clock;
  leases: Pick<Leases, "find" | "push">;
  /** How long a relayed request can be open. */
  lifeMs: () => number;
  writes: Pick<RetryWrites, "runWithRetry">;
};

export class Answers {
  readonly #options: AnswersOptions;
  readonly #waiters = new Waiters<AskAnswer>();

  constructor(options: AnswersOptions) {
    this.#options = options;
  }

  /** The answer for a call that waits in the hook; `pending` after `limitMs`, or when the caller left. */
  async wait(key: string, limitMs: number, left?: AbortSignal): Promise<AskAnswer> {
    const answer = this.#read(key);
    if (answer.kind !== "pending") return answer;
    return (await this.#waiters.wait(key, limitMs, left)) ?? { kind: "pending" };
  }

  /** The prompt has ended, on disk: all that wait for it hear. */
  send(prompt: string): void {
    const { db, leases } = this.#options;
    for (const { key, way } of listAsks(db, prompt))
      if (way === "hook") this.#waiters.answer(key, this.#read(key));
    const attachment = leases.find(findPrompt(db, prompt)?.attachment ?? "");
    if (attachment !== undefined) this.sendRelayed(attachment);
  }

  /** One call is over, without an answer of ours. */
  release(key: string): void {
    this.#waiters.answer(key, { kind: "none" });
  }

  /** What waits for this attachment's relay (ANSWER-2). */
  sendRelayed(attachment: Attachment): void {
    const { db, clock, lifeMs, writes } = this.#options;
    if (!attachment.hasLease) return;
    for (const { key, prompt } of listUnsent(db, attachment.id, clock.now() - lifeMs())) {
      const send = (): Promise<void> => this.#sendOne(attachment, key, prompt);
      writes.runWithRetry(prompt, send, send);
    }
  }

  async #sendOne(attachment: Attachment, key: string, prompt: string): Promise<void> {
    const { db, leases } = this.#options;
    const isHooked = listAsks(db, prompt).some(
      ({ way, state }) => way === "hook" && state !== "over",
    );
    const isFirst = await db.write(() => {
      if (findAsk(db, key)?.state !== "waiting") return false;
      setAskState(db, key, isHooked ? "over" : "left");
      return true;
    });
    const verdict = findPrompt(db, prompt)?.prompt.outcome?.verdict;
    // ANSWER-1
    if (!isFirst || isHooked || verdict === undefined) return;
    const requestId = key.slice(key.lastIndexOf(" ") + 1);
    if (verdict.kind !== "answers")
      return leases.push(attachment.id, { kind: "verdict", requestId, behavior: verdict.kind });
    // A client's relay has no word for them.
    if (attachment.client.host === undefined) return;
    const questions = findPrompt(db, prompt)?.prompt.questions ?? [];
    const answers = questions.map(({ question }) => verdict.answers[question] ?? "");
    leases.push(attachment.id, { kind: "answers", requestId, answers });
  }

  close(): void {
    this.#waiters.close();
  }

  #read(key: string): AskAnswer {
    const { db } = this.#options;
    const ask = findAsk(db, key);
    const prompt = ask === undefined ? undefined : findPrompt(db, ask.prompt)?.prompt;
    if (ask === undefined || ask.state === "over" || prompt === undefined) return { kind: "none" };
    if (prompt.state === "pending") return { kind: "pending" };
    return prompt.outcome === undefined ? { kind: "none" } : toAskAnswer(prompt, prompt.outcome);
  }
}

class Waiters<Answer> {
  readonly #waiting = new Map<string, Set<(answer: Answer | undefined) => void>>();

  /** Resolves with the answer; undefined when none came within `limitMs`, the caller left, or everything is closed. */
  wait(key: string, limitMs: number, left?: AbortSignal): Promise<Answer | undefined> {
    return new Promise((resolve) => {
      const settle = (answer: Answer | undefined): void => {
        clearTimeout(timer);
        left?.removeEventListener("abort", leave);
        const others = this.#waiting.get(key);
        others?.delete(settle);
        if (others?.size === 0) this.#waiting.delete(key);
        resolve(answer);
      };
      const leave = (): void => settle(undefined);
      // Real time, not the hub's clock: it bounds a connection, and decides nothing.
      const timer = setTimeout(leave, limitMs);
      timer.unref();
      if (left?.aborted === true) return leave();
      left?.addEventListener("abort", leave, { once: true });
      const waiting = this.#waiting.get(key) ?? new Set();
      this.#waiting.set(key, waiting.add(settle));
    });
  }

  /** Whether somebody waits under this key now. */
  has(key: string): boolean {
    return this.#waiting.has(key);
  }

  answer(key: string, answer: Answer): void {
    for (const settle of this.#waiting.get(key) ?? []) settle(answer);
  }

  close(): void {
    for (const waiting of this.#waiting.values()) for (const settle of waiting) settle(undefined);
  }
}
