/**
 * Whether a server becomes a channel of a session: the client's gates, in its order. Pure.
 *
 * Owns: each gate, and the words with which the client refuses. Never: asks a server or a person (session.ts).
 *
 * The words are those of the client's log, behind "Channel notifications skipped: ". Seen of Claude Code 2.1.332, which was run for it:
 * `capability`, `era`, `provider`, `feature`, in this order, and what the screen says of the last two. `policy`, `session`, `marketplace`
 * and `allowlist` stand in public reports of its users; the conditions are documented. `version`, `login` and what the screen says of
 * `policy` have words of ours.
 * https://code.claude.com/docs/en/channels and https://code.claude.com/docs/en/channels-reference
 *
 * HOSTGATE-1 A development entry opens the allowlist for itself and for no other entry, and no other gate for anybody.
 */
import { toObject } from "../sdk/json.js";
export const CHANNEL_CAPABILITY = "claude/channel";
export const NEWEST_CLIENT = "2.1.332";
const CHANNELS_SINCE = "2.1.80";
const RELAY_SINCE = "2.1.81";
/** Before it only a login of claude.ai counted. */
const KEYS_SINCE = "2.1.128";
const OFFICIAL = "claude-plugins-official";
export const APPROVED = ["telegram", "discord", "imessage", "fakechat"].map((plugin) => ({ plugin, marketplace: OFFICIAL }));
/** Whether `server` is heard in a session of that client, started with these entries. */
export function decideGate(server, facts, entries) {
    const [gate, reason] = refuseServer(server, facts) ?? refuseClient(facts) ?? refuseEntry(server, facts, entries) ?? [];
    if (gate === undefined || reason === undefined)
        return { kind: "open" };
    return { kind: "closed", gate, reason };
}
/** Whether a server has declared an experimental capability. */
export function isDeclared(capabilities, name) {
    return toObject(capabilities["experimental"])[name] !== undefined;
}
/** Whether that client relays permission prompts at all. */
export function mayRelay({ version = NEWEST_CLIENT }) {
    return !isBefore(version, RELAY_SINCE);
}
/** What the client shows on the screen where a flag is of no use; undefined where it shows nothing. */
export function toScreenWords(gate) {
    switch (gate) {
        case "feature":
            return "Channels are not currently available";
        case "provider":
            return "Channels are not available on third-party providers";
        case "policy":
            return "Channels are switched off for this organisation (channelsEnabled: true in managed settings allows them)";
        default:
            return undefined;
    }
}
function refuseServer({ era, capabilities }, { version = NEWEST_CLIENT }) {
    if (isBefore(version, CHANNELS_SINCE))
        return ["version", `Claude Code ${version} has no channels; they came with ${CHANNELS_SINCE}`];
    if (!isDeclared(capabilities, CHANNEL_CAPABILITY))
        return ["capability", "server did not declare claude/channel capability"];
    if (era === "modern") {
        return [
            "era",
            "connection negotiated a modern protocol revision with no unsolicited notification path",
        ];
    }
    return undefined;
}
/** The gates that are closed, or open, for all servers of a session. */
export function refuseClient({ version = NEWEST_CLIENT, provider = "anthropic", account = "personal", isOffered = true, settings, }) {
    if (provider !== "anthropic")
        return ["provider", "channels are not available on third-party providers"];
    if (!isOffered)
        return ["feature", "channels feature is not currently available"];
    if (account === "none" || (account === "console" && isBefore(version, KEYS_SINCE)))
        return ["login", "channels need a login of claude.ai (run /login)"];
    // An organisation has to say yes; a person's own account only has to hear no "no".
    const mustSayYes = account === "team" ||
        account === "enterprise" ||
        (account === "console" && settings !== undefined);
    const word = settings?.channelsEnabled;
    if (word === false || (mustSayYes && word !== true)) {
        return [
            "policy",
            "channels not enabled by org policy (set channelsEnabled: true in managed settings)",
        ];
    }
    return undefined;
}
function refuseEntry({ name, marketplace }, { settings, approved = APPROVED }, entries) {
    // The first that names the server is the one that counts: `--channels` stands before the development entries.
    const entry = entries.find((one) => isNaming(one, name));
    if (entry === undefined)
        return ["session", `server ${name} not in --channels list for this session`];
    if (entry.kind === "server") {
        if (entry.isDevelopment)
            return undefined;
        return ["allowlist", `server ${entry.name} ${NOT_APPROVED}`];
    }
    if (entry.marketplace !== marketplace) {
        return [
            "marketplace",
            `you asked for ${toEntryText(entry)} but the installed ${entry.name} plugin is from ${marketplace ?? "an unknown source"}`,
        ];
    }
    const own = settings?.allowedChannelPlugins;
    const isListed = (own ?? approved).some((one) => one.plugin === entry.name && one.marketplace === entry.marketplace);
    // HOSTGATE-1
    if (isListed || entry.isDevelopment)
        return undefined;
    const tag = `plugin ${entry.name}@${entry.marketplace}`;
    return [
        "allowlist",
        own === undefined
            ? `${tag} ${NOT_APPROVED}`
            : `${tag} is not on your org's approved channels list (set allowedChannelPlugins in managed settings)`,
    ];
}
const NOT_APPROVED = "is not on the approved channels allowlist (use --dangerously-load-development-channels for local dev)";
/** A plugin is named whole: an entry speaks for each of its servers. */
export function isNaming(entry, server) {
    return entry.kind === "server"
        ? entry.name === server
        : server.startsWith(`plugin:${entry.name}:`);
}
export function toEntryText(entry) {
    return entry.kind === "server"
        ? `server:${entry.name}`
        : `plugin:${entry.name}@${entry.marketplace}`;
}
function isBefore(version, since) {
    const [left, right] = [version, since].map((text) => text.split(".").map(Number));
    for (const [index, wanted] of (right ?? []).entries()) {
        const part = left?.[index] ?? 0;
        if (part !== wanted)
            return part < wanted;
    }
    return false;
}
