import { SEND_FILES_TOOL } from "../../sdk/own-tool.js";
import { toVisible } from "./show/visible.js";
const TELL_EVERY_MS = 60_000;
const TELL_MAX = 10;
const TOLD_MAX_CHARS = 300;
export class Unattended {
    #options;
    #timers = new Map();
    #untold = [];
    #cancelTelling;
    constructor(options) {
        this.#options = options;
    }
    /** Begins to watch a prompt that waits. */
    watch(prompt) {
        this.forget(prompt.id);
        const { clock, readSettings, deny, hand, expire } = this.#options;
        const { expireAfterMs, policy } = readSettings();
        // UNATTENDED-2
        const leftMs = Math.min(expireAfterMs, Math.max(0, prompt.expiresAt - clock.now()));
        const waitedMs = expireAfterMs - leftMs;
        const timers = [
            clock.after(leftMs, () => {
                const isOurs = prompt.tool === SEND_FILES_TOOL;
                const time = toTime(expireAfterMs);
                const rest = isOurs ? "the files were not sent" : "it waits at the terminal";
                this.tell(prompt, `had no answer for ${time}; ${rest}`);
                const end = isOurs ? rest : "the dialog at the terminal stays";
                expire(prompt, `nobody answered within ${time}; ${end}`);
            }),
        ];
        if (policy !== undefined && policy.afterMs < expireAfterMs && prompt.handedTo === undefined) {
            const waited = toTime(policy.afterMs);
            const act = () => {
                switch (policy.action) {
                    case "deny":
                        this.tell(prompt, `had no answer for ${waited} and is denied`);
                        return deny(prompt, `nobody answered within ${waited}; go on with something else`);
                    case "hand":
                        this.tell(prompt, `had no answer for ${waited}; ${policy.to} is asked`);
                        return hand(prompt, policy.to);
                    case "wait":
                        return this.tell(prompt, `has had no answer for ${waited}, and goes on waiting`);
                    default:
                        return policy;
                }
            };
            timers.push(clock.after(Math.max(0, policy.afterMs - waitedMs), act));
        }
        this.#timers.set(prompt.id, timers);
    }
    forget(id) {
        for (const cancel of this.#timers.get(id) ?? [])
            cancel();
        this.#timers.delete(id);
    }
    close() {
        for (const id of this.#timers.keys())
            this.forget(id);
        this.#cancelTelling?.();
    }
    /** Tells the owner of a prompt, at most once a minute (UNATTENDED-1): the first at once, the following together. */
    tell({ tool, sessionName, code }, what) {
        const name = code === "" ? tool : `${tool} (${code})`;
        this.#untold.push(toVisible(`${sessionName}: ${name} ${what.slice(0, TOLD_MAX_CHARS)}`));
        if (this.#cancelTelling !== undefined)
            return;
        this.#flush();
        this.#cancelTelling = this.#options.clock.after(TELL_EVERY_MS, () => {
            this.#cancelTelling = undefined;
            this.#flush();
        });
    }
    #flush() {
        const lines = this.#untold.splice(0);
        if (lines.length === 0)
            return;
        const more = lines.length - TELL_MAX;
        const shown = lines.slice(0, TELL_MAX).join("\n");
        this.#options.notifyOwner(`Sluice: ${shown}${more > 0 ? `\nand ${more} more` : ""}`);
    }
}
function toTime(ms) {
    return ms % 60_000 === 0 ? `${ms / 60_000} min` : `${Math.round(ms / 1_000)} s`;
}
