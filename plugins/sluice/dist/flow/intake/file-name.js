/**
 * Makes names of files that strangers chose safe for a path and for a line.
 *
 * Owns: which characters a name may hold, and its length. Pure.
 *
 * FILENAME-1 A name stays as it was given, in whatever script, NFC: only what leads to another place, hides, or means something to a file
 *    system or a shell is replaced.
 * FILENAME-2 It is cut between what people take for characters, and keeps its ending.
 */
import { replaceUnseen } from "../../sdk/unseen.js";
/** File systems take 255 bytes; a number before it and `.part` behind it, and a path that fits one value of meta, leave this. */
const MAX_BYTES = 180;
/** Separators, what Windows refuses, and what a shell would run if somebody forgot to quote the path. */
const UNSAFE = /[/\\:*?"<>|$`;&\n\t]+/gu;
/** Names that mean a device on Windows, whatever follows the dot. */
const DEVICE = /^(?:con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³]|conin\$|conout\$)\s*(?:\.|$)/i;
const ENDING = /(?:\.tar)?\.[\p{L}\p{N}_]{1,16}$/u;
const CLUSTERS = new Intl.Segmenter("und", { granularity: "grapheme" });
/** A plain name: never hidden, never a folder, no option of a command, at most 180 bytes. */
export function toFileName(given) {
    const last = given.split(/[\\/]/).at(-1) ?? "";
    const plain = replaceUnseen(last.normalize("NFC").replaceAll(/[\r\n\t]+/g, " "), () => "")
        .toWellFormed()
        .replace(UNSAFE, "_")
        .replace(/\s+/g, " ")
        .replace(/^[.\-\s\p{M}]+/u, "")
        .replace(/[.\s]+$/, "");
    if (plain === "")
        return "file";
    const name = cutName(plain);
    // A cut may leave no more than the device's name.
    return DEVICE.test(name) ? cutName(`file_${name}`) : name;
}
/** FILENAME-2 */
function cutName(name) {
    if (Buffer.byteLength(name) <= MAX_BYTES)
        return name;
    const [ending = ""] = ENDING.exec(name) ?? [];
    const room = MAX_BYTES - Buffer.byteLength(ending);
    const front = name.slice(0, name.length - ending.length);
    return takeBytes(front, room).replace(/[.\s]+$/, "") + ending;
}
function takeBytes(text, maxBytes) {
    let taken = "";
    let bytes = 0;
    for (const { segment } of CLUSTERS.segment(text)) {
        bytes += Buffer.byteLength(segment);
        if (bytes > maxBytes)
            break;
        taken += segment;
    }
    // One letter under a pile of marks, longer than a name: then some of it.
    return taken === ""
        ? Buffer.from(text).subarray(0, maxBytes).toString().replaceAll("\ufffd", "")
        : taken;
}
