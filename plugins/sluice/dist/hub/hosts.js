import { LANES } from "../flow/lanes/choose-lane.js";
import { agent } from "../flow/lanes/agent.js";
import { codex } from "../flow/lanes/codex.js";
import { opencode } from "../flow/lanes/opencode.js";
import { SluiceError, toMessage } from "../sdk/errors.js";
import { changeConfig, readConfig } from "./settings/config.js";
const KNOWN = [
    {
        name: "codex",
        lane: codex,
        load: async () => (await import("../hosts/codex/open.js")).openCodex,
    },
    {
        name: "opencode",
        lane: opencode,
        load: async () => (await import("../hosts/opencode/open.js")).openOpencode,
    },
];
/** Needs no setting: who runs one has asked for it. */
const AGENT = {
    name: "agent",
    lane: agent,
    load: async () => (await import("../hosts/agent/open.js")).openAgents,
};
export class Hosts {
    #core;
    #switched;
    #agent;
    #hasAgent = false;
    list;
    /** `others`: hosts of a test, in place of those that can be switched on. */
    constructor(core, others) {
        this.#core = core;
        const read = (name) => name === "agent" ? undefined : readConfig(core.home.config).hosts?.[name];
        this.#switched = KNOWN.map((known) => new SwitchedHost(known, core, () => read(known.name)));
        const own = { folder: core.home.path };
        this.#agent = new SwitchedHost(AGENT, core, () => (this.#hasAgent ? own : undefined));
        this.list = [...(others ?? this.#switched), this.#agent];
    }
    /** Every lane, for people: what can be expected of a session on it. */
    describeLanes() {
        const lanes = [...LANES, ...[...this.#switched, this.#agent].map(({ lane }) => lane)];
        return lanes.map(({ name, means }) => ({ name, ...means }));
    }
    /** Those that are on. */
    describe() {
        return this.#switched.flatMap((host) => host.describe() ?? []);
    }
    /** The door for a plugin inside this agent. @throws SluiceError `not_found` where it is not on. */
    plugin(name) {
        const found = this.#switched.find((host) => host.name === name)?.plugin;
        if (found !== undefined)
            return found;
        throw new SluiceError("not_found", `${name} is not connected; "sluice connect ${name}"`);
    }
    /** The door for `sluice agent`, opened once there is one. @throws SluiceError `internal` where it cannot be opened. */
    async agents() {
        if (!this.#hasAgent) {
            this.#hasAgent = true;
            await this.#agent.follow();
        }
        const { plugin } = this.#agent;
        if (plugin !== undefined)
            return plugin;
        this.#hasAgent = false;
        throw new SluiceError("internal", "the hub takes no agent now; its log says why");
    }
    /** Switches one on, or off without a setting. @throws SluiceError `bad_config`, `store_*`: then nothing has changed. */
    async change(name, setting) {
        const before = readConfig(this.#core.home.config).hosts?.[name];
        changeConfig(this.#core.home.config, (config) => {
            const { [name]: _, ...others } = config.hosts ?? {};
            return { ...config, hosts: setting === undefined ? others : { ...others, [name]: setting } };
        });
        await this.#switched.find((host) => host.name === name)?.follow();
        return before !== undefined;
    }
}
/** A host that follows its setting. */
class SwitchedHost {
    name;
    lane;
    #known;
    #core;
    #read;
    #door;
    #setting;
    #gates = [];
    #sessions = 0;
    plugin;
    #close;
    /** Changes one after the other. */
    #busy = Promise.resolve();
    constructor(known, core, read) {
        this.#known = known;
        this.name = known.name;
        this.lane = known.lane;
        this.#core = core;
        this.#read = read;
    }
    async open(door) {
        this.#door = door;
        await this.follow();
        return async () => {
            this.#door = undefined;
            await this.follow();
        };
    }
    /** Opens or closes it, as the setting now says. */
    follow() {
        this.#busy = this.#busy.then(() => this.#follow());
        return this.#busy;
    }
    describe() {
        const [setting, { name }] = [this.#setting, this];
        if (setting === undefined || name === "agent")
            return undefined;
        return { name, ...setting, gates: this.#gates, sessions: this.#sessions };
    }
    async #follow() {
        const close = this.#close;
        this.#close = undefined;
        await close?.(this.#door !== undefined);
        this.#gates = [];
        this.plugin = undefined;
        const setting = this.#door === undefined ? undefined : this.#read();
        this.#setting = setting;
        if (setting === undefined || this.#door === undefined)
            return;
        const { clock, log } = this.#core;
        try {
            const open = await this.#known.load();
            this.#close = await open({
                ...setting,
                clock,
                log,
                door: this.#count(this.#door),
                note: (gates) => (this.#gates = gates),
                serve: (plugin) => (this.plugin = plugin),
            });
        }
        catch (thrown) {
            // The hub does its other work; status and doctor tell of this.
            const detail = toMessage(thrown);
            log.error({ host: this.name, error: detail }, "a host could not be opened");
            const fix = `see the hub's log; then "sluice connect ${this.name}" again`;
            this.#gates = [{ gate: "host", isOpen: false, detail, fix }];
        }
    }
    #count(door) {
        return {
            attach: (found) => {
                const session = door.attach(found);
                this.#sessions++;
                let isThere = true;
                return {
                    ...session,
                    gone: (reason) => {
                        if (isThere)
                            this.#sessions--;
                        isThere = false;
                        session.gone(reason);
                    },
                };
            },
        };
    }
}
