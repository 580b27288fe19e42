/**
 * Markdown as models write it, as Telegram's HTML.
 *
 * Owns: which marks become tags. Never: splits or sends.
 *
 * BOTHTML-1 Every tag that opens is closed, in order, and every `<`, `>` and `&` of the text is escaped: Telegram refuses a message
 *    with one fault in it.
 * BOTHTML-2 Text without Markdown marks stays as it was: `snake_case`, `2 * 3 * 4` and a lone `**` are text.
 * BOTHTML-3 The text that people see is never longer than the Markdown: Telegram's limit counts the text without its tags.
 * Tags: https://core.telegram.org/bots/api#html-style
 */

/** One message's worth of Markdown as HTML for `parse_mode: "HTML"`. */
export function renderHtml(markdown: string): string {
  const lines = markdown.split("\n");
  const out: string[] = [];
  for (let i = 0; i < lines.length;) {
    const block = readFence(lines, i) ?? readTable(lines, i) ?? readQuote(lines, i);
    if (block === undefined) {
      out.push(renderLine(lines[i] ?? ""));
      i += 1;
    } else {
      out.push(block.html);
      i = block.next;
    }
  }
  return out.join("\n");
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

type Block = { html: string; next: number };

function readFence(lines: readonly string[], start: number): Block | undefined {
  const opening = /^ {0,3}(`{3,}|~{3,})([^`]*)$/.exec(lines[start] ?? "");
  const marker = opening?.[1];
  if (marker === undefined) return undefined;
  let end = start + 1;
  while (end < lines.length && !isClosing(lines[end] ?? "", marker)) end += 1;
  const code = escapeHtml(lines.slice(start + 1, end).join("\n"));
  const language = /^[A-Za-z0-9+#._-]{1,32}/.exec(opening?.[2]?.trim() ?? "")?.[0];
  const inner = language === undefined ? code : `<code class="language-${language}">${code}</code>`;
  // An empty pre is refused by some clients and shows nothing in the others.
  return { html: code.trim() === "" ? "" : `<pre>${inner}</pre>`, next: end + 1 };
}

function isClosing(line: string, marker: string): boolean {
  const trimmed = line.trim();
  return trimmed.startsWith(marker) && trimmed === marker.charAt(0).repeat(trimmed.length);
}

/** Telegram has no tables: one in Markdown is kept as it was written, in type of even width. */
function readTable(lines: readonly string[], start: number): Block | undefined {
  const isRow = (line: string | undefined): boolean => line !== undefined && line.includes("|");
  const rule = lines[start + 1];
  if (!isRow(lines[start]) || rule === undefined || !/^[\s|:-]*-[\s|:-]*$/.test(rule))
    return undefined;
  if (!isRow(rule)) return undefined;
  let end = start + 2;
  while (isRow(lines[end])) end += 1;
  return { html: `<pre>${escapeHtml(lines.slice(start, end).join("\n"))}</pre>`, next: end };
}

function readQuote(lines: readonly string[], start: number): Block | undefined {
  let end = start;
  while (/^ {0,3}>/.test(lines[end] ?? "")) end += 1;
  if (end === start) return undefined;
  // Quotations do not nest in Telegram.
  const inner = lines.slice(start, end).map((line) => line.replace(/^ {0,3}(?:> ?)+/, ""));
  const html = inner.map(renderLine).join("\n");
  return { html: html.trim() === "" ? "" : `<blockquote>${html}</blockquote>`, next: end };
}

function renderLine(line: string): string {
  const heading = /^ {0,3}#{1,6}\s+(.*?)\s*#*\s*$/.exec(line)?.[1];
  if (heading !== undefined) {
    const inner = renderInline(heading.replace(/^\*\*(.*)\*\*$/, "$1"));
    return inner === "" ? "" : `<b>${inner}</b>`;
  }
  if (/^ {0,3}(?:-[ \t]*){3,}$|^ {0,3}(?:\*[ \t]*){3,}$|^ {0,3}(?:_[ \t]*){3,}$/.test(line))
    return "———";
  const item = /^(\s*)[-*+] (?:\[([ xX])\] )?(.*)$/.exec(line);
  if (item === null) return renderInline(line);
  const [, indent = "", box, rest = ""] = item;
  const mark = box === undefined ? "•" : box === " " ? "☐" : "☑";
  return `${indent}${mark} ${renderInline(rest)}`;
}

const ESCAPED = /^\\([\\`*_{}[\]()#+\-.!|~>])/;
const CODE = /^(`+)([^`]|[^`].*?[^`])\1(?!`)/;
const LINK =
  /^!?\[([^[\]]*(?:\[[^[\]]*\][^[\]]*)*)\]\(<?([^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*)>?(?:\s+"[^"]*")?\)/;
const BARE_URL = /^https?:\/\/[^\s<>]+/;
/** Longest mark first; the text inside neither begins nor ends with a blank. */
const EMPHASIS: readonly (readonly [pattern: RegExp, tags: readonly string[]])[] = [
  [/^\*\*\*(?=\S)(.+?)(?<=\S)\*\*\*(?!\*)/, ["b", "i"]],
  [/^\*\*(?=\S)(.+?)(?<=\S)\*\*(?!\*)/, ["b"]],
  // Before `.py` it is a name's: `__init__.py`.
  [/^__(?=\S)((?:[^_]|_(?!_))+)(?<=\S)__(?![\p{L}\p{N}_]|\.[\p{L}\p{N}])/u, ["b"]],
  [/^~~(?=\S)(.+?)(?<=\S)~~/, ["s"]],
  [/^\*(?=[^\s*])([^*]*(?:\*\*[^*]+\*\*[^*]*)*)(?<=\S)\*(?!\*)/, ["i"]],
  [/^_(?=[^\s_])(.+?)(?<=\S)_(?![\p{L}\p{N}_])/u, ["i"]],
];
const MAX_NESTING = 4;

function renderInline(text: string, depth = 0): string {
  let html = "";
  let plain = "";
  for (let i = 0; i < text.length;) {
    const found = readSpan(text, i, depth);
    if (found === undefined) {
      plain += text.charAt(i);
      i += 1;
      continue;
    }
    html += escapeHtml(plain) + found.html;
    plain = "";
    i += found.length;
  }
  return html + escapeHtml(plain);
}

function readSpan(
  text: string,
  at: number,
  depth: number,
): { html: string; length: number } | undefined {
  const char = text.charAt(at);
  if (!/[\\`*_~![h]/.test(char)) return undefined;
  const rest = text.slice(at);
  if (char === "h") {
    // An address is text to Telegram, which links it; its underscores are not marks.
    const url = BARE_URL.exec(rest)?.[0];
    return url === undefined ? undefined : { html: escapeHtml(url), length: url.length };
  }
  const escaped = ESCAPED.exec(rest);
  if (escaped !== null) return { html: escapeHtml(escaped[1] ?? ""), length: escaped[0].length };
  const code = CODE.exec(rest);
  if (code !== null) {
    const inner = (code[2] ?? "").replace(/^ (.*\S.*) $/, "$1");
    return { html: `<code>${escapeHtml(inner)}</code>`, length: code[0].length };
  }
  if (depth >= MAX_NESTING) return undefined;
  return readLink(rest, depth) ?? readEmphasis(text, at, rest, depth);
}

function readLink(rest: string, depth: number): { html: string; length: number } | undefined {
  const link = LINK.exec(rest);
  if (link === null) return undefined;
  const [whole, label = "", address = ""] = link;
  // Only the web and mail: other schemes do things in a Telegram client.
  if (!/^(https?:\/\/|mailto:)/i.test(address) || label.trim() === "") return undefined;
  const inner = BARE_URL.test(label) ? escapeHtml(label) : renderInline(label, depth + 1);
  return { html: `<a href="${escapeHtml(address)}">${inner}</a>`, length: whole.length };
}

function readEmphasis(
  text: string,
  at: number,
  rest: string,
  depth: number,
): { html: string; length: number } | undefined {
  // BOTHTML-2: an underscore inside a word is no mark.
  if (rest.startsWith("_") && /[\p{L}\p{N}_]/u.test(text.slice(Math.max(0, at - 1), at)))
    return undefined;
  for (const [pattern, tags] of EMPHASIS) {
    const match = pattern.exec(rest);
    if (match === null) continue;
    const open = tags.map((tag) => `<${tag}>`).join("");
    const close = tags
      .toReversed()
      .map((tag) => `</${tag}>`)
      .join("");
    return {
      html: open + renderInline(match[1] ?? "", depth + 1) + close,
      length: match[0].length,
    };
  }
  return undefined;
}
