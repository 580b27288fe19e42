import { SluiceError } from "../../sdk/errors.js";
/** What every watcher may be told, whatever it watches. */
export const COMMON_SETTINGS = [
    {
        name: "priority",
        description: "low, normal or urgent",
        pattern: /^(?:low|normal|urgent)$/,
    },
    {
        name: "session",
        description: "Only for this session, by id or label",
        pattern: /^[^\p{Cc}]{1,256}$/u,
    },
];
export const EVERY_SETTING = {
    name: "every",
    description: "How often it looks, such as 30s, 5m, 2h or 1d",
    pattern: /^[1-9]\d{0,5}[smhd]$/,
};
const UNITS = {
    s: 1_000,
    m: 60_000,
    h: 3_600_000,
    d: 86_400_000,
};
/** Of `30s`, `5m`, `2h`, `1d`; undefined for anything else. */
export function parseLength(text) {
    const [, count, unit = ""] = /^([1-9]\d{0,5})([smhd])$/.exec(text ?? "") ?? [];
    return count === undefined ? undefined : Number(count) * (UNITS[unit] ?? 0);
}
export function readEvery(context, usualMs, leastMs) {
    return Math.max(leastMs, parseLength(context.settings["every"]) ?? usualMs);
}
/** @throws SluiceError `bad_config`: the channel waits for its owner. */
export function requireSetting(context, name) {
    const value = context.settings[name];
    if (value !== undefined && value !== "")
        return value;
    throw new SluiceError("bad_config", `${context.name} has no "${name}"; remove it, and add it anew with --set ${name}=...`);
}
/** What all events of one watcher have in common. */
export function toBase(context, verified) {
    const { name, settings } = context;
    const session = settings["session"];
    return {
        channel: name,
        sender: { id: name, name },
        // The pattern of the setting allows these alone.
        priority: (settings["priority"] ?? "normal"),
        ack: "auto",
        verified,
        ...(session === undefined ? {} : { session }),
    };
}
