/**
 * The scheduler: which attachments must be evaluated again, and when.
 *
 * Owns: that list. Never: evaluates one. So an event costs work for the sessions that it concerns, and not for every session.
 */
export class Scheduler {
  #isAll = false;
  readonly #now = new Set<string>();
  readonly #due = new Map<string, number>();

  /** One session gave a sign. */
  add(id: string): void {
    this.#now.add(id);
  }

  /** Something changed for everybody. */
  addAll(): void {
    this.#isAll = true;
  }

  /** Look again at `at` (epoch ms); never, where it is infinite. */
  set(id: string, at: number): void {
    if (Number.isFinite(at)) this.#due.set(id, at);
    else this.#due.delete(id);
  }

  /** Attachments to evaluate now; `isAll` adds every attachment with waiting events. */
  take(now: number): { ids: Set<string>; isAll: boolean } {
    const ids = new Set(this.#now);
    for (const [id, at] of this.#due) if (this.#isAll || at <= now) ids.add(id);
    const isAll = this.#isAll;
    this.#isAll = false;
    this.#now.clear();
    for (const id of ids) this.#due.delete(id);
    return { ids, isAll };
  }

  /** When the next one is due (epoch ms). */
  next(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const at of this.#due.values()) next = Math.min(next, at);
    return next;
  }
}
