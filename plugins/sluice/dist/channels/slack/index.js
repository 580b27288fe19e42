/**
 * The `slack` channel: a bot of a workspace that people write to.
 *
 * Owns: the definition in its three ways. Never: the wire (api.ts), the connection (connection.ts), the events-only way (catalogue).
 */
import { toKind } from "../../catalogue/kind.js";
import { sender } from "../../catalogue/rows/chats/slack.js";
import { defineKind } from "../../sdk/channel.js";
import { SluiceError } from "../../sdk/errors.js";
import { toManifest } from "./manifest.js";
/** Beside `keys` of the channel's secrets. */
const APP_TOKEN = "app_token";
const BOT_TOKEN = "bot_token";
const BOT_PROMPT = "bot token (xoxb-…, api.slack.com/apps > your app > OAuth & Permissions; an app is made of what `sluice add slack --manifest` prints)";
const APP_PROMPT = "app-level token (xapp-…, api.slack.com/apps > your app > Basic Information > App-Level Tokens, scope connections:write)";
const SIGNING_PROMPT = "the app's Signing Secret (api.slack.com/apps > your app > Basic Information)";
const CHAT = {
    kind: "slack",
    title: "Slack",
    description: "A bot of your Slack workspace: people whom you let in write to the session, in direct messages, channels and threads, and read its answers",
    ack: "reply",
    schemes: ["slack"],
    maxBodyBytes: 1024 * 1024,
    canReply: true,
    settings: [
        {
            name: "mode",
            description: "socket: the bot needs no public address (the default); webhook: Slack sends requests to this channel's URL; events: requests only tell of what happened, and nobody is answered",
            pattern: /^(?:socket|webhook|events)$/,
        },
        {
            name: "api-root",
            description: "Another address of Slack's API than https://slack.com/api, such as https://slack-gov.com/api",
            pattern: /^https?:\/\/[A-Za-z0-9.[\]:-]+(?:\/[A-Za-z0-9._/-]*[A-Za-z0-9._-])?\/?$/,
        },
        {
            name: "link-previews",
            description: "on: a link shows its page below the message; off without it",
            pattern: /^(?:on|off)$/,
        },
        {
            name: "request-url",
            description: "For --manifest: the public URL of this channel, https://…/in/slack",
            pattern: /^https:\/\/[A-Za-z0-9.-]+(?::\d+)?\/[A-Za-z0-9._~/-]*$/,
        },
    ],
    manifest: (settings) => toManifest(settings["request-url"]),
};
const INVITE = 'let yourself in: run "sluice access invite {name}" and send the code it prints to the bot, in a direct message (Slack shows it under Apps)\nfor a channel: /invite the bot there, and list the channel and its people with "sluice access"';
const socket = {
    ...CHAT,
    secretPrompt: BOT_PROMPT,
    moreSecrets: [{ name: APP_TOKEN, prompt: APP_PROMPT }],
    nextStep: INVITE,
    async check(secret, settings, secrets = {}) {
        const { checkTokens } = await import("./check.js");
        return checkTokens({ bot: secret, app: secrets[APP_TOKEN] }, settings["api-root"]);
    },
    open: (context) => open(context, context.secret, context.secrets?.[APP_TOKEN], APP_PROMPT),
};
const events = toKind(sender);
const webhook = {
    ...CHAT,
    ...(events.ownSchemes === undefined ? {} : { ownSchemes: events.ownSchemes }),
    secretPrompt: SIGNING_PROMPT,
    moreSecrets: [{ name: BOT_TOKEN, prompt: BOT_PROMPT }],
    nextStep: `make {url} public, and put it at api.slack.com/apps > your app as the Request URL of Event Subscriptions, Interactivity and the command /sluice\n${INVITE}`,
    async check(_, settings, secrets = {}) {
        const { checkTokens } = await import("./check.js");
        const bot = secrets[BOT_TOKEN];
        if (bot === undefined)
            throw new SluiceError("bad_secret", `slack needs its ${BOT_PROMPT}`);
        return checkTokens({ bot, app: undefined }, settings["api-root"]);
    },
    /** While the bot has no connection: Slack tries the address before, and comes again with all else. */
    receive(request, options) {
        const received = events.receive(request, options);
        if (received.kind === "answer" || received.kind === "refuse")
            return received;
        throw new SluiceError("send_failed", "slack: the bot is not connected now", {
            retryable: true,
        });
    },
    open: (context) => open(context, context.secrets?.[BOT_TOKEN], undefined, BOT_PROMPT),
};
/** As it was before there was a chat: what happens in a workspace is told, and nobody is answered. */
const eventsOnly = { ...events, settings: CHAT.settings };
export const slack = defineKind({
    ...socket,
    /** What the secrets say where the owner names no way. */
    settle(settings, secret, named) {
        if (settings["mode"] !== undefined || secret === undefined)
            return settings;
        if (Object.hasOwn(named, BOT_TOKEN))
            return { ...settings, mode: "webhook" };
        const isToken = /^x(?:ox|app)/.test(secret) || Object.hasOwn(named, APP_TOKEN);
        return { ...settings, mode: isToken ? "socket" : "events" };
    },
    forSettings({ mode = "socket" }) {
        if (mode === "webhook")
            return webhook;
        return mode === "events" ? eventsOnly : socket;
    },
});
async function open(context, bot, app, prompt) {
    const missing = bot === undefined || (app === undefined && prompt === APP_PROMPT);
    if (missing)
        throw new SluiceError("bad_secret", `slack: ${context.name} has no ${prompt}; "sluice remove ${context.name}" and add it again`);
    const { openConnection } = await import("./connection.js");
    return openConnection(context, { bot, app });
}
