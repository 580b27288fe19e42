/**
 * Work that is done once an hour, and may fail once.
 *
 * Owns: when. Never: the work.
 */
import { toMessage } from "../../sdk/errors.js";
const EVERY_MS = 3_600_000;
/** Does `work` after `firstMs` (0: at once) and then every hour. `what` names what stays where it fails. Call the result to stop. */
export function keepHourly({ clock, log }, what, work, firstMs = 0) {
    let isOver = false;
    let cancel = () => { };
    const run = async () => {
        try {
            await work();
        }
        catch (thrown) {
            // Broken off by the end of the hub.
            if (isOver)
                return;
            log.warn({ error: toMessage(thrown) }, `${what} stay for another hour`);
        }
        if (!isOver)
            cancel = clock.after(EVERY_MS, () => void run());
    };
    if (firstMs === 0)
        void run();
    else
        cancel = clock.after(firstMs, () => void run());
    return () => {
        isOver = true;
        cancel();
    };
}
