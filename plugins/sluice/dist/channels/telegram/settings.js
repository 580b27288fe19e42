import { SluiceError } from "../../sdk/errors.js";
import { SIGNS, toReaction } from "./reactions.js";
/** https://core.telegram.org/bots/api#sendmessage */
export const MAX_TEXT_CHARS = 4_096;
export const STYLE_SETTINGS = [
    {
        name: "link-previews",
        description: "on: a link shows its page below the message; off without it",
        pattern: /^(?:on|off)$/,
    },
    {
        name: "quotes",
        description: "Which parts of an answer quote the message that they answer: off, first or all; without it the first, where others have written since",
        pattern: /^(?:off|first|all)$/,
    },
    {
        name: "max-text",
        description: "How many characters a message holds before the next one begins: 200 to 4096",
        pattern: /^(?:[2-9]\d\d|[1-3]\d{3}|40[0-8]\d|409[0-6])$/,
    },
    {
        name: "received",
        description: "The reaction that shows that a message was received, in place of the eyes",
        pattern: /^\P{ASCII}{1,12}$/u,
    },
];
/** @throws SluiceError `bad_config` for a reaction that Telegram does not take. */
export function toStyle(settings) {
    const quotes = settings["quotes"];
    return {
        hasPreviews: settings["link-previews"] === "on",
        quotes: quotes === "off" || quotes === "first" || quotes === "all" ? quotes : undefined,
        maxTextChars: Number(settings["max-text"] ?? MAX_TEXT_CHARS),
        receivedSign: toSign(settings["received"]),
    };
}
function toSign(given) {
    if (given === undefined)
        return SIGNS.received;
    try {
        return toReaction(given);
    }
    catch (cause) {
        throw new SluiceError("bad_config", `telegram: ${given} is no reaction that Telegram takes`, {
            cause,
        });
    }
}
