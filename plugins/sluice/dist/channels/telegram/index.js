/**
 * The `telegram` channel: a bot that people write to.
 *
 * Owns: the definition, and the check of a token. Never: the wire (api.ts), the connection (connection.ts).
 */
import { defineKind } from "../../sdk/channel.js";
import { SluiceError } from "../../sdk/errors.js";
import { textAt } from "../../sdk/json.js";
import { TelegramApi, toFault } from "./api.js";
import { openConnection } from "./connection.js";
import { STYLE_SETTINGS, toStyle } from "./settings.js";
const CHECK_MS = 15_000;
/** https://core.telegram.org/bots/api#authorizing-your-bot */
const TOKEN = /^\d{1,20}:[A-Za-z0-9_-]{20,100}$/;
export const telegram = defineKind({
    kind: "telegram",
    title: "Telegram",
    description: "A Telegram bot of yours: people whom you let in write to the session, and read its answers",
    ack: "reply",
    schemes: ["telegram"],
    maxBodyBytes: 1024 * 1024,
    canReply: true,
    secretPrompt: "bot token from @BotFather (https://t.me/BotFather, /newbot)",
    settings: [
        {
            name: "api-root",
            description: "A Bot API server of your own instead of https://api.telegram.org",
            pattern: /^https?:\/\/[A-Za-z0-9.[\]:-]+(?:\/[A-Za-z0-9._/-]*[A-Za-z0-9._-])?$/,
        },
        ...STYLE_SETTINGS,
    ],
    nextStep: 'let yourself in: run "sluice access invite {name}" and send the code it prints to the bot, in a direct message',
    async check(secret, settings) {
        toStyle(settings);
        if (!TOKEN.test(secret.reveal())) {
            throw new SluiceError("bad_secret", "telegram: that is no bot token; @BotFather gives one like 123456789:AAE...");
        }
        const api = new TelegramApi(secret, settings["api-root"]);
        const outcome = await api.call("getMe", {}, { timeoutMs: CHECK_MS });
        if (outcome.kind !== "ok")
            throw toFault("getMe", outcome);
        return `@${textAt(outcome.result, "username") ?? "unknown"}`;
    },
    open: (context) => openConnection(context),
});
