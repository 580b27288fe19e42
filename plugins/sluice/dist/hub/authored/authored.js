/**
 * The authors' channels of a hub: each configured one with its code, its process and its tools.
 *
 * Owns: making one of a configuration, and which of them there are. Never: the configuration, or ingress.
 *
 * AUTHORED-1 A process that an earlier hub has left behind is ended before another one of its channel is started.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { isAlive, readProcess } from "../../local/process.js";
import { SluiceError } from "../../sdk/errors.js";
import { readCursor } from "../../store/events/cursors.js";
import { AuthoredChannel } from "./authored-channel.js";
import { openDoors } from "./doors.js";
import { FILES_FOLDER, openKeptCode, PID_FILE, sweepCode, toCodeFolder, } from "./kept-code.js";
const LOOK_EVERY_MS = 5_000;
export class Authored {
    #core;
    #env;
    #limits;
    #entries = new Map();
    #looks;
    #isLooking = false;
    #toolsChanged = new Set();
    #take = () => Promise.reject(new SluiceError("hub_stopping", "nobody takes events yet", { retryable: true }));
    constructor(core, env, limits = {}) {
        this.#core = core;
        this.#env = env;
        this.#limits = limits;
        this.#looks = setInterval(() => void this.#lookForChanges(), LOOK_EVERY_MS).unref();
    }
    close() {
        clearInterval(this.#looks);
    }
    /** Who takes what they bring. One. */
    onTake(take) {
        this.#take = take;
    }
    /** Call the result to hear no more. */
    onToolsChanged(listener) {
        this.#toolsChanged.add(listener);
        return () => this.#toolsChanged.delete(listener);
    }
    /** Before the first is opened: what is left of others goes. */
    sweep(channels) {
        if (!existsSync(toCodeFolder(this.#core.home)))
            return;
        const kept = channels.flatMap(({ name, code }) => code === undefined ? [] : [[name, code.digest]]);
        sweepCode(this.#core.home, new Map(kept));
    }
    /** Nothing is started by it. @throws SluiceError `bad_config`, `bad_secret`. */
    async prepare(config, secrets) {
        const { home, db } = this.#core;
        const { name, code } = config;
        if (code === undefined)
            throw new SluiceError("internal", `channel ${name} is no author's channel`);
        const { manifest } = await openKeptCode(home, name, code.digest);
        const { outline } = manifest;
        this.#endLeftover(name);
        const needed = toNeeded(secrets, outline);
        const take = (arrivals, cursor) => this.#take(name, arrivals, cursor, outline.permission);
        const channel = new AuthoredChannel({
            name,
            readCode: () => openKeptCode(home, name, code.digest),
            secrets: needed.named ?? {},
            env: this.#env,
            take,
            readCursor: () => readCursor(db, name),
            chat: outline.chat,
            noteProcess: (pid) => this.#notePid(name, pid),
            limits: this.#limits,
        });
        this.#entries.set(name, { channel, manifest, digest: code.digest, changed: [] });
        void this.#lookForChanges();
        this.#tellTools();
        const doors = openDoors({ config, outline, secrets: needed, channel, take });
        return { doors, outline, open: (context) => channel.open(context) };
    }
    forget(name) {
        if (this.#entries.delete(name))
            this.#tellTools();
    }
    /** Tools of all that are configured, with the channel of each. */
    listTools() {
        return [...this.#entries].flatMap(([channel, { manifest }]) => manifest.outline.tools.map((tool) => ({ ...tool, channel })));
    }
    /** Undefined where no channel has such a tool. */
    callTool(name, input) {
        for (const { channel, manifest } of this.#entries.values())
            if (manifest.outline.tools.some((tool) => tool.name === name))
                return channel.callTool(name, input);
        return undefined;
    }
    describe(name) {
        const entry = this.#entries.get(name);
        if (entry === undefined)
            return undefined;
        const { manifest, digest, channel, changed } = entry;
        const own = manifest.packages.find((one) => manifest.from.startsWith(`npm:${one.name}@`));
        return {
            from: manifest.from,
            digest,
            version: own?.version,
            secrets: manifest.outline.secrets,
            figures: channel.figures,
            changed,
        };
    }
    manifestOf(name) {
        return this.#entries.get(name)?.manifest;
    }
    /** Beside everything else: the files may lie on a disk that does not answer. */
    async #lookForChanges() {
        if (this.#isLooking)
            return;
        this.#isLooking = true;
        try {
            for (const [name, entry] of this.#entries) {
                const { manifest, digest } = entry;
                const kept = join(toCodeFolder(this.#core.home), name, digest, FILES_FOLDER);
                entry.changed = await listChanged(manifest.root, kept, manifest.local);
            }
        }
        finally {
            this.#isLooking = false;
        }
    }
    #tellTools() {
        for (const tell of this.#toolsChanged)
            tell();
    }
    /** AUTHORED-1: one that spins does not see that its pipe is closed. */
    #endLeftover(name) {
        const path = this.#toPidFile(name);
        if (this.#entries.has(name) || !existsSync(path))
            return;
        const [pid = "", startTime = ""] = readFileSync(path, "utf8").split("\n");
        if (isAlive(Number(pid), startTime))
            process.kill(Number(pid), "SIGKILL");
        rmSync(path, { force: true });
    }
    #notePid(name, pid) {
        const path = this.#toPidFile(name);
        const startTime = pid === undefined ? undefined : readProcess(pid)?.startTime;
        try {
            if (startTime === undefined)
                rmSync(path, { force: true });
            else
                writeFileSync(path, `${pid}\n${startTime}`, { mode: 0o600 });
        }
        catch (thrown) {
            this.#core.log.warn({ channel: name, error: String(thrown) }, "a process could not be noted");
        }
    }
    #toPidFile(name) {
        return join(toCodeFolder(this.#core.home), name, PID_FILE);
    }
}
/** While code is changed, the secrets of both are kept: each gets what it asked for. */
function toNeeded({ keys, named = {}, listen }, outline) {
    const own = outline.secrets.flatMap((key) => {
        const value = Object.hasOwn(named, key) ? named[key] : undefined;
        return value === undefined ? [] : [[key, value]];
    });
    const isHeard = outline.reply === "stream" && listen !== undefined;
    return { keys, named: Object.fromEntries(own), ...(isHeard ? { listen } : {}) };
}
/** Which files are not any more what was kept. */
async function listChanged(root, kept, files) {
    const changed = [];
    for (const file of files)
        if (!(await isSame(join(root, file), join(kept, file))))
            changed.push(file);
    return changed;
}
async function isSame(now, then) {
    try {
        if ((await stat(now)).size !== (await stat(then)).size)
            return false;
        return (await readFile(now)).equals(await readFile(then));
    }
    catch {
        // It is gone, or cannot be read now: it is not what it was.
        return false;
    }
}
