/**
 * An application's way to tell a session something.
 *
 * Owns: what an application calls. Never: throws into it, waits in it, or keeps it alive (sender.ts).
 */
import { describeFault, type EventData, type EventOptions } from "./event.ts";
import { EventSender, type SenderOptions } from "./sender.ts";

export type EmitterOptions = SenderOptions;

/** Events by name, and the facts of each. */
export type EventTypes = Record<string, EventData>;

export type AppEmitter<T extends EventTypes = EventTypes> = {
  /** Returns at once. */
  emit<N extends keyof T & string>(name: N, data: T[N], options?: EventOptions): void;
  /** A fault as an event: its words, its trace, its causes. Of the same fault again within a minute only the first is told. */
  captureException(thrown: unknown, options?: EventOptions & { data?: EventData }): void;
  /** Also tells what nobody caught; the process ends as it would without that. Call the result to end it. */
  captureUncaught(): () => void;
  /** Resolves once nothing waits, or after so long: whether nothing waits. Never rejects. */
  flush(timeoutMs?: number): Promise<boolean>;
  /** Ends the sending; what waits stays on disk. */
  close(): void;
};

const AT_END_MS = 2_000;
const SAME_FAULT_MS = 60_000;
const KNOWN_FAULTS = 100;

export function createEmitter<T extends EventTypes = EventTypes>(
  options: EmitterOptions,
): AppEmitter<T> {
  const sender = new EventSender(options);
  const faults = new Map<string, number>();
  const put = (name: string, data: EventData, given: EventOptions = {}): void =>
    sender.guard(() => sender.add(name, data, given));
  const emitter: AppEmitter<T> = {
    emit: (name, data, given) => put(name, data, given),
    captureException(thrown, { data = {}, ...given } = {}) {
      sender.guard(() => {
        const fault = describeFault(thrown);
        if (isKnown(faults, `${fault.text}\n${fault.details}`, Date.now())) return;
        const { text, details } = fault;
        put(
          "exception",
          { ...fault.data, severity: "error", ...data },
          { text, details, ...given },
        );
      });
    },
    captureUncaught() {
      // "Monitor": whether the process ends is not ours to say.
      const hear = (thrown: unknown): void => emitter.captureException(thrown);
      process.on("uncaughtExceptionMonitor", hear);
      return () => void process.off("uncaughtExceptionMonitor", hear);
    },
    flush: (timeoutMs = AT_END_MS) => sender.flush(timeoutMs),
    close: () => sender.close(),
  };
  return emitter;
}

function isKnown(faults: Map<string, number>, fault: string, now: number): boolean {
  const last = faults.get(fault);
  if (last !== undefined && now - last < SAME_FAULT_MS) return true;
  faults.set(fault, now);
  for (const oldest of faults.keys()) {
    if (faults.size <= KNOWN_FAULTS) break;
    faults.delete(oldest);
  }
  return false;
}
