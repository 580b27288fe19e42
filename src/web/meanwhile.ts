/**
 * Updates that are pushed during a read: the read's answer may be older, and must not undo them.
 *
 * Owns: keeping them until the answer comes. Never: joins the two.
 */
export class Meanwhile<T> {
  readonly #open = new Set<T[]>();

  note(push: T): void {
    for (const pushed of this.#open) pushed.push(push);
  }

  /** Hands over what was read, and what was pushed since it was asked for, in order. Rejects as `asked` does. */
  async read<R>(asked: Promise<R>, take: (read: R, pushed: readonly T[]) => void): Promise<void> {
    const pushed: T[] = [];
    this.#open.add(pushed);
    try {
      // In one turn: between the answer and its use nothing can be pushed.
      take(await asked, pushed);
    } finally {
      this.#open.delete(pushed);
    }
  }
}
