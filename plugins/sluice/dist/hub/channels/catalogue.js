import { SluiceError } from "../../sdk/errors.js";
const CATALOGUE = {
    webhook: async () => (await import("../../channels/webhook/index.js")).webhook,
    github: async () => (await import("../../channels/github/index.js")).github,
    telegram: async () => (await import("../../channels/telegram/index.js")).telegram,
    ntfy: async () => (await import("../../channels/ntfy/index.js")).ntfy,
    chat: async () => (await import("../../channels/chat/index.js")).chat,
};
export const CHANNEL_KINDS = Object.keys(CATALOGUE);
/** @throws SluiceError `not_found` that lists the kinds there are. */
export async function loadDefinition(kind) {
    const load = Object.hasOwn(CATALOGUE, kind) ? CATALOGUE[kind] : undefined;
    if (load === undefined) {
        throw new SluiceError("not_found", `no channel kind "${kind}"; there are: ${CHANNEL_KINDS.join(", ")}`);
    }
    return load();
}
