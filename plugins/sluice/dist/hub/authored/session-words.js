/**
 * What sessions read of the configured channels before anything happens: lines in a file of the home, which a shim reads as it starts.
 *
 * Owns: that file, and that it says what is configured now. Never: what a client cuts (shim/words.ts).
 * A file, since a session's first words are asked for before its shim may look for a hub, and also where none runs yet.
 *
 * WORDS-1 The channel that was used last stands first: where not all of them fit, those that are not used are left out.
 */
import { toChannelLines } from "../../author/instructions.js";
import { toMark, replaceUnseen } from "../../sdk/unseen.js";
import { readLastEventTimes } from "../../store/events/figures.js";
import { readPrivateFile, writePrivateFile } from "../settings/private-file.js";
import { keepHourly } from "../upkeep/hourly.js";
const MAX_NAMES = 12;
/** Several changes at once, as at a hub's start, are one. */
const SETTLE_MS = 100;
const MAX_FILE_CHARS = 256 * 1024;
/** Once the channels are loaded. */
export function openSessionWords(core, { channels }) {
    const { db, clock, home } = core;
    const read = () => toSessionLines(channels.list(), readLastEventTimes(db)).join("\n").slice(0, MAX_FILE_CHARS);
    const write = async () => {
        const text = read();
        if ((readPrivateFile(home.instructions) ?? "") !== text)
            writePrivateFile(home.instructions, text);
    };
    let again = keepHourly(core, "the instructions of sessions", write);
    let cancel = () => { };
    const stopHearing = channels.onChanged(() => {
        cancel();
        cancel = clock.after(SETTLE_MS, () => {
            again();
            again = keepHourly(core, "the instructions of sessions", write);
        });
    });
    return {
        read,
        close() {
            stopHearing();
            cancel();
            again();
        },
    };
}
/** `lastEvents`: epoch ms by name. Pure. */
export function toSessionLines(channels, lastEvents) {
    if (channels.length === 0)
        return [];
    const at = ({ config }) => lastEvents[config.name] ?? 0;
    const inOrder = channels.toSorted((one, other) => at(other) - at(one));
    const names = inOrder.slice(0, MAX_NAMES).map(({ config }) => config.name);
    const more = inOrder.length > MAX_NAMES ? ` and ${inOrder.length - MAX_NAMES} more` : "";
    return [
        `Channels here: ${names.join(", ")}${more}.`,
        ...inOrder.flatMap(({ config, outline }) => outline === undefined
            ? []
            : toChannelLines({ ...outline, kind: config.name }, outline.reply === "none" ? " (one-way)" : " (reply answers)").map(toLine)),
    ];
}
/** A channel's own words, as they were shown to the owner. */
function toLine(text) {
    return replaceUnseen(text, toMark).replaceAll(/\s+/g, " ").trim();
}
