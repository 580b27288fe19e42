/**
 * Buttons and forms as Discord's components, and what a press on one says.
 *
 * Owns: their layout within Discord's limits, and how a form is carried in the id of its button. Never: knows what a button means.
 *
 * DISBUTTON-1 A message has five rows at most, each of five buttons or one menu of 25 choices; a custom id has 100 characters, and is
 *    the only one of its message.
 * DISBUTTON-2 Choices that do not fit as buttons are those of menus: to pick one is to press its button.
 * https://docs.discord.com/developers/components/reference
 */
import { SluiceError } from "../../sdk/errors.js";
import { cut } from "../../sdk/field.js";
import { at, listAt, textAt } from "../../sdk/json.js";
const MAX_ROWS = 5;
const MAX_IN_ROW = 5;
const MAX_CHOICES = 25;
const MAX_ID_CHARS = 100;
const MAX_LABEL_CHARS = 80;
const MAX_CHOICE_CHARS = 100;
const MAX_TITLE_CHARS = 45;
const MAX_WORDS = 4_000;
/** Before the id of a button of ours that opens a form, and behind it what the form says. */
const FORM = "form|";
const PARTS = "|";
/** A menu's own id says nothing: what is picked does. */
const MENU = "menu|";
const FIELD = "words";
/** @throws SluiceError `bad_input` for an id that is too long, or more buttons than fit. */
export function toComponents(rows) {
    const given = (rows ?? []).filter((row) => row.length > 0);
    const fits = given.length <= MAX_ROWS && given.every((row) => row.length <= MAX_IN_ROW);
    if (fits)
        return given.map((row) => toRow(row.map(toButton)));
    const choices = given.flat().filter(({ isChoice }) => isChoice === true);
    const others = given.flat().filter(({ isChoice }) => isChoice !== true);
    const menus = split(choices, MAX_CHOICES).map((part, index) => toRow([toMenu(part, index)]));
    const buttons = split(others, MAX_IN_ROW).map((part) => toRow(part.map(toButton)));
    if (menus.length + buttons.length > MAX_ROWS)
        throw new SluiceError("bad_input", `discord: ${given.flat().length} buttons do not fit one message`);
    return [...menus, ...buttons];
}
function toRow(components) {
    return { type: 1, components };
}
function toButton({ id, label, asks }) {
    return {
        type: 2,
        style: 2,
        label: cut(label, MAX_LABEL_CHARS),
        custom_id: checkId(asks === undefined ? id : toFormId(id, asks)),
    };
}
function toMenu(choices, index) {
    return {
        type: 3,
        custom_id: `${MENU}${index}`,
        placeholder: "Choose",
        min_values: 1,
        max_values: 1,
        options: choices.map(({ id, label }) => ({
            label: cut(label, MAX_CHOICE_CHARS),
            value: checkId(id),
        })),
    };
}
function checkId(id) {
    if (id !== "" && id.length <= MAX_ID_CHARS)
        return id;
    throw new SluiceError("bad_input", `discord: a button's id takes 1 to ${MAX_ID_CHARS} characters, not ${id.length}`);
}
/** The id comes back with a press and nothing else does: so it holds the form's words, as many as fit. */
function toFormId(id, { title, label }) {
    const room = Math.max(0, MAX_ID_CHARS - FORM.length - id.length - 2 * PARTS.length);
    const bare = (text) => text.replaceAll(PARTS, " ");
    const shown = cut(bare(title), Math.min(MAX_TITLE_CHARS, Math.floor(room / 2)));
    const asked = cut(bare(label), Math.min(MAX_TITLE_CHARS, room - shown.length));
    return [`${FORM}${id}`, shown, asked].join(PARTS);
}
/** What was pressed or picked; undefined for what is no button of ours. */
export function readPress(data) {
    const customId = textAt(data, "custom_id");
    if (customId === undefined)
        return undefined;
    if (customId.startsWith(MENU)) {
        const [picked] = listAt(data, "values");
        return typeof picked === "string" && picked !== "" ? { id: picked } : undefined;
    }
    if (!customId.startsWith(FORM))
        return { id: customId };
    const [id = "", title = "", label = ""] = customId.slice(FORM.length).split(PARTS);
    return id === "" ? undefined : { id, form: toForm(id, title || "Answer", label || "Words") };
}
/** https://docs.discord.com/developers/components/using-modal-components */
function toForm(id, title, label) {
    const input = { type: 4, custom_id: FIELD, style: 2, required: false, max_length: MAX_WORDS };
    return {
        custom_id: `${FORM}${id}`,
        title,
        components: [{ type: 18, label, component: input }],
    };
}
/** A form that was filled in; undefined for one that is none of ours. */
export function readForm(data) {
    const customId = textAt(data, "custom_id");
    if (customId === undefined || !customId.startsWith(FORM))
        return undefined;
    const id = customId.slice(FORM.length);
    // Within a label, or in a row as forms were before.
    const fields = listAt(data, "components").flatMap((one) => [
        at(one, "component"),
        ...listAt(one, "components"),
    ]);
    const field = fields.find((one) => textAt(one, "custom_id") === FIELD);
    return { id, words: textAt(field, "value") ?? "" };
}
function split(list, size) {
    return Array.from({ length: Math.ceil(list.length / size) }, (_, index) => list.slice(index * size, (index + 1) * size));
}
