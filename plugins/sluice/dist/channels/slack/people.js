import { toNameField } from "../../sdk/field.js";
import { at, isTrueAt, textAt } from "../../sdk/json.js";
import { isCredentialRefused, toFault, toFaultLine, } from "./api.js";
const LIFE_MS = 10 * 60_000;
const MAX_KNOWN = 2_000;
const ASK_MS = 10_000;
export class SlackPeople {
    #options;
    #known = new Map();
    #asked = new Map();
    constructor(options) {
        this.#options = options;
    }
    /** The name, where it is known already. */
    nameOf(id) {
        return this.#known.get(id)?.person.name;
    }
    /** @throws SluiceError where Slack cannot say it now. */
    async find(id, me) {
        const known = this.#known.get(id);
        if (known !== undefined && known.until > this.#options.clock.now())
            return known.person;
        // Ten messages of one person are one question.
        const asked = this.#asked.get(id) ?? this.#ask(id, me).finally(() => this.#asked.delete(id));
        this.#asked.set(id, asked);
        return asked;
    }
    async #ask(id, me) {
        const { api, clock, log, signal } = this.#options;
        const outcome = await api.call("users.info", { user: id }, { signal, timeoutMs: ASK_MS });
        if (outcome.kind !== "ok" && isPassing(outcome))
            throw toFault("users.info", outcome);
        if (outcome.kind !== "ok") {
            log.warn({ error: toFaultLine("users.info", outcome) }, "somebody is unknown to Slack here: no role counts");
            return { name: toNameField(id), isBot: false, isOutsider: true };
        }
        const user = at(outcome.body, "user");
        const read = readPerson(user, id, me);
        // An answer that is about somebody else, or nobody, says nothing of them.
        const person = textAt(user, "id") === id ? read : { ...read, isOutsider: true };
        this.#known.delete(id);
        this.#known.set(id, { person, until: clock.now() + LIFE_MS });
        const [oldest = ""] = this.#known.keys();
        if (this.#known.size > MAX_KNOWN)
            this.#known.delete(oldest);
        return person;
    }
}
/** It says nothing of the person. */
function isPassing(outcome) {
    return (outcome.kind === "lost" || outcome.retryAfterMs !== undefined || isCredentialRefused(outcome));
}
/** SLACKPEOPLE-1 */
export function readPerson(user, id, me) {
    const team = textAt(user, "team_id");
    const enterprise = textAt(user, "enterprise_user.enterprise_id");
    const isOfOrg = me.enterprise !== undefined && enterprise === me.enterprise;
    const isElsewhere = team !== undefined && team !== me.team && !isOfOrg;
    const marks = [
        "is_restricted",
        "is_ultra_restricted",
        "is_stranger",
        "is_invited_user",
        "deleted",
    ];
    const names = ["profile.display_name", "profile.real_name", "real_name", "name"];
    const name = names.map((path) => toNameField(textAt(user, path) ?? "")).find((one) => one !== "");
    return {
        name: name ?? toNameField(id),
        isBot: isTrueAt(user, "is_bot") || isTrueAt(user, "is_workflow_bot") || id === "USLACKBOT",
        isOutsider: isElsewhere || marks.some((mark) => isTrueAt(user, mark)),
    };
}
