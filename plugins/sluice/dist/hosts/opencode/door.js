import { SluiceError } from "../../sdk/errors.js";
import { tellSession } from "../tell-session.js";
export class OpencodeDoor {
    #setup;
    #sessions = new Map();
    #isClosed = false;
    constructor(setup) {
        this.#setup = setup;
        this.#note();
    }
    attach = ({ session: id, ...found }, push) => {
        // The same session in a second opencode: the one that spoke last is where the person is.
        this.#sessions.get(id)?.end("it was opened in another opencode");
        const session = this.#setup.door.attach({ id, ...found, send: push });
        let isThere = true;
        const end = (reason) => {
            // Where the hub ends, its next life goes on with the session.
            if (!isThere || this.#isClosed)
                return;
            isThere = false;
            if (this.#sessions.get(id)?.end === end)
                this.#sessions.delete(id);
            session.gone(reason);
            this.#note();
        };
        this.#sessions.set(id, { session, end });
        push({ kind: "out", events: session.out(), attachment: session.attachment });
        this.#note();
        return () => end("opencode has closed it");
    };
    async report(id, report) {
        const session = this.#sessions.get(id)?.session;
        if (session === undefined)
            throw new SluiceError("not_found", `no session ${id} of opencode is open here`);
        await tellSession(session, report);
    }
    close(isOff) {
        if (isOff)
            for (const { end } of this.#sessions.values())
                end("opencode is not connected any more");
        this.#isClosed = true;
    }
    #note() {
        const count = this.#sessions.size;
        this.#setup.note([
            {
                gate: "plugin",
                isOpen: true,
                detail: count > 0
                    ? `its plugin tells of ${count} ${count === 1 ? "session" : "sessions"}`
                    : "its plugin tells of no session: one is told once a person has written in it, in an opencode that was started after connect",
            },
        ]);
    }
}
