/**
 * An application's way to tell a session something.
 *
 * Owns: what an application calls. Never: throws into it, waits in it, or keeps it alive (sender.ts).
 */
import { describeFault } from "./event.js";
import { EventSender } from "./sender.js";
const AT_END_MS = 2_000;
const SAME_FAULT_MS = 60_000;
const KNOWN_FAULTS = 100;
export function createEmitter(options) {
    const sender = new EventSender(options);
    const faults = new Map();
    const put = (name, data, given = {}) => sender.guard(() => sender.add(name, data, given));
    const emitter = {
        emit: (name, data, given) => put(name, data, given),
        captureException(thrown, { data = {}, ...given } = {}) {
            sender.guard(() => {
                const fault = describeFault(thrown);
                if (isKnown(faults, `${fault.text}\n${fault.details}`, Date.now()))
                    return;
                const { text, details } = fault;
                put("exception", { ...fault.data, severity: "error", ...data }, { text, details, ...given });
            });
        },
        captureUncaught() {
            // "Monitor": whether the process ends is not ours to say.
            const hear = (thrown) => emitter.captureException(thrown);
            process.on("uncaughtExceptionMonitor", hear);
            return () => void process.off("uncaughtExceptionMonitor", hear);
        },
        flush: (timeoutMs = AT_END_MS) => sender.flush(timeoutMs),
        close: () => sender.close(),
    };
    return emitter;
}
function isKnown(faults, fault, now) {
    const last = faults.get(fault);
    if (last !== undefined && now - last < SAME_FAULT_MS)
        return true;
    faults.set(fault, now);
    for (const oldest of faults.keys()) {
        if (faults.size <= KNOWN_FAULTS)
            break;
        faults.delete(oldest);
    }
    return false;
}
