/**
 * Lines for a place that holds only so many bytes.
 *
 * Owns: where they end. Pure. Never: reorders them.
 */
/** Less of a line says nothing. */
const MIN_BYTES = 80;
/** As much of the first lines as fits into `maxBytes`; where anything is left out, `more` is the last line. */
export function fitLines(lines, maxBytes, more) {
    const whole = lines.join("\n");
    if (Buffer.byteLength(whole) <= maxBytes)
        return whole;
    let left = maxBytes - Buffer.byteLength(more);
    const kept = [];
    for (const line of lines) {
        const bytes = Buffer.byteLength(line) + 1;
        if (bytes <= left) {
            kept.push(line);
            left -= bytes;
            continue;
        }
        if (left > MIN_BYTES)
            kept.push(cutLine(line, left - 1));
        break;
    }
    return [...kept, more].join("\n");
}
/** At the end of a word, where one is near. */
function cutLine(line, maxBytes) {
    const mark = "…";
    const bytes = Buffer.from(line).subarray(0, maxBytes - Buffer.byteLength(mark));
    // A character that was cut in two is left out.
    const text = new TextDecoder().decode(bytes, { stream: true });
    return text.replace(/\s+\S{0,40}$/, "") + mark;
}
