/**
 * The hosts that this hub speaks to without a shim.
 *
 * Owns: that list, one line for each host; which of them the owner has switched on; what each says of its gates. Never: the code of a host,
 * which is loaded once it is on.
 */
import type { HostName, HostSetting, HostView, LaneView } from "../api/wire/host-wire.ts";
import { LANES } from "../flow/lanes/choose-lane.ts";
import { agent } from "../flow/lanes/agent.ts";
import { codex } from "../flow/lanes/codex.ts";
import type { Host, HostDoor, HostGate } from "../flow/lanes/host.ts";
import type { Lane } from "../flow/lanes/lane.ts";
import { opencode } from "../flow/lanes/opencode.ts";
import type { OpenHost, PluginDoor } from "../hosts/host.ts";
import { SluiceError, toMessage } from "../sdk/errors.ts";
import type { Core } from "./core.ts";
import { changeConfig, readConfig } from "./settings/config.ts";

type Known = { name: HostName | "agent"; lane: Lane; load: () => Promise<OpenHost> };

const KNOWN: readonly Known[] = [
  {
    name: "codex",
    lane: codex,
    load: async () => (await import("../hosts/codex/open.ts")).openCodex,
  },
  {
    name: "opencode",
    lane: opencode,
    load: async () => (await import("../hosts/opencode/open.ts")).openOpencode,
  },
];

/** Needs no setting: who runs one has asked for it. */
const AGENT: Known = {
  name: "agent",
  lane: agent,
  load: async () => (await import("../hosts/agent/open.ts")).openAgents,
};

export class Hosts {
  readonly #core: Pick<Core, "home" | "clock" | "log">;
  readonly #switched: readonly SwitchedHost[];
  readonly #agent: SwitchedHost;
  #hasAgent = false;
  readonly list: readonly Host[];

  /** `others`: hosts of a test, in place of those that can be switched on. */
  constructor(core: Pick<Core, "home" | "clock" | "log">, others?: readonly Host[]) {
    this.#core = core;
    const read = (name: Known["name"]): HostSetting | undefined =>
      name === "agent" ? undefined : readConfig(core.home.config).hosts?.[name];
    this.#switched = KNOWN.map((known) => new SwitchedHost(known, core, () => read(known.name)));
    const own = { folder: core.home.path };
    this.#agent = new SwitchedHost(AGENT, core, () => (this.#hasAgent ? own : undefined));
    this.list = [...(others ?? this.#switched), this.#agent];
  }

  /** Every lane, for people: what can be expected of a session on it. */
  describeLanes(): LaneView[] {
    const lanes = [...LANES, ...[...this.#switched, this.#agent].map(({ lane }) => lane)];
    return lanes.map(({ name, means }) => ({ name, ...means }));
  }

  /** Those that are on. */
  describe(): HostView[] {
    return this.#switched.flatMap((host) => host.describe() ?? []);
  }

  /** The door for a plugin inside this agent. @throws SluiceError `not_found` where it is not on. */
  plugin(name: HostName): PluginDoor {
    const found = this.#switched.find((host) => host.name === name)?.plugin;
    if (found !== undefined) return found;
    throw new SluiceError("not_found", `${name} is not connected; "sluice connect ${name}"`);
  }

  /** The door for `sluice agent`, opened once there is one. @throws SluiceError `internal` where it cannot be opened. */
  async agents(): Promise<PluginDoor> {
    if (!this.#hasAgent) {
      this.#hasAgent = true;
      await this.#agent.follow();
    }
    const { plugin } = this.#agent;
    if (plugin !== undefined) return plugin;
    this.#hasAgent = false;
    throw new SluiceError("internal", "the hub takes no agent now; its log says why");
  }

  /** Switches one on, or off without a setting. @throws SluiceError `bad_config`, `store_*`: then nothing has changed. */
  async change(name: HostName, setting: HostSetting | undefined): Promise<boolean> {
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
class SwitchedHost implements Host {
  readonly name: Known["name"];
  readonly lane: Lane;
  readonly #known: Known;
  readonly #core: Pick<Core, "clock" | "log">;
  readonly #read: () => HostSetting | undefined;
  #door: HostDoor | undefined;
  #setting: HostSetting | undefined;
  #gates: readonly HostGate[] = [];
  #sessions = 0;
  plugin: PluginDoor | undefined;
  #close: ((isOff: boolean) => Promise<void>) | undefined;
  /** Changes one after the other. */
  #busy: Promise<void> = Promise.resolve();

  constructor(
    known: Known,
    core: Pick<Core, "clock" | "log">,
    read: () => HostSetting | undefined,
  ) {
    this.#known = known;
    this.name = known.name;
    this.lane = known.lane;
    this.#core = core;
    this.#read = read;
  }

  async open(door: HostDoor): Promise<() => Promise<void>> {
    this.#door = door;
    await this.follow();
    return async () => {
      this.#door = undefined;
      await this.follow();
    };
  }

  /** Opens or closes it, as the setting now says. */
  follow(): Promise<void> {
    this.#busy = this.#busy.then(() => this.#follow());
    return this.#busy;
  }

  describe(): HostView | undefined {
    const [setting, { name }] = [this.#setting, this];
    if (setting === undefined || name === "agent") return undefined;
    return { name, ...setting, gates: this.#gates, sessions: this.#sessions };
  }

  async #follow(): Promise<void> {
    const close = this.#close;
    this.#close = undefined;
    await close?.(this.#door !== undefined);
    this.#gates = [];
    this.plugin = undefined;
    const setting = this.#door === undefined ? undefined : this.#read();
    this.#setting = setting;
    if (setting === undefined || this.#door === undefined) return;
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
    } catch (thrown) {
      // The hub does its other work; status and doctor tell of this.
      const detail = toMessage(thrown);
      log.error({ host: this.name, error: detail }, "a host could not be opened");
      const fix = `see the hub's log; then "sluice connect ${this.name}" again`;
      this.#gates = [{ gate: "host", isOpen: false, detail, fix }];
    }
  }

  #count(door: HostDoor): HostDoor {
    return {
      attach: (found) => {
        const session = door.attach(found);
        this.#sessions++;
        let isThere = true;
        return {
          ...session,
          gone: (reason) => {
            if (isThere) this.#sessions--;
            isThere = false;
            session.gone(reason);
          },
        };
      },
    };
  }
}
