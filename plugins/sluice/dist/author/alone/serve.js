import { VERSION } from "../../local/version.js";
import { isSluiceError, toMessage } from "../../sdk/errors.js";
import { toObject } from "../../sdk/json.js";
import { McpFault, McpServer } from "../../shim/mcp-server.js";
import { describeChannel } from "../../sdk/author/describe.js";
import { toInstructions } from "../instructions.js";
import { findMayPush } from "./client.js";
import { claimOutput } from "./output.js";
import { toToolList } from "./tool-list.js";
const SETTLE_MS = 300;
const LOOK_EVERY_MS = 1_000;
const DEFAULT_PORT = 8788;
const TELL_EVERY_MS = 60_000;
const TOLD_MAX = 100;
const RELAY_REQUEST = "notifications/claude/channel/permission_request";
class AloneServer extends McpServer {
    #hasRelay;
    constructor(info, instructions, hasRelay) {
        super(info, instructions);
        this.#hasRelay = hasRelay;
    }
    getCapabilities() {
        const relay = this.#hasRelay ? { "claude/channel/permission": {} } : {};
        return { ...super.getCapabilities(), experimental: { "claude/channel": {}, ...relay } };
    }
}
/** Runs until the client leaves. */
export async function serveChannel(channel, options) {
    const env = options.env ?? process.env;
    const name = options.name ?? channel.kind;
    const parent = process.ppid;
    const output = claimOutput();
    const say = (text) => {
        for (const line of text.split("\n"))
            process.stderr.write(`${name}: ${line}\n`);
    };
    outliveAuthorFaults(say);
    const outline = describeChannel(channel);
    const server = new AloneServer({ name, version: VERSION }, toInstructions([{ ...outline, kind: name }]), outline.permission);
    const notify = (method, params) => server.notification({ method, params });
    // Loaded once the client has shaken hands: it waits for the answer to that.
    let opening;
    const open = () => (opening ??= import("./alone.js").then(({ AloneChannel }) => new AloneChannel({
        channel,
        env,
        name,
        port: options.port ?? readPort(env) ?? channel.definition.port ?? DEFAULT_PORT,
        log: toLog(say, env),
        say,
        notify: (notification) => notify("notifications/claude/channel", notification),
        // A broken pipe ends the process by itself (SERVE-2).
        verdict: ({ id, behavior }) => void notify("notifications/claude/channel/permission", {
            request_id: id,
            behavior,
        }).catch(() => undefined),
        mayPush: findMayPush(env, parent),
    })));
    server.oninitialized = () => void setTimeout(() => void open().then((alone) => alone.start()), SETTLE_MS).unref();
    const tools = toToolList(outline);
    server.onRequest("tools/list", () => ({ tools }));
    server.onRequest("tools/call", async ({ name: tool, arguments: input }) => {
        if (typeof tool !== "string")
            throw new McpFault("badParams", "tools/call needs a name");
        const { text, isError } = await (await open()).callTool(tool, toObject(input));
        return { content: [{ type: "text", text }], isError };
    });
    server.onNotification(RELAY_REQUEST, (params) => void open().then((alone) => alone.relay(params)));
    const ended = waitForEnd(server, parent);
    server.connect(process.stdin, output);
    await ended;
    await (await opening)?.close();
}
/** A fault in the author's own callbacks concerns no call of ours, and a client starts no server a second time. */
function outliveAuthorFaults(say) {
    const toldAt = new Map();
    const tell = (thrown) => {
        // A push that nobody waits for can fail a thousand times a second.
        const kind = toMessage(thrown).replaceAll(/\d+/g, "0").slice(0, 200);
        const now = Date.now();
        if (now - (toldAt.get(kind) ?? 0) < TELL_EVERY_MS)
            return;
        if (toldAt.size >= TOLD_MAX)
            toldAt.clear();
        toldAt.set(kind, now);
        const stack = thrown instanceof Error && !isSluiceError(thrown) ? thrown.stack : undefined;
        say(`the channel's own code failed outside of a call, and goes on: ${stack ?? toMessage(thrown)}`);
    };
    process.on("uncaughtException", tell).on("unhandledRejection", tell);
}
function readPort(env) {
    const text = env["SLUICE_PORT"];
    return text !== undefined && /^\d{1,5}$/.test(text) ? Number(text) : undefined;
}
function toLog(say, env) {
    const isLoud = env["SLUICE_LOG"] === "debug";
    const write = (facts, message) => say(`${message} ${toFacts(facts)}`);
    const quiet = () => undefined;
    return { debug: isLoud ? write : quiet, info: isLoud ? write : quiet, warn: write, error: write };
}
function toFacts(facts) {
    try {
        return JSON.stringify(facts);
    }
    catch (thrown) {
        return toMessage(thrown);
    }
}
/** SERVE-2 */
function waitForEnd(server, parent) {
    return new Promise((resolve) => {
        const end = () => resolve();
        server.onclose = end;
        process.stdin.once("end", end).once("close", end).once("error", end);
        process.stdout.once("error", end);
        process.stderr.on("error", () => { });
        for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
            process.once(signal, end);
        setInterval(() => void (process.ppid !== parent && end()), LOOK_EVERY_MS).unref();
    });
}
