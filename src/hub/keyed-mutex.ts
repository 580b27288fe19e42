/**
 * One after the other, by name.
 *
 * Owns: that order. Never: knows what is done. What has no one before it begins at once, in the caller's own turn.
 */
export class KeyedMutex {
  readonly #last = new Map<string, Promise<void>>();

  /** Runs `work` once all that was given earlier for this name is over, well or badly. */
  run<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(name);
    const result = before === undefined ? work() : before.then(work);
    const over = result.then(
      () => undefined,
      () => undefined,
    );
    this.#last.set(name, over);
    void over.then(() => {
      if (this.#last.get(name) === over) this.#last.delete(name);
    });
    return result;
  }

  /** Names for which something runs. */
  names(): string[] {
    return [...this.#last.keys()];
  }
}
