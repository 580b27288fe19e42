/**
 * Block Kit: a text with buttons under it.
 *
 * Owns: the blocks and their limits, and what a button of ours is called. Never: sends.
 *
 * BLOCKS-1 Nothing is longer than Slack takes: it refuses a message with one fault in it, and a prompt would not be shown at all.
 * https://docs.slack.dev/reference/block-kit/blocks
 */
import { SluiceError } from "../../sdk/errors.js";
import { cut } from "../../sdk/field.js";
export const MAX_BLOCKS = 50;
/** https://docs.slack.dev/reference/block-kit/blocks/section-block */
export const MAX_SECTION_CHARS = 3_000;
/** https://docs.slack.dev/reference/block-kit/blocks/actions-block */
const MAX_IN_ROW = 25;
const MAX_LABEL_CHARS = 75;
const MAX_VALUE_CHARS = 2_000;
const MAX_ACTION_ID_CHARS = 255;
/** https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element */
const MAX_OPTIONS = 100;
const FORM = "form.";
/** The texts, each a section, and below them the buttons, row by row. */
export function toBlocks(sections, buttons = []) {
    const rows = buttons.filter((row) => row.length > 0);
    const texts = sections.map((text) => ({ type: "section", text: { type: "mrkdwn", text } }));
    const room = MAX_BLOCKS - texts.length;
    const shown = rows.length <= room ? rows.map(toRow) : toFewer(rows, room);
    const blocks = [...texts, ...shown.map((elements) => ({ type: "actions", elements }))];
    if (blocks.length > MAX_BLOCKS)
        throw new SluiceError("too_large", `slack: a message takes ${MAX_BLOCKS} blocks, not ${blocks.length}; shorten it`);
    return blocks;
}
/** All in as few rows as there is room for. */
function toFewer(rows, room) {
    const all = rows.flat();
    const elements = all.map((button, index) => toElement(button, 0, index));
    const packed = [];
    for (let from = 0; from < elements.length; from += MAX_IN_ROW)
        packed.push(elements.slice(from, from + MAX_IN_ROW));
    if (packed.length > room || all.length > MAX_OPTIONS * room)
        throw new SluiceError("too_large", `slack: ${all.length} buttons do not fit in one message`);
    return packed;
}
function toRow(row, index) {
    if (row.length > MAX_IN_ROW)
        throw new SluiceError("too_large", `slack: a row takes ${MAX_IN_ROW} buttons, not ${row.length}`);
    return row.map((button, at) => toElement(button, index, at));
}
/** The id of an action is unique in its message. */
function toElement({ id, label, asks }, row, index) {
    if (id === "" || id.length > MAX_VALUE_CHARS)
        throw new SluiceError("bad_input", `slack: a button's id takes 1 to ${MAX_VALUE_CHARS} characters`);
    const text = label.trim() === "" ? "…" : label;
    const short = text.length > MAX_LABEL_CHARS ? `${cut(text, MAX_LABEL_CHARS - 1)}…` : text;
    return {
        type: "button",
        text: { type: "plain_text", text: short.toWellFormed(), emoji: false },
        action_id: asks === undefined ? `tap.${row}.${index}` : toFormId(asks, `${row}.${index}`),
        value: id,
    };
}
/** What a form asks stands in the button itself: a tap comes after a restart as well. */
function toFormId({ title, label }, place) {
    const write = (max) => `${FORM}${place}.${Buffer.from(JSON.stringify([cut(title, 40), cut(label, max)])).toString("base64url")}`;
    for (const max of [200, 100, 50, 20, 0]) {
        const id = write(max);
        if (id.length <= MAX_ACTION_ID_CHARS)
            return id;
    }
    return `${FORM}${place}.${Buffer.from(JSON.stringify(["Your words", ""])).toString("base64url")}`;
}
/** Undefined for a button that opens none. */
export function readFormLabel(actionId) {
    const [, text] = /^form\.\d+\.\d+\.([A-Za-z0-9_-]{1,250})$/.exec(actionId) ?? [];
    if (text === undefined)
        return undefined;
    try {
        const value = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
        const [title, label] = Array.isArray(value) ? value : [];
        if (typeof title !== "string" || typeof label !== "string")
            return undefined;
        return { title: title || "Your words", label: label || "Your words" };
    }
    catch {
        return undefined; // An id that is none of ours.
    }
}
