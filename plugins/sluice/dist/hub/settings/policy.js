/**
 * Reads whether the organisation's managed settings of Claude Code allow channels.
 *
 * Owns: that decision. Never: looks for a way around it.
 * https://code.claude.com/docs/en/channels and https://code.claude.com/docs/en/settings
 *
 * ORGPOLICY-1 A policy file that cannot be read or understood closes delivery: unknown never counts as open.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "../../vendor/zod.js";
import { listChannelTags, PLUGIN } from "../../sdk/channel-flag.js";
import { readErrorCode, toMessage } from "../../sdk/errors.js";
const settings = z.looseObject({
    channelsEnabled: z.boolean().optional(),
    // As documented a plugin and its marketplace; `plugin@marketplace` is what people write.
    allowedChannelPlugins: z
        .array(z.union([
        z.string(),
        z.looseObject({ plugin: z.string().optional(), marketplace: z.string().optional() }),
    ]))
        .optional(),
});
/** Where the client reads managed settings on this platform. */
export function toPolicyFolder(platform = process.platform) {
    if (platform === "darwin")
        return "/Library/Application Support/ClaudeCode";
    if (platform === "win32")
        return "C:\\Program Files\\ClaudeCode";
    return "/etc/claude-code";
}
export function readPolicy(folder = toPolicyFolder()) {
    const files = listFiles(folder);
    if (!Array.isArray(files))
        return files;
    let allowed;
    for (const file of files) {
        const parsed = readSettings(file);
        if (parsed === undefined)
            continue;
        if (parsed.kind === "unreadable")
            return parsed.policy;
        const { channelsEnabled, allowedChannelPlugins } = parsed.settings;
        if (channelsEnabled === false) {
            return {
                state: "closed",
                detail: `${file} sets channelsEnabled to false: your organisation has turned channels off`,
            };
        }
        // The client joins the lists of all files.
        if (allowedChannelPlugins !== undefined)
            allowed = [...(allowed ?? []), ...allowedChannelPlugins.map(toTag)];
    }
    if (allowed !== undefined && !allowed.includes(PLUGIN))
        return toUnlisted(folder, allowed);
    const seen = files.length === 0
        ? `no managed settings in ${folder}`
        : `managed settings in ${folder} allow it`;
    return {
        state: "open",
        detail: `${seen}; settings managed by a server cannot be seen from here`,
    };
}
/**
 * Whether a session may get events though the list closes ours: its command line names a Sluice that the list has, or it was started
 * with the development flag, which the client lets past the list, an empty one too. https://code.claude.com/docs/en/channels
 */
export function isLetThrough({ marketplaces }, argv) {
    if (marketplaces === undefined)
        return false;
    return listChannelTags(argv).some(({ marketplace, isDevelopment }) => isDevelopment || (marketplace !== undefined && marketplaces.includes(marketplace)));
}
/** Plugin and marketplace count together: another marketplace's plugin of this name is another's. */
function toTag(entry) {
    if (typeof entry === "string")
        return entry.replace(/^plugin:/, "");
    return `${String(entry.plugin)}@${String(entry.marketplace)}`;
}
function toUnlisted(folder, allowed) {
    const marketplaces = allowed.flatMap((tag) => /^sluice@(.+)$/.exec(tag)?.[1] ?? []);
    const list = `allowedChannelPlugins in ${folder}`;
    const what = allowed.length === 0
        ? `${list} is empty`
        : `${list} does not list ${PLUGIN}${marketplaces.length === 0 ? "" : ` (it lists that of ${marketplaces.join(", ")})`}`;
    return {
        state: "closed",
        detail: `${what}: only sessions with --dangerously-load-development-channels plugin:${PLUGIN} get events; ask your administrator to add {"marketplace":"sluice","plugin":"sluice"}`,
        marketplaces,
    };
}
/** Undefined when there is no such file. */
function readSettings(file) {
    let text;
    try {
        text = readFileSync(file, "utf8");
    }
    catch (thrown) {
        return isMissing(thrown)
            ? undefined
            : { kind: "unreadable", policy: toUnknown(file, toMessage(thrown)) };
    }
    try {
        const parsed = settings.safeParse(JSON.parse(text));
        return parsed.success
            ? { kind: "settings", settings: parsed.data }
            : { kind: "unreadable", policy: toUnknown(file, "it has a wrong shape") };
    }
    catch {
        // ORGPOLICY-1; the parser's message may quote the file.
        return { kind: "unreadable", policy: toUnknown(file, "it is not valid JSON") };
    }
}
/** The base file, then the drop-ins in the order of their names, as the client merges them. */
function listFiles(folder) {
    const dropIns = join(folder, "managed-settings.d");
    let names = [];
    try {
        names = readdirSync(dropIns)
            .filter((name) => name.endsWith(".json"))
            .toSorted();
    }
    catch (thrown) {
        if (!isMissing(thrown))
            return toUnknown(dropIns, toMessage(thrown));
    }
    const base = join(folder, "managed-settings.json");
    const hasBase = readSettings(base) !== undefined;
    return [...(hasBase ? [base] : []), ...names.map((name) => join(dropIns, name))];
}
function toUnknown(path, why) {
    return {
        state: "unknown",
        detail: `${path} cannot be read (${why}): nothing is delivered until it can`,
    };
}
function isMissing(thrown) {
    return /^(?:ENOENT|ENOTDIR)$/.test(String(readErrorCode(thrown)));
}
