/**
 * A text in Markdown as a tree, small enough that every platform's writer knows all of it.
 *
 * Owns: the kinds of blocks and spans. Never: reads a text (parse.ts), or writes one.
 */
/** The words of spans, without their marks. */
export function toWords(spans) {
    return spans.map((span) => ("children" in span ? toWords(span.children) : span.text)).join("");
}
