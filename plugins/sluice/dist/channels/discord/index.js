/**
 * The `discord` channel: a bot that people write to, in direct messages and in servers.
 *
 * Owns: the definition, and the check of a token. Never: the wire (api.ts, gateway.ts), the connection (connection.ts).
 */
import { defineKind } from "../../sdk/channel.js";
import { systemClock } from "../../sdk/clock.js";
import { SluiceError } from "../../sdk/errors.js";
import { DiscordApi } from "./api.js";
import { API_ROOT_SETTING, askWhoWeAre, GATEWAY_SETTING, openConnection, PREVIEWS, } from "./connection.js";
import { toContentStep, toEndpointStep, toInvite } from "./wire.js";
/** https://docs.discord.com/developers/reference#authentication */
const TOKEN = /^[A-Za-z0-9_-]{18,40}\.[A-Za-z0-9_-]{4,12}\.[A-Za-z0-9_-]{20,100}$/;
export const discord = defineKind({
    kind: "discord",
    title: "Discord",
    description: "A Discord bot of yours: people whom you let in write to the session in direct messages and in servers, and read its answers",
    ack: "reply",
    schemes: ["discord-gateway"],
    maxBodyBytes: 1024 * 1024,
    canReply: true,
    secretPrompt: "bot token (https://discord.com/developers/applications > New Application > Bot > Reset Token; there switch Message Content Intent on and Public Bot off)",
    settings: [
        {
            name: API_ROOT_SETTING,
            description: "A server of your own with Discord's API instead of https://discord.com/api/v10",
            pattern: /^https?:\/\/[A-Za-z0-9.[\]:-]+(?:\/[A-Za-z0-9._/-]*[A-Za-z0-9._-])?$/,
        },
        {
            name: GATEWAY_SETTING,
            description: "The gateway of that server, where it has another host",
            pattern: /^wss?:\/\/[A-Za-z0-9.[\]:-]+(?:\/[A-Za-z0-9._/-]*)?$/,
        },
        {
            name: PREVIEWS,
            description: "on: a link shows its page below the message; off without it",
            pattern: /^(?:on|off)$/,
        },
    ],
    nextStep: 'let yourself in: run "sluice access invite {name}" and send the code it prints to the bot, in a direct message\nfor a channel of a server: sluice access group add {name} --id=<channel id> --sender <user id> (Settings > Advanced > Developer Mode, then right-click > Copy ID)',
    async check(secret, settings) {
        if (!TOKEN.test(secret.reveal()) && settings[API_ROOT_SETTING] === undefined) {
            throw new SluiceError("bad_secret", "discord: that is no bot token; the Bot page of your application gives one of three parts with points between them");
        }
        const api = new DiscordApi(secret, { root: settings[API_ROOT_SETTING], clock: systemClock });
        const me = await askWhoWeAre(api);
        const steps = [`add the bot to a server that you share with it: ${toInvite(me)}`];
        if (me.hasEndpoint)
            steps.unshift(toEndpointStep(me));
        if (!me.hasContent)
            steps.unshift(toContentStep(me));
        return { account: `@${me.name}`, nextStep: steps.join("\n") };
    },
    open: (context) => openConnection(context),
});
