import { SluiceError } from "../../sdk/errors.js";
const REACTIONS = "👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡".split(" ");
/** Of one message a bot has one reaction at most: the next one replaces it, none takes it back. */
export const SIGNS = {
    received: "👀",
    approval: "✍",
    answered: "",
    maybe: "🤔",
    done: "👌",
    lost: "🤷",
};
const BY_PLAIN = new Map(REACTIONS.map((emoji) => [toPlain(emoji), emoji]));
/**
 * The reaction as Telegram spells it; empty takes back the one there is.
 * @throws SluiceError `bad_input` for any other, a check mark among them: Telegram would refuse it.
 */
export function toReaction(text) {
    if (text.trim() === "")
        return "";
    const found = BY_PLAIN.get(toPlain(text.trim()));
    if (found !== undefined)
        return found;
    throw new SluiceError("bad_input", `telegram: no reaction ${JSON.stringify(text.slice(0, 20))}; choose one of ${REACTIONS.join(" ")}`);
}
/** Keyboards add a selector for the coloured look, and skin tones, which Telegram's list does not have. */
function toPlain(emoji) {
    return emoji.replaceAll(/\uFE0F|\p{Emoji_Modifier}/gu, "");
}
