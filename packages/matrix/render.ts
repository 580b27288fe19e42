/**
 * A text in Markdown as the HTML that Matrix suggests to clients, and pieces that an event can hold.
 *
 * Owns: which blocks and spans become which tags, and the size of a piece. Never: reads Markdown (sluice/platform).
 *
 * MXHTML-1 Every tag that opens is closed, and every `<`, `>`, `&` and `"` of the text is escaped.
 * MXHTML-2 An event has 65,536 bytes in all: a piece with its HTML leaves room for the rest of it.
 * https://spec.matrix.org/latest/client-server-api/#mroommessage-msgtypes
 */
import { type Block, chunkMarkdown, type Item, parseMarkdown, type Span } from "sluice/platform";

export const MAX_CHARS = 16_000;
const MAX_BYTES = 56_000;
const MARKS = /[|*_`~#>\n[\-+.)]/g;
/** `<blockquote></blockquote>`, `<strong></strong>` and their like. */
const MARK_BYTES = 30;
/** What a client follows: https, http, ftp, mailto, magnet. */
const FOLLOWED = /^(?:https?|ftp|mailto|magnet):/i;

export type Body = { body: string; format?: "org.matrix.custom.html"; formatted_body?: string };

/** The pieces of a text; none for a blank one. */
export function cut(text: string): string[] {
  return chunkMarkdown(text, MAX_CHARS, (piece) => {
    // Most texts are far from it, or are cut anyhow: those are not rendered to be measured.
    if (piece.length > MAX_CHARS || toMostBytes(piece) <= MAX_BYTES) return piece.length;
    const bytes = Buffer.byteLength(JSON.stringify(toBody(piece)));
    return Math.max(piece.length, Math.ceil((bytes / MAX_BYTES) * MAX_CHARS));
  });
}

/** No more than its words three times, escaped in the HTML (an address stands there twice), and a pair of tags for each mark. */
function toMostBytes(piece: string): number {
  const marks = piece.match(MARKS)?.length ?? 0;
  const words = Buffer.byteLength(JSON.stringify(piece));
  return words + 2 * Buffer.byteLength(JSON.stringify(escapeHtml(piece))) + marks * MARK_BYTES;
}

/** Without HTML where it would say no more than the text. */
export function toBody(text: string): Body {
  const html = renderHtml(text);
  if (html === escapeHtml(text).replaceAll("\n", "<br>")) return { body: text };
  return { body: text, format: "org.matrix.custom.html", formatted_body: html };
}

export function renderHtml(markdown: string): string {
  const blocks = parseMarkdown(markdown);
  const [only] = blocks;
  if (blocks.length === 1 && only?.kind === "paragraph") return writeSpans(only.children);
  return writeBlocks(blocks);
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

function writeBlocks(blocks: readonly Block[]): string {
  return blocks.map(writeBlock).join("");
}

function writeBlock(block: Block): string {
  switch (block.kind) {
    case "paragraph":
      return `<p>${writeSpans(block.children)}</p>`;
    case "heading": {
      const tag = `h${Math.min(6, Math.max(1, block.level))}`;
      return `<${tag}>${writeSpans(block.children)}</${tag}>`;
    }
    case "code": {
      const language =
        block.language === "" ? "" : ` class="language-${escapeHtml(block.language)}"`;
      return `<pre><code${language}>${escapeHtml(block.text)}\n</code></pre>`;
    }
    case "quote":
      return `<blockquote>${writeBlocks(block.children)}</blockquote>`;
    case "list":
      return writeList(block.items);
    case "table":
      return writeTable(block);
    case "rule":
      return "<hr>";
    default:
      return block satisfies never;
  }
}

function writeList(items: readonly Item[]): string {
  const first = items[0]?.number?.value;
  const [tag, start] =
    first === undefined ? ["ul", ""] : ["ol", first === 1 ? "" : ` start="${first}"`];
  return `<${tag}${start}>${items.map(writeItem).join("")}</${tag}>`;
}

function writeItem({ isChecked, children }: Item): string {
  const box = isChecked === undefined ? "" : isChecked ? "☑ " : "☐ ";
  const [head, ...rest] = children;
  const inner =
    head?.kind === "paragraph"
      ? writeSpans(head.children) + writeBlocks(rest)
      : writeBlocks(children);
  return `<li>${box}${inner}</li>`;
}

function writeTable({ head, rows }: Extract<Block, { kind: "table" }>): string {
  const row = (cells: readonly Span[][], tag: string): string =>
    `<tr>${cells.map((cell) => `<${tag}>${writeSpans(cell)}</${tag}>`).join("")}</tr>`;
  const body = rows.map((cells) => row(cells, "td")).join("");
  return `<table><thead>${row(head, "th")}</thead><tbody>${body}</tbody></table>`;
}

const TAGS = { strong: "strong", emphasis: "em", strike: "del" } as const;

function writeSpans(spans: readonly Span[]): string {
  return spans.map(writeSpan).join("");
}

function writeSpan(span: Span): string {
  switch (span.kind) {
    case "text":
      return escapeHtml(span.text).replaceAll("\n", "<br>");
    case "code":
      return `<code>${escapeHtml(span.text)}</code>`;
    case "strong":
    case "emphasis":
    case "strike":
      return `<${TAGS[span.kind]}>${writeSpans(span.children)}</${TAGS[span.kind]}>`;
    case "link": {
      const words = writeSpans(span.children);
      if (!FOLLOWED.test(span.address)) return words;
      return `<a href="${escapeHtml(span.address)}">${words}</a>`;
    }
    default:
      return span satisfies never;
  }
}
