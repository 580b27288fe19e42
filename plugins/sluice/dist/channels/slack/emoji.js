/**
 * Emoji and Slack's names for them.
 *
 * Owns: those that are common in reactions, and which one shows which status of a message. Never: sends one.
 */
import { SluiceError } from "../../sdk/errors.js";
const NAMES = [
    ["👍", "+1"],
    ["👎", "-1"],
    ["❤", "heart"],
    ["🔥", "fire"],
    ["🥰", "smiling_face_with_3_hearts"],
    ["👏", "clap"],
    ["😁", "grin"],
    ["🤔", "thinking_face"],
    ["🤯", "exploding_head"],
    ["😱", "scream"],
    ["😢", "cry"],
    ["🎉", "tada"],
    ["🤩", "star-struck"],
    ["🙏", "pray"],
    ["👌", "ok_hand"],
    ["🥱", "yawning_face"],
    ["😍", "heart_eyes"],
    ["💯", "100"],
    ["🤣", "rolling_on_the_floor_laughing"],
    ["😂", "joy"],
    ["⚡", "zap"],
    ["🏆", "trophy"],
    ["💔", "broken_heart"],
    ["😐", "neutral_face"],
    ["😴", "sleeping"],
    ["😭", "sob"],
    ["👀", "eyes"],
    ["🙈", "see_no_evil"],
    ["🤝", "handshake"],
    ["✍", "writing_hand"],
    ["🤗", "hugging_face"],
    ["🫡", "saluting_face"],
    ["😎", "sunglasses"],
    ["🤷", "shrug"],
    ["✅", "white_check_mark"],
    ["☑", "ballot_box_with_check"],
    ["✔", "heavy_check_mark"],
    ["❌", "x"],
    ["❗", "exclamation"],
    ["❓", "question"],
    ["⚠", "warning"],
    ["🚀", "rocket"],
    ["⏳", "hourglass_flowing_sand"],
    ["⌛", "hourglass"],
    ["🛑", "octagonal_sign"],
    ["🐛", "bug"],
    ["💡", "bulb"],
    ["📌", "pushpin"],
    ["📎", "paperclip"],
    ["🔍", "mag"],
    ["🔒", "lock"],
    ["🔓", "unlock"],
    ["🟢", "large_green_circle"],
    ["🟡", "large_yellow_circle"],
    ["🔴", "red_circle"],
    ["👋", "wave"],
    ["💪", "muscle"],
    ["🙂", "slightly_smiling_face"],
    ["😀", "grinning"],
    ["😅", "sweat_smile"],
    ["😉", "wink"],
    ["😮", "open_mouth"],
    ["🤖", "robot_face"],
    ["✋", "hand"],
    ["🙌", "raised_hands"],
    ["🚧", "construction"],
    ["📝", "memo"],
    ["🔁", "repeat"],
    ["➕", "heavy_plus_sign"],
    ["💬", "speech_balloon"],
];
const TO_NAME = new Map(NAMES.map(([emoji, name]) => [emoji, name]));
const TO_EMOJI = new Map([
    ...NAMES.map(([emoji, name]) => [name, emoji]),
    ["thumbsup", "👍"],
    ["thumbsdown", "👎"],
]);
/** What a mark of ours at a message is called. Empty: none. */
export const SIGNS = {
    received: "eyes",
    approval: "hand",
    answered: "",
    maybe: "question",
    done: "ok_hand",
    lost: "shrug",
};
/** The emoji of a name, with a skin tone or not; the name between colons where it is the workspace's own. */
export function toEmoji(name) {
    const [plain = ""] = name.split("::");
    const safe = plain.replaceAll(/[^\p{L}\p{N}_+'-]/gu, "").slice(0, 100);
    return TO_EMOJI.get(safe) ?? `:${safe}:`;
}
/**
 * Slack's name for a reaction: of an emoji, or as it is written in Slack. Empty takes back what we gave.
 * @throws SluiceError `bad_input` for any other.
 */
export function toReaction(text) {
    const trimmed = text.trim();
    if (trimmed === "")
        return "";
    const name = /^:?([a-z0-9_+'-]{1,100}):?$/.exec(trimmed)?.[1];
    if (name !== undefined)
        return name;
    // Keyboards add a selector for the coloured look, and skin tones.
    const found = TO_NAME.get(trimmed.replaceAll(/\uFE0F|\p{Emoji_Modifier}/gu, ""));
    if (found !== undefined)
        return found;
    throw new SluiceError("bad_input", `slack: no reaction ${JSON.stringify(trimmed.slice(0, 20))}; write Slack's name of an emoji, as :tada:, or one of ${NAMES.map(([emoji]) => emoji).join(" ")}`);
}
