/**
 * The handshake: which era a server speaks, what it can do, which tools it lists.
 *
 * Owns: the order of the opening questions, and whether the server counts as a channel.
 * Never: a turn, a hook, or what a notification means.
 *
 * Observed of Claude Code: `server/discover` (2026-07-28) is asked first; a server that does not know it is opened with `initialize`
 * (2025-11-25); one that answers it is used as a modern server, and then never as a channel.
 * https://code.claude.com/docs/en/channels-reference
 */
import { toObject } from "../sdk/json.js";
import { SluiceError } from "../sdk/errors.js";
import { CHANNEL_CAPABILITY, isDeclared } from "./gates.js";
const MODERN = "2026-07-28";
const LEGACY = "2025-11-25";
const MAX_TEXT_CHARS = 2_048;
const DISCOVER_TIMEOUT_MS = 3_000;
const REQUEST_TIMEOUT_MS = 30_000;
const MAX_PAGES = 1_000;
/** Exactly these. Nothing here says whether the session listens to channels: that is the client's own knowledge. */
const CLIENT_CAPABILITIES = { roots: {}, elicitation: {} };
/**
 * Opens the conversation with a server.
 * @throws SluiceError `unsupported` when it answers neither question.
 */
export async function connect(wire, clientInfo, timeoutMs = REQUEST_TIMEOUT_MS) {
    const requestMeta = {
        "io.modelcontextprotocol/protocolVersion": MODERN,
        "io.modelcontextprotocol/clientInfo": clientInfo,
        "io.modelcontextprotocol/clientCapabilities": CLIENT_CAPABILITIES,
    };
    const discovered = await wire.request("server/discover", { _meta: requestMeta }, { timeoutMs: DISCOVER_TIMEOUT_MS });
    if (discovered.kind === "result") {
        const { capabilities, instructions, _meta } = discovered.result;
        const serverInfo = toObject(toObject(_meta)["io.modelcontextprotocol/serverInfo"]);
        return {
            era: "modern",
            serverInfo,
            capabilities: toObject(capabilities),
            instructions: toText(instructions),
            isChannel: false,
            requestMeta,
        };
    }
    const params = { protocolVersion: LEGACY, capabilities: CLIENT_CAPABILITIES, clientInfo };
    const { serverInfo, capabilities, instructions } = toResult(await wire.request("initialize", params, { timeoutMs }), "initialize");
    refuseInvalid(toObject(capabilities)["experimental"]);
    wire.notify("notifications/initialized");
    return {
        era: "legacy",
        serverInfo: toObject(serverInfo),
        capabilities: toObject(capabilities),
        instructions: toText(instructions),
        isChannel: isDeclared(toObject(capabilities), CHANNEL_CAPABILITY),
        requestMeta: {},
    };
}
/** Seen of 2.1.332: one experimental capability that is no object, `true` too, and the server is not connected at all. */
function refuseInvalid(experimental) {
    if (experimental === undefined)
        return;
    const wrong = isRecord(experimental)
        ? Object.entries(experimental).find(([, value]) => !isRecord(value))
        : ["", experimental];
    if (wrong === undefined)
        return;
    const [name, value] = wrong;
    throw new SluiceError("unsupported", `Connection failed (INVALID_RESULT): Invalid result for initialize: capabilities.experimental${name === "" ? "" : `["${String(name)}"]`} is ${JSON.stringify(value)}; declare it with {}`);
}
function isRecord(value) {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
/** The tools a server lists, page by page; none when it has none. */
export async function readTools(wire, connection, timeoutMs = REQUEST_TIMEOUT_MS) {
    if (connection.capabilities["tools"] === undefined)
        return [];
    const tools = [];
    const seen = new Set();
    let cursor;
    do {
        if (seen.has(cursor) || seen.size >= MAX_PAGES) {
            throw new SluiceError("unsupported", `the server's tools/list comes to no end: after ${seen.size} pages it went on at ${JSON.stringify(cursor)}`);
        }
        seen.add(cursor);
        const params = {
            cursor,
            ...withMeta(connection.requestMeta),
        };
        const page = toResult(await wire.request("tools/list", params, { timeoutMs }), "tools/list");
        for (const entry of Array.isArray(page["tools"]) ? page["tools"] : []) {
            const { name, description, _meta } = toObject(entry);
            if (typeof name !== "string")
                continue;
            const needsPerson = toObject(_meta)["anthropic/requiresUserInteraction"] === true;
            tools.push({
                name,
                description: toText(description),
                ...(needsPerson ? { needsPerson } : {}),
            });
        }
        cursor = page["nextCursor"];
    } while (typeof cursor === "string");
    return tools;
}
/** `_meta` for a request, or nothing where it would be empty. */
function withMeta(meta) {
    return Object.keys(meta).length === 0 ? {} : { _meta: meta };
}
function toText(value) {
    return typeof value === "string" ? value.slice(0, MAX_TEXT_CHARS) : "";
}
function toResult(answer, method) {
    switch (answer.kind) {
        case "result":
            return answer.result;
        case "error":
            throw new SluiceError("unsupported", `the server refused ${method} (${answer.code}): ${answer.message}; is it an MCP server?`);
        case "gone":
            throw new SluiceError("unsupported", `the server ${answer.reason} before it answered ${method}; run its command by hand to see why`);
        case "timeout":
        case "aborted":
            throw new SluiceError("unsupported", `the server did not answer ${method}; run its command by hand to see why`);
        default:
            return answer;
    }
}
