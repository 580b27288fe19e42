/**
 * The `chat` channel: conversations on the hub's own page in the browser.
 *
 * Owns: the definition and its connection. Never: the page (hub/web), what is kept of it, who is signed in.
 * Its arrivals come from the page, not from ingress: there is no URL and no secret that a stranger could try.
 */
import { defineKind } from "../../sdk/channel.js";
import { SluiceError } from "../../sdk/errors.js";
export const chat = defineKind({
    kind: "chat",
    title: "Chat page",
    description: 'A page in your browser on this machine; "sluice open" makes it and opens it',
    ack: "reply",
    schemes: ["web"],
    maxBodyBytes: 1024 * 1024,
    canReply: true,
    nextStep: 'run "sluice open"',
    async open({ name, page }) {
        if (page === undefined) {
            throw new SluiceError("bad_config", `${name} lives on the hub's own page; run "sluice open"`);
        }
        return openChat(page);
    },
});
/** The way out: everything goes to the page as it is, for it has no limits of a platform. */
export function openChat(page) {
    return {
        send: async (message) => ({ messageIds: [await page.show(message)] }),
        edit: (chatId, messageId, text) => page.edit(chatId, messageId, text),
        react: (chatId, messageId, reaction) => page.react(chatId, messageId, reaction),
        typing: async (chatId, activity) => page.showTyping(chatId, activity),
        download: (reference, maxBytes) => page.readFile(reference, maxBytes),
        close: async () => undefined,
    };
}
