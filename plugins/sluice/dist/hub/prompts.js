import { Prompts } from "../flow/prompt/prompt.js";
import { Away } from "../flow/prompt/notify/away.js";
import { realDisk } from "../flow/prompt/risk/disk.js";
import { DEFAULT_PROJECT_COMMANDS } from "../flow/prompt/risk/project-commands.js";
import { toMessage } from "../sdk/errors.js";
import { listPromptRules } from "../store/prompts/prompt-rules.js";
import { readConfig } from "./settings/config.js";
const MINUTE_MS = 60_000;
const DEFAULTS = { expireAfterMs: 10 * MINUTE_MS, afterMs: 20_000, idleMs: 10 * MINUTE_MS };
export function openAway({ db, clock, log, home }, { access: { policy } }) {
    return new Away({
        db,
        clock,
        readIdleMs: () => readPromptSettings(home, log).idleMs,
        note: (actor, action, detail) => policy.note(actor, action, detail),
    });
}
export function openPrompts({ db, clock, log, home }, needs) {
    const { delivery, access, away } = needs;
    const { policy, notifyOwner } = access;
    const prompts = new Prompts({
        db,
        clock,
        log,
        leases: delivery.leases,
        readSettings: () => readPromptSettings(home, log),
        readRules: () => listPromptRules(db, clock.now()),
        disk: realDisk,
        readProjectCommands: () => readPromptSettings(home, log).projectCommands,
        isApprover: ({ channel, account = "", senderId }) => channel !== undefined &&
            senderId !== undefined &&
            policy.readRoles(channel, account, senderId).includes("approver"),
        note: (actor, action, detail) => policy.note(actor, action, detail),
        notifyOwner,
        // Somebody has typed at a session.
        typed: () => away.noteHere(),
    });
    delivery.onLost((attachment, reason) => prompts.lost(attachment, reason));
    return prompts;
}
/**
 * The defaults where the file cannot be read: doctor tells of the file, and a prompt must not wait for it. But no command of a project: its
 * owner may have listed none.
 */
export function readPromptSettings(home, log) {
    try {
        return toPromptSettings(readConfig(home.config).prompts);
    }
    catch (thrown) {
        log.warn({ error: toMessage(thrown) }, "the settings of prompts cannot be read");
        return { ...toPromptSettings(undefined), projectCommands: [] };
    }
}
/** For the owner, who asks what holds. @throws SluiceError `bad_config`: then none does. */
export function readProjectCommands(home) {
    return toPromptSettings(readConfig(home.config).prompts).projectCommands;
}
function toPromptSettings(set) {
    const { expireAfterMs, afterMs, idleMs } = DEFAULTS;
    return {
        expireAfterMs: set?.expireAfterMs ?? expireAfterMs,
        afterMs: set?.afterMs ?? afterMs,
        idleMs: set?.idleMs ?? idleMs,
        policy: set?.unattended,
        projectCommands: set?.projectCommands ?? DEFAULT_PROJECT_COMMANDS,
    };
}
