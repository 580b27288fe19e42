/**
 * A chat of an author's: what it says of where and how a person wrote, and what it can do besides replying.
 *
 * Owns: these shapes, and what an event may say of a chat. Never: decides who may speak; runs anything.
 *
 * AUTHORCHAT-1 What is left out restricts nothing and allows nothing: a direct chat, the sender's own new words.
 */
import { SluiceError } from "../errors.js";
import { OWN_WORDS } from "../words.js";
export const CHAT_ACTS = ["edit", "react", "typing", "mark", "download"];
const PLACES = ["dm", "group", "thread", "broadcast"];
const FLAGS = new Set("isAddressed isBot isForwarded isEdited isOutsider isShared isCommand".split(" "));
const MAX_ID_CHARS = 256;
const MAX_REFERENCE_CHARS = 4_096;
const MAX_FILES = 50;
/** @throws SluiceError `bad_input` that names the field. */
export function checkChat(given) {
    if (!isObject(given))
        throw bad('chat must be an object, such as { place: "group" }');
    for (const [key, value] of Object.entries(given)) {
        if (value === undefined)
            continue;
        if (key === "place") {
            if (!PLACES.includes(value))
                throw bad(`chat.place must be one of ${PLACES.join(", ")}`);
        }
        else if (key === "groupId" || key === "button")
            checkId(`chat.${key}`, value);
        else if (!FLAGS.has(key))
            throw bad(`chat has no field "${key}"`);
        else if (typeof value !== "boolean")
            throw bad(`chat.${key} must be true or false`);
    }
    // Each field was looked at.
    return given;
}
/** @throws SluiceError `bad_input` that names the field. */
export function checkFiles(given) {
    if (!Array.isArray(given) || given.length > MAX_FILES)
        throw bad(`files must be a list of at most ${MAX_FILES} of { reference, name }`);
    return given.map((file) => {
        if (!isObject(file))
            throw bad("files must be a list of { reference, name }");
        const { reference, name, mime, bytes } = file;
        checkId("reference of a file", reference, MAX_REFERENCE_CHARS);
        if (typeof name !== "string")
            throw bad("name of a file must be a text");
        if (mime !== undefined && typeof mime !== "string")
            throw bad("mime of a file must be a text");
        if (bytes !== undefined && !(Number.isSafeInteger(bytes) && Number(bytes) >= 0))
            throw bad("bytes of a file must be a whole number, 0 or more");
        return {
            reference: String(reference),
            name: name.slice(0, MAX_ID_CHARS),
            ...(mime === undefined ? {} : { mime: mime.slice(0, MAX_ID_CHARS) }),
            ...(bytes === undefined ? {} : { bytes: Number(bytes) }),
        };
    });
}
/** Under which label a person's words stand: only new words of their own are looked through for codes and commands. */
export function toWordsLabel({ isForwarded, isEdited }) {
    if (isForwarded === true)
        return "forwarded";
    return isEdited === true ? "edited message" : OWN_WORDS;
}
/** What is wrong with the `chat` of a definition; undefined where nothing is. */
export function findChatFault(chat) {
    for (const [key, value] of Object.entries(chat)) {
        if (value === undefined)
            continue;
        if (CHAT_ACTS.some((act) => act === key)) {
            if (typeof value !== "function")
                return `chat.${key} must be a function`;
        }
        else if (key === "maxFileBytes") {
            if (!Number.isSafeInteger(value) || value < 1)
                return "chat.maxFileBytes must be a whole number of bytes";
        }
        else if (key !== "hasForms")
            return `chat has no field "${key}"; there are ${CHAT_ACTS.join(", ")}, maxFileBytes, hasForms`;
        else if (typeof value !== "boolean")
            return "chat.hasForms must be true or false";
    }
    return undefined;
}
export function describeChat({ maxFileBytes, hasForms, ...acts }) {
    return {
        acts: CHAT_ACTS.filter((act) => acts[act] !== undefined),
        ...(maxFileBytes === undefined ? {} : { maxFileBytes }),
        ...(hasForms === true ? { hasForms } : {}),
    };
}
function checkId(what, value, max = MAX_ID_CHARS) {
    if (typeof value !== "string" || value === "" || value.length > max)
        throw bad(`${what} must be a text of 1 to ${max} characters`);
}
function isObject(value) {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
function bad(what) {
    return new SluiceError("bad_input", what);
}
