/**
 * What is kept of an agent between its lives: its conversation, and which processes run it.
 *
 * Owns: that file, one for each folder and kind of agent. Never: starts or ends a process.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readProcess } from "../local/process.js";
import { countAt, parseObject, textAt } from "../sdk/json.js";
export class StateFile {
    #path;
    state;
    constructor(path, state) {
        this.#path = path;
        this.state = state;
    }
    /** `session`: of a conversation that begins. */
    static open(home, cwd, kind, session) {
        const folder = toFolder(home);
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        const name = createHash("sha256").update(`${kind}\n${cwd}`).digest("hex").slice(0, 16);
        const path = join(folder, `${name}.json`);
        return new StateFile(path, readState(path) ?? { session, cwd, with: kind, counted: 0, countedTokens: 0 });
    }
    change(changes) {
        this.state = { ...this.state, ...changes };
        const fresh = `${this.#path}.new`;
        writeFileSync(fresh, `${JSON.stringify(this.state)}\n`, { mode: 0o600 });
        renameSync(fresh, this.#path);
    }
}
/** Of all agents of a home. */
export function listStates(home) {
    let names = [];
    try {
        names = readdirSync(toFolder(home));
    }
    catch {
        // There has been none yet.
    }
    return names
        .filter((name) => name.endsWith(".json"))
        .flatMap((name) => readState(join(toFolder(home), name)) ?? []);
}
export function toRunning(pid) {
    return { pid, startTime: readProcess(pid)?.startTime ?? "" };
}
export function isRunning(one) {
    return one !== undefined && readProcess(one.pid)?.startTime === one.startTime;
}
function toFolder(home) {
    return join(home, "agents");
}
/** Undefined where it is not there, or damaged: then a new conversation begins. */
function readState(path) {
    let text;
    try {
        text = readFileSync(path, "utf8");
    }
    catch {
        return undefined;
    }
    const value = parseObject(text);
    const [session, cwd, kind] = [
        textAt(value, "session"),
        textAt(value, "cwd"),
        textAt(value, "with"),
    ];
    if (session === undefined || cwd === undefined || kind === undefined)
        return undefined;
    const { counted, countedTokens } = value;
    const [owner, child] = [toKnown(value, "owner"), toKnown(value, "child")];
    return {
        session,
        cwd,
        with: kind,
        counted: typeof counted === "number" ? counted : 0,
        countedTokens: typeof countedTokens === "number" ? countedTokens : 0,
        ...(owner === undefined ? {} : { owner }),
        ...(child === undefined ? {} : { child }),
    };
}
function toKnown(value, name) {
    const pid = countAt(value, `${name}.pid`);
    const startTime = textAt(value, `${name}.startTime`);
    return pid === undefined || startTime === undefined ? undefined : { pid, startTime };
}
