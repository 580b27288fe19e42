/**
 * Discord's interactions and webhook events over HTTP, as data.
 */
import { WINDOW_MS } from "../../schemes.js";
import { defineSender } from "../../sender.js";
const USER = "member.user.username|user.username|event.data.user.username|event.data.author.username";
const BY = `[ by {name:${USER}}]`;
const IN = "[ in channel {name:channel.name|channel.id|channel_id}]";
const PAGE = "https://discord.com/channels/{id:guild_id|guild.id}/{id:channel_id|channel.id}";
export const sender = defineSender({
    kind: "discord-events",
    title: "Discord events",
    description: "commands, buttons and forms of a Discord application, and its webhook events",
    schemes: ["discord"],
    ownSchemes: {
        discord: {
            title: "Discord",
            algorithm: "ed25519",
            encoding: "hex",
            // The application's public key.
            key: { encoding: "hex", prefix: "", minBytes: 32 },
            signingKey: { encoding: "hex", prefix: "", minBytes: 32 },
            proof: { header: "x-signature-ed25519", prefix: "", separator: "" },
            signed: "{timestamp}{body}",
            timestamp: {
                place: { header: "x-signature-timestamp", prefix: "", separator: "" },
                unit: "s",
                windowMs: WINDOW_MS,
            },
            deliveryId: "none",
        },
    },
    secretPrompt: "the application's Public Key (discord.com/developers/applications > your application > General Information; its URL is https://<your tunnel>/in/discord-events)",
    handshakes: [
        // An interaction has an id; a webhook event, whose type 1 is an event, has none.
        { when: { type: "1", id: "*" }, code: "ping", json: { type: 1 } },
        { when: { type: "0", application_id: "*" }, code: "ping", status: 204 },
    ],
    answer: { status: 204 },
    id: "id",
    event: ["event.type|=command?data.name|=component?data.component_type|=form?data.custom_id|type"],
    actor: {
        id: "member.user.id|user.id|event.data.user.id|event.data.author.id",
        name: USER,
    },
    common: { at: ["event.timestamp"] },
    events: {
        command: {
            line: `Command /{name:data.name}${IN}${BY}`,
            facts: ["[server {name:guild.name|guild_id}][, language {name:locale}]"],
            quotes: {
                options: { of: "data.options", line: "{name}[: {value}]" },
                message: "data.resolved.messages.*.content",
            },
            meta: { command: "name:data.name" },
            links: [PAGE],
        },
        component: {
            line: `Button or menu {name:data.custom_id}${IN}${BY}`,
            facts: ["[chosen {name:data.values.*}]"],
            quotes: { message: "message.content" },
            links: [PAGE],
        },
        form: {
            line: `Form {name:data.custom_id} sent${IN}${BY}`,
            quotes: {
                fields: { of: "data.components.*.components.*", line: "{custom_id}: {value}" },
                field: { of: "data.components.*.component", line: "{custom_id}: {value}" },
            },
            links: [PAGE],
        },
        APPLICATION_AUTHORIZED: {
            line: `The application was added[ to {name:event.data.guild.name}][ by {name:event.data.user.username}]`,
            facts: ["[scopes {name:event.data.scopes.*}]"],
        },
        APPLICATION_DEAUTHORIZED: {
            line: `The application was removed[ by {name:event.data.user.username}]`,
            facts: ["[user {id:event.data.user.id}]"],
            severity: "warning",
        },
        ENTITLEMENT_CREATE: {
            line: "Entitlement {id:event.data.id} created",
            facts: [
                "[SKU {id:event.data.sku_id}][, user {id:event.data.user_id}][, server {id:event.data.guild_id}]",
            ],
        },
        ENTITLEMENT_UPDATE: {
            line: "Entitlement {id:event.data.id} changed",
            facts: [
                "[SKU {id:event.data.sku_id}][, user {id:event.data.user_id}][, ends {time:event.data.ends_at}]",
            ],
        },
        ENTITLEMENT_DELETE: {
            line: "Entitlement {id:event.data.id} deleted",
            facts: ["[SKU {id:event.data.sku_id}][, user {id:event.data.user_id}]"],
        },
        LOBBY_MESSAGE_CREATE: {
            line: `Lobby message${BY}`,
            quotes: { text: "event.data.content" },
        },
        GAME_DIRECT_MESSAGE_CREATE: {
            line: `Direct message of the game${BY}`,
            quotes: { text: "event.data.content" },
        },
    },
    setUp: [
        "Expose the port: cloudflared tunnel --url {origin}",
        "discord.com/developers/applications > your application > General Information: give the Public Key to sluice add",
        "There: Interactions Endpoint URL https://<your tunnel>{path}, Save Changes (Discord sends a PING and a wrong signature; Sluice answers both)",
        "Webhooks > Endpoint the same URL, switch Events on and choose Application Authorized, Save Changes",
    ],
    retries: "3 s for an answer; an interaction is sent once, a webhook event again for up to ten minutes; many failures end the subscription",
    sources: [
        "https://docs.discord.com/developers/interactions/receiving-and-responding",
        "https://docs.discord.com/developers/events/webhook-events",
    ],
});
