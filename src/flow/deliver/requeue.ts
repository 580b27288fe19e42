/**
 * Requeues deliveries that were lost with their session or connection: they go back to the inbox.
 *
 * Owns: finding these deliveries, and trying again while the store fails. Never: decides that a session is lost.
 */
import { listOpen } from "../../store/events/deliveries.ts";
import type { Attachment } from "../session/attachment.ts";
import { applyReceipts, type AttemptOptions, giveBackAll } from "./attempts.ts";
import type { Signal } from "../lanes/contract.ts";
import { toReceipts } from "./receipt.ts";
import type { RetryWrites } from "../retry-write.ts";

export type RequeueOptions = AttemptOptions & {
  writes: RetryWrites;
  isThere: (attachment: string) => boolean;
  changed: () => void;
};

export class Requeue {
  readonly #options: RequeueOptions;

  constructor(options: RequeueOptions) {
    this.#options = options;
  }

  /** An attachment is over: all it holds goes back. */
  giveUpAll(id: string, reason: string): void {
    const { db, writes, isThere, changed } = this.#options;
    const change = async (): Promise<void> => {
      await db.write(() => {
        giveBackAll(this.#options, listOpen(db, id), reason);
      });
      changed();
    };
    writes.runWithRetry(id, change, async () => {
      // Back in the meantime: its own signals will tell.
      if (!isThere(id)) await change();
    });
  }

  /** What was sent over a connection that broke may not have arrived, where nothing but the connection says so. */
  giveBackCut(attachment: Attachment, reason = "the connection broke before it was seen"): void {
    this.giveBack(attachment, { kind: "cut", reason });
  }

  /** What the signal says is lost goes back. */
  giveBack(attachment: Attachment, signal: Extract<Signal, { kind: "cut" | "lost" }>): void {
    const { db, writes, changed, findLane } = this.#options;
    const change = async (): Promise<void> => {
      const lost = toReceipts(listOpen(db, attachment.id), signal, findLane);
      if (lost.length === 0) return;
      await db.write(() => applyReceipts(this.#options, lost));
      changed();
    };
    writes.runWithRetry(attachment.id, change, change);
  }
}
