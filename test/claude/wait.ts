// Waiting for what other processes do, by looking again. Owns the patience only.
import { setTimeout as sleep } from "node:timers/promises";

/** The first value that is not undefined; throws after `timeoutMs` and names what never came. */
export async function waitUntil<T>(
  look: () => Promise<T | undefined> | T | undefined,
  options: { what: string; timeoutMs?: number; everyMs?: number },
): Promise<T> {
  const { what, timeoutMs = 15_000, everyMs = 100 } = options;
  const deadlineAt = Date.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadlineAt) throw new Error(`${what}: not within ${timeoutMs} ms`);
    await sleep(everyMs);
  }
}
