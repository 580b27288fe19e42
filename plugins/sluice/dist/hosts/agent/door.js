import { SluiceError } from "../../sdk/errors.js";
import { tellSession } from "../tell-session.js";
const MOST = 2;
export class AgentDoor {
    #setup;
    #sessions = new Map();
    #isClosed = false;
    constructor(setup) {
        this.#setup = setup;
    }
    /** @throws SluiceError `conflict`: the same session runs elsewhere, or as many as may be are there. */
    attach = ({ session: id, most = MOST, ...found }, push) => {
        const before = this.#sessions.get(id);
        if (before !== undefined && before.pid !== found.pid)
            throw new SluiceError("conflict", `the agent of ${found.cwd} runs already, in process ${before.pid}; end that one first`);
        if (before === undefined && this.#sessions.size >= most)
            throw new SluiceError("conflict", `${this.#sessions.size} agents run already, and so many may at once; end one, or start this one with a higher --parallel`);
        const session = this.#setup.door.attach({ id, ...found, send: push });
        const held = { session, pid: found.pid };
        this.#sessions.set(id, held);
        push({ kind: "out", events: session.out(), attachment: session.attachment });
        return () => {
            if (this.#sessions.get(id) !== held)
                return;
            this.#sessions.delete(id);
            // Where the hub ends, its next life goes on with the session.
            if (!this.#isClosed)
                session.gone("the agent has ended");
        };
    };
    async report(id, report) {
        const held = this.#sessions.get(id);
        if (held === undefined)
            throw new SluiceError("not_found", `no agent's session ${id} is here`);
        await tellSession(held.session, report);
    }
    close() {
        this.#isClosed = true;
    }
}
