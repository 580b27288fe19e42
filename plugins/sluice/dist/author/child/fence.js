/**
 * Closes what Node's permission model leaves open in the process of an author's channel.
 *
 * Owns: which functions of Node such a process does not have. Never: what the model itself closes (hub/authored/node-args.ts).
 *
 * FENCE-1 Before the author's first line runs, the process can send no signal to another one, open no database and no socket of the file
 *    system, set no flag of the engine, and start no thread or loader of its own, which would stand outside of this. Where one of them
 *    cannot be closed, nothing is loaded.
 * FENCE-2 A process that is only asked what its channel is has no network: what it could read of the project it cannot tell anybody.
 */
import module from "node:module";
import { connect } from "node:net";
import { constants } from "node:os";
import { SluiceError } from "../../sdk/errors.js";
/** They would write files, reach other processes, or lift what is closed here. */
const CLOSED = [
    ["node:process", ["_debugProcess", "_debugEnd"]],
    ["node:os", ["setPriority"]],
    ["node:v8", ["setFlagsFromString", "setHeapSnapshotNearHeapLimit"]],
    ["node:trace_events", ["createTracing"]],
    ["node:module", ["register"]],
    ["node:worker_threads", ["Worker"]],
];
const WAYS_OUT = /^(?:bind|connect|listen|fchmod)/;
/** After our own loader has been set up. `wire`: the pipe to the hub, which is open already. @throws SluiceError `unsupported`. */
export function fence(wire, network) {
    if (process.getBuiltinModule("node:sqlite") !== undefined)
        throw open("node:sqlite");
    for (const [name, functions] of CLOSED) {
        const table = process.getBuiltinModule(name);
        for (const key of functions)
            if (table?.[key] !== undefined)
                close(table, key, refuse(key));
    }
    closeKill();
    closeHandles(wire, "sockets of files");
    if (!network)
        closeNetwork();
    // What is imported by its name is a copy.
    module.syncBuiltinESMExports();
}
/** It may end itself. */
function closeKill() {
    const table = process;
    const { pid } = process;
    const { EPERM } = constants.errno;
    const kill = table["_kill"];
    if (typeof kill !== "function")
        throw open("process.kill");
    const raw = kill;
    close(table, "_kill", (other, signal) => other === pid ? raw(pid, signal) : -EPERM);
    // It asks the one above, on every Node until now.
    if (isOpen(() => process.kill(process.ppid, 0)))
        throw open("process.kill");
}
function isOpen(attempt) {
    try {
        attempt();
        return true;
    }
    catch {
        return false;
    }
}
/** FENCE-2: names, datagrams and connections. */
function closeNetwork() {
    for (const name of ["node:dns", "node:dns/promises", "node:dgram"]) {
        const table = process.getBuiltinModule(name);
        for (const [key, value] of Object.entries(table))
            if (typeof value === "function")
                close(table, key, refuse(key));
    }
    // Node 25 and later do it by themselves (hub/authored/node-args.ts).
    if (process.allowedNodeEnvironmentFlags.has("--allow-net"))
        return;
    const socket = connect({ host: "127.0.0.1", port: 9, autoSelectFamily: false });
    socket.on("error", () => undefined);
    closeHandles(socket, "the network");
    socket.destroy();
}
/** Those of all sockets that are of the kind of this one. */
function closeHandles(socket, what) {
    const handle = socket._handle;
    const shared = handle == null ? null : Object.getPrototypeOf(handle);
    if (shared === null || typeof shared["connect"] !== "function")
        throw open(what);
    for (const key of Object.getOwnPropertyNames(shared))
        if (WAYS_OUT.test(key))
            close(shared, key, () => -constants.errno.EACCES);
}
function close(table, key, value) {
    Object.defineProperty(table, key, { value, writable: false, configurable: false });
}
function refuse(key) {
    // Some of them are called with `new`.
    return function refused() {
        throw Object.assign(new Error(`a channel in the hub has no ${key}`), {
            code: "ERR_ACCESS_DENIED",
        });
    };
}
function open(what) {
    return new SluiceError("unsupported", `this Node (${process.version}) does not let ${what} be closed to a channel; run Sluice with another one, or the channel alone (sluice serve)`);
}
