import { CHAT_CHANNEL } from "../settings/channel-name.js";
export class ChannelList {
    #entries = new Map();
    #lent = new Map();
    #receiving = new Map();
    #access = new Map();
    #doors = new Map();
    #changed = new Set();
    #readChatRules = () => undefined;
    get entries() {
        return this.#entries;
    }
    /** For ingress: those that take requests, configured or lent. */
    get receiving() {
        return this.#receiving;
    }
    /** For the gate: what may come in. Nothing on a channel that is not here. */
    get access() {
        return this.#access;
    }
    /** Who may speak in the chats of a channel. Until then nobody may. */
    readChatRules(read) {
        this.#readChatRules = read;
    }
    /** Call the result to hear no more. */
    onChanged(listener) {
        this.#changed.add(listener);
        return () => this.#changed.delete(listener);
    }
    set(entry) {
        this.#entries.set(entry.config.name, entry);
        this.#prepare(entry.config.name);
    }
    delete(name) {
        this.#entries.delete(name);
        this.#prepare(name);
    }
    /** Has ingress know a channel that stands in no configuration and no list. Call the result to take it back. */
    lend(channel) {
        const { name } = channel;
        this.#lent.set(name, channel);
        this.#prepare(name);
        return () => {
            this.#lent.delete(name);
            this.#prepare(name);
        };
    }
    #prepare(name) {
        const lent = this.#lent.get(name);
        const entry = this.#entries.get(name);
        for (const address of this.#doors.get(name) ?? [])
            this.#receiving.delete(address);
        this.#doors.set(name, [...(entry?.doors?.keys() ?? [])]);
        for (const [address, door] of entry?.doors ?? [])
            this.#receiving.set(address, door);
        put(this.#receiving, name, lent ?? entry?.doors?.get(name) ?? (entry?.doors === undefined ? entry?.channel : undefined));
        const { config } = entry ?? {};
        const access = lent === undefined ? config && this.#toAccess(config) : LENT;
        put(this.#access, name, access);
        for (const tell of this.#changed)
            tell();
    }
    #toAccess({ name, paused, allowUnsigned = false, quota }) {
        const read = () => this.#readChatRules(name);
        return {
            paused,
            allowUnsigned,
            quota,
            // Looked up for people only: most arrivals come from machines.
            get chat() {
                return read();
            },
        };
    }
}
const LENT = { paused: false, allowUnsigned: false };
function put(map, name, value) {
    if (value === undefined)
        map.delete(name);
    else
        map.set(name, value);
}
/** Who speaks on a channel. One that does not open may be of any kind: what is set there is kept. */
export function toPeople(name, entry) {
    if (name === CHAT_CHANNEL)
        return "page";
    if (entry?.isInward === true)
        return "source";
    if (entry?.isConnected === true)
        return "chats";
    if (entry?.channel === undefined || entry.config.code !== undefined)
        return "chats";
    return entry.config.twoWay ? "bridge" : "source";
}
