/**
 * Replies of two-way webhook channels, on their way to the listeners.
 *
 * Owns: turning outbox rows into a stream. Never: decides who may listen (ingress), or writes a reply (flow).
 */
import type { Clock } from "../../sdk/clock.ts";
import type { Database } from "../../store/file/database.ts";
import {
  listReplies,
  markSent,
  readQueuedFrom,
  type StreamRow,
} from "../../store/outbox/outbox.ts";
import { findPostByOutbox } from "../../store/prompts/prompt-posts.ts";
import { findPrompt } from "../../store/prompts/prompts.ts";
import type { StreamMessage } from "../../ingress/contract.ts";

const PAGE = 100;

export class Replies {
  readonly #db: Database;
  readonly #clock: Clock;
  readonly #waiting = new Map<string, Set<() => void>>();

  constructor(db: Database, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  /** A reply of this channel is on disk. */
  notify(channel: string): void {
    for (const wake of this.#waiting.get(channel) ?? []) wake();
  }

  /**
   * Replies after `afterId`, then new ones, until `signal` aborts. 0 starts at the first that nobody has had:
   * a listener that comes late misses nothing, one that comes again hears nothing twice.
   */
  async *stream(
    channel: string,
    afterId: number,
    signal: AbortSignal,
  ): AsyncGenerator<StreamMessage> {
    let last = afterId > 0 ? afterId : readQueuedFrom(this.#db, channel);
    while (!signal.aborted) {
      const page = listReplies(this.#db, channel, last, PAGE);
      for (const reply of page) {
        yield {
          id: reply.id,
          data: {
            ...this.#toKind(reply),
            event_id: reply.event,
            chat_id: reply.chatId,
            text: reply.text,
            ts: new Date(reply.createdAt).toISOString(),
          },
        };
        last = reply.id;
        await this.#db.write(() => markSent(this.#db, reply.id, this.#clock.now()));
      }
      if (page.length === 0) await this.#next(channel, last, signal);
    }
  }

  /** Our own line to the owner is nobody's answer. Of a prompt, a bridge that has buttons of its own is told what they are to say. */
  #toKind({ id, kind, target }: StreamRow): object {
    if (kind !== "notice" && kind !== "edit") return { kind: "reply" };
    const post = findPostByOutbox(this.#db, target === null ? id : Number(target));
    const prompt = post?.prompt == null ? undefined : findPrompt(this.#db, post.prompt)?.prompt;
    if (prompt === undefined) return { kind: "notice" };
    const { id: promptId, code, state, tool, sessionName, risk, expiresAt } = prompt;
    return {
      kind: "prompt",
      prompt: {
        id: promptId,
        code,
        kind: prompt.kind,
        state,
        tool,
        session: sessionName,
        /** One tap is not enough: it is allowed with its code typed. */
        risky: risk.isRisky,
        expires_at: new Date(expiresAt).toISOString(),
      },
      /** Of a change: the earlier message that this one takes the place of. */
      ...(target === null ? {} : { replaces: Number(target) }),
    };
  }

  #next(channel: string, last: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(channel) ?? new Set();
      this.#waiting.set(channel, waiting);
      const wake = (): void => {
        waiting.delete(wake);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      waiting.add(wake);
      signal.addEventListener("abort", wake, { once: true });
      // A reply may have been written between the last look and this subscription.
      if (signal.aborted || listReplies(this.#db, channel, last, 1).length > 0) wake();
    });
  }
}
