import { CHANNEL_CAPABILITY, decideGate, isDeclared, mayRelay, NEWEST_CLIENT, } from "../host/gates.js";
import { readEntries } from "../host/launch.js";
import { RELAY_CAPABILITY } from "../host/relay.js";
import { DEVELOPMENT_FLAG } from "../sdk/channel-flag.js";
import { toObject } from "../sdk/json.js";
export function listChecks(facts) {
    return [
        checkProcess(facts),
        checkHandshake(facts),
        ...checkGates(facts),
        checkRelay(facts),
        checkEvents(facts),
    ];
}
function checkProcess({ gone, pid }) {
    if (gone === undefined)
        return { name: "process", state: "yes", text: `runs as process ${pid}` };
    return {
        name: "process",
        state: "no",
        text: `the server ${gone}`,
        fix: "read what it wrote to stderr, mend it, then: restart",
    };
}
function checkHandshake({ connection, failure, gone }) {
    if (connection !== undefined)
        return { name: "handshake", state: "yes", text: `${connection.era} MCP, tools listed` };
    if (failure !== undefined || gone !== undefined)
        return {
            name: "handshake",
            state: "no",
            text: failure ?? "it ended before it was connected",
            fix: "connect a transport: await server.connect(new StdioServerTransport())",
        };
    return {
        name: "handshake",
        state: "unknown",
        text: "the server has not answered yet",
        fix: "connect a transport: await server.connect(new StdioServerTransport())",
    };
}
const OPEN = {
    era: "legacy",
    capabilities: { experimental: { [CHANNEL_CAPABILITY]: {} } },
};
function checkGates(facts) {
    const { name, marketplace, client, connection } = facts;
    const server = { ...OPEN, name, marketplace };
    const itself = [{ kind: "server", name, isDevelopment: true }];
    const { version = NEWEST_CLIENT, provider, account, isOffered, settings } = client;
    const ask = (gate, outcome) => {
        // WHY-1: by what is open, only this gate can be closed; `none` of `account` closes one before it.
        if (outcome.kind === "open" || outcome.gate !== gate)
            return { name: gate, state: "yes", text: toOpenWords(gate, facts) };
        return { name: gate, state: "no", text: outcome.reason, fix: toFix(outcome, facts) ?? "" };
    };
    const unknown = (gate) => ({
        name: gate,
        state: "unknown",
        text: "not known before the handshake",
    });
    const decide = (more, launch) => decideGate({ ...server, ...more }, launch, itself);
    const entries = readEntries(client.argv ?? [], client.isInteractive);
    // The list alone: channelsEnabled is a gate of its own, and stands before it.
    const own = settings?.allowedChannelPlugins;
    const lists = own === undefined ? {} : { settings: { allowedChannelPlugins: own } };
    const listed = decideGate(server, { ...lists, ...pick({ approved: client.approved }) }, entries);
    const onList = ["session", "marketplace", "allowlist"];
    return [
        ask("version", decide({}, { version })),
        connection === undefined
            ? unknown("capability")
            : ask("capability", decide({ capabilities: connection.capabilities }, {})),
        connection === undefined ? unknown("era") : ask("era", decide({ era: connection.era }, {})),
        ask("provider", decide({}, pick({ provider }))),
        ask("feature", decide({}, pick({ isOffered }))),
        ask("login", decide({}, pick({ version, account }))),
        ask("policy", decide({}, pick({ account: account === "none" ? undefined : account, settings }))),
        ...onList.map((gate) => {
            const closed = listed.kind === "closed" ? listed.gate : undefined;
            // Of an entry that is not there nothing more can be said.
            if (closed === undefined ||
                !onList.includes(closed) ||
                onList.indexOf(gate) <= onList.indexOf(closed))
                return ask(gate, listed);
            return { name: gate, state: "unknown", text: `not asked: ${closed} is closed` };
        }),
    ];
}
/** Without the fields that are not given: `exactOptionalPropertyTypes`. */
function pick(facts) {
    return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}
function toOpenWords(gate, { name, client, marketplace }) {
    const { version = NEWEST_CLIENT, provider = "anthropic", account = "personal", settings, } = client;
    switch (gate) {
        case "version":
            return `Claude Code ${version} has channels`;
        case "capability":
            return "declares experimental claude/channel";
        case "era":
            return "connected by initialize, as channels need";
        case "provider":
            return `the model is served by ${provider}`;
        case "feature":
            return "the client is offered channels";
        case "login":
            return `signed in: ${account}`;
        case "policy":
            return settings?.channelsEnabled === true
                ? "managed settings allow channels"
                : "no managed setting forbids channels";
        case "session":
            return `the flags name ${name}: ${(client.argv ?? []).join(" ")}`;
        case "marketplace":
            return marketplace === undefined
                ? "no plugin, so from no marketplace"
                : `from ${marketplace}`;
        case "allowlist":
            return "approved, or named by the development flag";
        default:
            return gate;
    }
}
/** What to do at a closed gate. */
export function toFix(outcome, { name, connection }) {
    if (outcome.kind === "open")
        return undefined;
    const entry = name.startsWith("plugin:")
        ? `plugin:${name.split(":")[1]}@MARKETPLACE`
        : `server:${name}`;
    switch (outcome.gate) {
        case "version":
            return "update Claude Code: claude update";
        case "capability":
            return toCapabilityFix(connection?.capabilities ?? {});
        case "era":
            return "do not answer server/discover: let the SDK's low-level Server refuse it, or refuse it with -32601";
        case "provider":
            return "channels work with Anthropic's own API only; on Bedrock, Vertex and Foundry use Sluice's monitor (sluice connect)";
        case "feature":
            return "unset ANTHROPIC_BASE_URL and what switches telemetry off, or use Sluice's monitor (sluice connect)";
        case "login":
            return "run /login in Claude Code";
        case "policy":
            return "an administrator sets channelsEnabled: true in managed settings";
        case "session":
            return `start Claude Code with: claude ${DEVELOPMENT_FLAG} ${entry}`;
        case "marketplace":
            return "name the marketplace that the plugin was installed from: plugin:NAME@MARKETPLACE";
        case "allowlist":
            return `for development: claude ${DEVELOPMENT_FLAG} ${entry}; for others, it has to come onto the list`;
        default:
            return outcome.gate;
    }
}
function toCapabilityFix(capabilities) {
    const declare = 'capabilities: { experimental: { "claude/channel": {} } }';
    if (capabilities[CHANNEL_CAPABILITY] !== undefined)
        return `it stands beside "experimental" and belongs into it: ${declare}`;
    const near = Object.keys(toObject(capabilities["experimental"])).find((key) => /channel/i.test(key));
    if (near !== undefined && near !== RELAY_CAPABILITY)
        return `it declares "${near}"; the name is exactly "claude/channel": ${declare}`;
    return `declare it in the server's options: ${declare}`;
}
function checkRelay({ connection, client }) {
    if (connection === undefined)
        return { name: "relay", state: "unknown", text: "not known before the handshake" };
    const { capabilities } = connection;
    if (isDeclared(capabilities, RELAY_CAPABILITY))
        return mayRelay(client)
            ? {
                name: "relay",
                state: "yes",
                text: "is asked for permission prompts, while it is a channel",
            }
            : {
                name: "relay",
                state: "no",
                text: "this client relays no prompts",
                fix: "update Claude Code",
            };
    return {
        name: "relay",
        state: "unknown",
        text: "not asked for permission prompts (only needed to answer them from elsewhere)",
    };
}
function checkEvents({ tally, waiting, lastDrop, listeners, gone }) {
    const { events, read, dropped } = tally;
    if (events === 0) {
        const where = (listeners ?? []).map(({ port }) => port).join(", ");
        return {
            name: "events",
            state: "unknown",
            text: "the server has sent no notifications/claude/channel yet",
            fix: gone === undefined && where !== ""
                ? `post to port ${where}; if the curl succeeds and nothing shows here, the server's handler of that path does not call server.notification(...)`
                : `send one: server.notification({ method: "notifications/claude/channel", params: { content: "hello" } })${gone === undefined && listeners !== undefined ? "; it listens on no port: a curl that succeeds reaches another process" : ""}`,
        };
    }
    const text = `${events} sent, ${read} read, ${dropped} dropped, ${waiting} waiting`;
    if (dropped > 0 && lastDrop !== undefined)
        return {
            name: "events",
            state: read > 0 ? "yes" : "no",
            text,
            fix: `the last that was dropped: ${lastDrop}`,
        };
    if (waiting > 0 && read === 0)
        return {
            name: "events",
            state: "unknown",
            text,
            fix: "the session is busy: idle lets it go on",
        };
    return { name: "events", state: "yes", text };
}
