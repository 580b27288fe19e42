import { SluiceError, toMessage } from "../sdk/errors.js";
import { addEffect } from "../store/outbox/outbox.js";
import { changeConfig, readConfig } from "./settings/config.js";
export class Notices {
    #core;
    #needs;
    constructor(core, needs) {
        this.#core = core;
        this.#needs = needs;
    }
    read() {
        return readConfig(this.#core.home.config).notices;
    }
    /** Names the channel that the owner hears of bad ends on, or none. @throws SluiceError `not_found`, `bad_input`. */
    change(notices) {
        if (notices !== undefined)
            checkPlace(notices, this.#needs.channels);
        changeConfig(this.#core.home.config, (before) => {
            const after = { ...before };
            delete after.notices;
            return notices === undefined ? after : { ...after, notices };
        });
    }
    /** One for each who tells: it remembers whom to wake once what was queued is on disk. */
    newNotifier() {
        const { db } = this.#core;
        const told = new Set();
        return {
            notify: (text, now) => {
                const to = this.#readSafely();
                if (to === undefined)
                    return;
                const effect = { kind: "notice", event: null, session: "", text };
                addEffect(db, { ...effect, channel: to.channel, chatId: to.chatId ?? null }, now);
                told.add(to.channel);
            },
            notified: () => {
                for (const channel of told)
                    this.#needs.outbox.queued(channel);
                told.clear();
            },
        };
    }
    /** Undefined where the file cannot be read, too: the notice stands in the log, and doctor tells of the file. */
    #readSafely() {
        try {
            return this.read();
        }
        catch (thrown) {
            this.#core.log.warn({ error: toMessage(thrown) }, "a notice was not sent");
            return undefined;
        }
    }
}
function checkPlace({ channel, chatId }, channels) {
    const found = channels.list().find(({ config }) => config.name === channel);
    if (found === undefined)
        throw new SluiceError("not_found", `no channel "${channel}"; "sluice channels" lists them`);
    if (found.isConnected && chatId === undefined)
        throw new SluiceError("bad_input", `channel ${channel} has chats: say which with --chat <id>; "sluice access" shows where people write`);
    if (!found.isConnected && !found.config.twoWay)
        throw new SluiceError("bad_input", `channel ${channel} only brings events in; name a chat, or a webhook that was added with --two-way`);
}
