import { toQuietEnd } from "../../flow/deliver/quiet.js";
import { SluiceError } from "../../sdk/errors.js";
import { changeConfig, readConfig } from "./config.js";
import { TimeZone } from "./time-zone.js";
import { isLetThrough, readPolicy } from "./policy.js";
import { readProjectCommands } from "../prompts.js";
const POLICY_LIFE_MS = 10_000;
const NOTICE_AFTER_MINUTES = 30;
export class Settings {
    zone = new TimeZone();
    quiet;
    routing;
    readPolicy;
    /** The person at a terminal is shown what comes and goes. */
    isShown;
    #core;
    /** @throws SluiceError `bad_config` when config.json cannot be read. */
    constructor(core) {
        const { home, clock } = core;
        this.#core = core;
        this.quiet = new Quiet(home.config, this.zone);
        this.routing = new Routing(home.config);
        this.isShown = readConfig(home.config).headlines ?? true;
        this.readPolicy = memo(readPolicy, POLICY_LIFE_MS, clock);
    }
    /** Why the organisation lets nothing be delivered, to a client with this command line; undefined where it does. */
    readRefusal = (argv = []) => {
        const policy = this.readPolicy();
        return policy.state === "open" || isLetThrough(policy, argv) ? undefined : policy.detail;
    };
    /** With the zone in which they count now. */
    readQuiet = () => this.quiet.hours;
    readRules = () => this.routing.rules;
    /** Commands of projects that one tap allows. @throws SluiceError `bad_config`. */
    readProjectCommands() {
        return readProjectCommands(this.#core.home);
    }
}
class Quiet {
    #path;
    #zone;
    #hours;
    /** @throws SluiceError `bad_config` when the file cannot be read. */
    constructor(path, zone) {
        this.#path = path;
        this.#zone = zone;
        this.#hours = readConfig(path).quiet;
    }
    /** In the owner's zone, or in the machine's as it is now. */
    get hours() {
        return this.#hours && { zone: this.#zone.view.name, ...this.#hours };
    }
    change(hours) {
        changeConfig(this.#path, (before) => {
            const { quiet: _, ...rest } = before;
            return hours === undefined ? rest : { ...rest, quiet: hours };
        });
        this.#hours = hours;
    }
    /** For the status; undefined where none are set. */
    describe(now) {
        const hours = this.#hours;
        if (hours === undefined)
            return undefined;
        return { ...hours, active: toQuietEnd(this.hours, now) !== undefined };
    }
}
class Routing {
    #path;
    #rules;
    #noticeAfterMinutes;
    #lastId = 0;
    /** @throws SluiceError `bad_config` when the file cannot be read. */
    constructor(path) {
        const config = readConfig(path);
        this.#path = path;
        this.#rules = config.routes ?? [];
        this.#noticeAfterMinutes = config.waitingNoticeMinutes ?? NOTICE_AFTER_MINUTES;
    }
    get rules() {
        return this.#rules;
    }
    /** How long events may wait for a session that is not open, before the owner hears of it; 0 is for ever. */
    get noticeAfterMinutes() {
        return this.#noticeAfterMinutes;
    }
    list() {
        return [...this.#rules];
    }
    /** Adds a rule behind the others: the first that covers an event counts. */
    add(request) {
        const taken = this.#rules.map(({ id }) => id);
        // Never the id of one that was removed a moment ago: events remember the rule that covered them.
        const id = Math.max(0, this.#lastId, ...taken) + 1;
        this.#lastId = id;
        const rule = { id, ...request };
        this.#change((rules) => [...rules, rule]);
        return rule;
    }
    /** @throws SluiceError `not_found` */
    remove(id) {
        const found = this.#rules.find((rule) => rule.id === id);
        if (found === undefined) {
            throw new SluiceError("not_found", `no rule ${id}; "sluice route list" shows them`);
        }
        this.#lastId = Math.max(this.#lastId, id);
        this.#change((rules) => rules.filter((rule) => rule.id !== id));
        return found;
    }
    #change(edit) {
        const after = changeConfig(this.#path, (before) => ({
            ...before,
            routes: edit(before.routes ?? []),
        }));
        this.#rules = after.routes ?? [];
    }
}
function memo(read, lifeMs, clock) {
    let kept;
    return () => {
        const now = clock.now();
        if (kept === undefined || now >= kept.until)
            kept = { value: read(), until: now + lifeMs };
        return kept.value;
    };
}
