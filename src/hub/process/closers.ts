/**
 * Closes things in the opposite order of their opening.
 *
 * Owns: that order; one that fails to close keeps none of the others open, since the inbox comes last and must be closed in order.
 */
export type Closers = {
  add(close: () => unknown): void;
  /** A subsystem that was opened. Returns it. */
  keep<T extends { close(): unknown }>(subsystem: T): T;
  /** Closes everything. @throws the first fault, once all of them had their turn. */
  close(): Promise<void>;
};

export function newClosers(): Closers {
  const open: (() => unknown)[] = [];
  return {
    add: (close) => void open.push(close),
    keep(subsystem) {
      open.push(() => subsystem.close());
      return subsystem;
    },
    async close() {
      const faults: unknown[] = [];
      for (let close = open.pop(); close !== undefined; close = open.pop()) {
        try {
          await close();
        } catch (thrown) {
          faults.push(thrown);
        }
      }
      if (faults.length > 0) throw faults[0];
    },
  };
}
