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
    ntfy: async () => (await import("../../channels/ntfy/index.js")).ntfy,
    chat: async () => (await import("../../channels/chat/index.js")).chat,
    jobs: async () => (await import("../../channels/jobs/index.js")).jobs,
    file: async () => (await import("../../channels/watchers/file/index.js")).file,
    process: async () => (await import("../../channels/watchers/process/index.js")).processKind,
    page: async () => (await import("../../channels/watchers/page/index.js")).pageKind,
    feed: async () => (await import("../../channels/watchers/feed/index.js")).feed,
    command: async () => (await import("../../channels/watchers/command/index.js")).command,
    timer: async () => (await import("../../channels/watchers/timer/index.js")).timer,
};
export const CHANNEL_KINDS = [...Object.keys(CATALOGUE), ...SENDER_KINDS];
/** @throws SluiceError `not_found` that lists the kinds there are. */
export async function loadDefinition(kind) {
    const load = Object.hasOwn(CATALOGUE, kind) ? CATALOGUE[kind] : undefined;
    if (load !== undefined)
        return load();
    const sender = await loadSender(kind);
    if (sender !== undefined)
        return (await import("../../catalogue/kind.js")).toKind(sender);
    throw new SluiceError("not_found", `no channel kind "${kind}"; there are: ${CHANNEL_KINDS.join(", ")}`);
}
/** Whether channels of this kind run programs of this machine. @throws SluiceError `not_found`. */
export async function runsPrograms(kind) {
    return (await loadDefinition(kind)).runsPrograms === true;
}
