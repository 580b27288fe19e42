/**
 * What the events of GitHub's API leave out and a reader needs: a push's commits, a pull request's title.
 *
 * Owns: asking for it, once for each look. Never: without a token, or where it is there already; and a fault of it never holds up the event.
 */
import { isSluiceError } from "../../../sdk/errors.js";
import { at, countAt, listAt, textAt, toObject } from "../../../sdk/json.js";
/** Of one look: the rest is told as it came. */
const MAX_ASKED = 30;
const SHA = /^(?=.*[1-9a-f])[0-9a-f]{7,64}$/;
export class Enriched {
    #api;
    #path;
    #answers = new Map();
    constructor(api, path) {
        this.#api = api;
        this.#path = path;
    }
    async complete(event) {
        const { payload } = event;
        if (event.event === "push")
            return { ...event, payload: await this.#withCommits(payload) };
        const number = countAt(payload, "pull_request.number");
        if (number === undefined || textAt(payload, "pull_request.title") !== undefined)
            return event;
        const pull = toObject(await this.#ask(`pulls/${number}`));
        const told = toObject(payload["pull_request"]);
        // What the event itself says is of its moment.
        return { ...event, payload: { ...payload, pull_request: { ...pull, ...told } } };
    }
    async #withCommits(payload) {
        const [before, after] = [textAt(payload, "before"), textAt(payload, "after")];
        const isRange = SHA.test(before ?? "") && SHA.test(after ?? "");
        if (Array.isArray(payload["commits"]) || !isRange)
            return payload;
        const compared = await this.#ask(`compare/${before}...${after}`);
        if (compared === undefined)
            return payload;
        const commits = listAt(compared, "commits").map((one) => ({
            id: at(one, "sha"),
            message: at(one, "commit.message"),
        }));
        // Commits that the branch had and has no more.
        const forced = at(compared, "status") === "diverged" || at(compared, "status") === "behind";
        return { ...payload, commits, size: countAt(compared, "total_commits"), forced };
    }
    /** Undefined where it cannot be had. */
    async #ask(what) {
        if (!this.#api.hasToken)
            return undefined;
        const asked = this.#answers.get(what);
        if (asked !== undefined)
            return asked;
        if (this.#answers.size >= MAX_ASKED)
            return undefined;
        const answer = this.#api.get(`${this.#path}/${what}`).then((got) => (got.kind === "ok" ? got.value : undefined), (thrown) => {
            // The event is worth more than its title; a token that is refused is told by the next look.
            if (isSluiceError(thrown))
                return undefined;
            throw thrown;
        });
        this.#answers.set(what, answer);
        return answer;
    }
}
