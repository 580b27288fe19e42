/**
 * The kinds of channel there are: those with code of their own, and one for each sender of the catalogue. A kind that nobody configured is
 * not loaded.
 */
import { loadSender, SENDER_KINDS } from "../../catalogue/senders.js";
import { SluiceError } from "../../sdk/errors.js";
const CATALOGUE = {
    webhook: async () => (await import("../../channels/webhook/index.js")).webhook,
    github: async () => (await import("../../channels/github/index.js")).github,
    telegram: async () => (await import("../../channels/telegram/index.js")).telegram,
    discord: async () => (await import("../../channels/discord/index.js")).discord,
    slack: async () => (await import("../../channels/slack/index.js")).slack,
    whatsapp: async () => (await import("../../channels/whatsapp/index.js")).whatsapp,
    ntfy: async () => (await import("../../channels/ntfy/index.js")).ntfy,
    imessage: async () => (await import("../../channels/imessage/index.js")).imessage,
    email: async () => (await import("../../channels/email/index.js")).email,
    chat: async () => (await import("../../channels/chat/index.js")).chat,
    jobs: async () => (await import("../../channels/jobs/index.js")).jobs,
    file: async () => (await import("../../channels/watchers/file/index.js")).file,
    process: async () => (await import("../../channels/watchers/process/index.js")).processKind,
    page: async () => (await import("../../channels/watchers/page/index.js")).pageKind,
    feed: async () => (await import("../../channels/watchers/feed/index.js")).feed,
    command: async () => (await import("../../channels/watchers/command/index.js")).command,
    "mcp-events": async () => (await import("../../channels/mcp-events/index.js")).mcpEvents,
    timer: async () => (await import("../../channels/watchers/timer/index.js")).timer,
};
/** With code of their own. */
export const OWN_KINDS = Object.keys(CATALOGUE);
export const CHANNEL_KINDS = [...new Set([...OWN_KINDS, ...SENDER_KINDS])];
/** As it is with these settings. @throws SluiceError `not_found` that lists the kinds there are. */
export async function loadDefinition(kind, settings = {}) {
    const definition = await loadWhole(kind);
    return definition.forSettings?.(settings) ?? definition;
}
/** The settings as they count with these secrets. @throws SluiceError `not_found`. */
export async function settleSettings(kind, settings, { secret, secrets = {}, }) {
    const { settle } = await loadWhole(kind);
    return settle === undefined ? settings : settle(settings ?? {}, secret, secrets);
}
async function loadWhole(kind) {
    const load = Object.hasOwn(CATALOGUE, kind) ? CATALOGUE[kind] : undefined;
    if (load !== undefined)
        return load();
    const sender = await loadSender(kind);
    if (sender !== undefined)
        return (await import("../../catalogue/kind.js")).toKind(sender);
    throw new SluiceError("not_found", `no channel kind "${kind}"; there are: ${CHANNEL_KINDS.join(", ")}`);
}
/** Whether a channel of this kind runs programs of this machine. @throws SluiceError `not_found`. */
export async function runsPrograms(kind, settings) {
    return (await loadDefinition(kind)).runsPrograms?.(settings) === true;
}
