import { readReferences } from "./parse.js";
import { readTree } from "./parser.js";
import { toRange } from "./spans.js";
/** A long address that is named often would make hundreds of messages of one: such a text stays as it was written. */
const MAX_GROWTH = 3;
/** The text with an address in each link, and without the definitions of these. */
export function inlineReferences(text) {
    const tree = readTree(text);
    const { definitions, used } = readReferences(tree.children);
    const edits = [];
    const read = (node) => {
        const [from, to] = toRange(node);
        if (node.type === "linkReference" || node.type === "imageReference") {
            const address = `(<${(definitions.get(node.identifier) ?? "").replaceAll(/[<>\\]/g, "\\$&")}>)`;
            const own = text.slice(from, to);
            const label = node.referenceType === "shortcut" ? own : own.replace(/\[[^[\]]*\]$/, "");
            edits.push({ from: from + label.length, to, words: address });
        }
        // Without it, an indented line right below would be code.
        const isLast = /^[ \t]*(?:\n[ \t]*(?:\n|\[|$)|$)/.test(text.slice(to, to + 400));
        if (node.type === "definition" && used.has(node.identifier) && isLast) {
            edits.push({ from, to, words: "" });
        }
        if ("children" in node)
            for (const child of node.children)
                read(child);
    };
    read(tree);
    const added = edits.reduce((sum, { words }) => sum + words.length, 0);
    if (added > MAX_GROWTH * text.length)
        return text;
    let own = text;
    for (const { from, to, words } of edits.toSorted((one, other) => other.from - one.from))
        own = own.slice(0, from) + words + own.slice(to);
    return own;
}
