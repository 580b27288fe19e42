const MIN_COLUMNS = 4;
export const NO_INDENTS = new Map();
/** The indented lines of a paragraph that stands in so many quotes. */
export function readIndents(text, { position }, quotes) {
    if (position === undefined || position.start.line === position.end.line)
        return NO_INDENTS;
    const indents = new Map();
    const lines = text.slice(position.start.offset, position.end.offset).split("\n");
    for (const [index, line] of lines.entries()) {
        if (index === 0)
            continue;
        const blanks = readPrefix(line, quotes);
        const columns = toColumns(blanks) - (position.start.column - 1);
        if (columns < MIN_COLUMNS)
            continue;
        const kept = blanks.replaceAll(">", " ");
        indents.set(position.start.line + index, kept.slice(-Math.min(columns, kept.length)));
    }
    return indents;
}
/** The blanks before a line's first letter, with the marks of the quotes around it. */
export function readPrefix(line, quotes) {
    let prefix = /^[ \t]*/.exec(line)?.[0] ?? "";
    for (let depth = 0; depth < quotes && line.charAt(prefix.length) === ">"; depth += 1)
        prefix += /^>[ \t]*/.exec(line.slice(prefix.length))?.[0] ?? "";
    return prefix;
}
/** How wide the blanks and marks before a text are. */
export function toColumns(blanks) {
    let columns = 0;
    for (const blank of blanks)
        columns += blank === "\t" ? 4 - (columns % 4) : 1;
    return columns;
}
