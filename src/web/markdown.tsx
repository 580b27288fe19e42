/**
 * Markdown as models write it, as elements.
 *
 * Owns: a small, forgiving subset. Never: HTML: what is not understood stays text, and text becomes text nodes only.
 *
 * MARKDOWN-1 Links lead to http and https, and carry no referrer or opener. Showing a text loads nothing: images are links.
 * MARKDOWN-2 Time is linear in the text: no pattern can be made to backtrack, and nesting ends at eight levels.
 */
import type { ComponentChildren, JSX } from "preact";
import { useMemo } from "preact/hooks";

const MAX_DEPTH = 8;

export function Markdown({ text }: { text: string }): JSX.Element {
  // Parsed once: a chat is drawn again for every message that comes.
  const blocks = useMemo(() => toBlocks(text.split(/\r\n|[\n\r]/), 0), [text]);
  return <div class="markdown">{blocks}</div>;
}

function toBlocks(lines: readonly string[], depth: number): ComponentChildren[] {
  const blocks: ComponentChildren[] = [];
  let at = 0;
  const line = (): string => lines[at] ?? "";
  const takeWhile = (fits: (line: string) => boolean): string[] => {
    const from = at;
    while (at < lines.length && fits(line())) at += 1;
    return lines.slice(from, at);
  };
  while (at < lines.length) {
    const fence = /^ {0,3}(`{3,}|~{3,})\s*([\w+#.-]{0,32})/.exec(line());
    const heading = /^ {0,3}(#{1,6}) +(.*)$/.exec(line());
    if (line().trim() === "") {
      at += 1;
    } else if (fence !== null) {
      const [, mark = "```", language] = fence;
      at += 1;
      const code = takeWhile((one) => !one.trimStart().startsWith(mark));
      at += 1;
      blocks.push(<CodeBlock code={code.join("\n")} language={language ?? ""} />);
    } else if (heading !== null) {
      at += 1;
      const Tag = `h${Math.min(6, (heading[1] ?? "").length + 2)}` as "h3";
      blocks.push(<Tag>{toInline(heading[2] ?? "", depth)}</Tag>);
    } else if (/^ {0,3}([-*_])(?: *\1){2,} *$/.test(line())) {
      at += 1;
      blocks.push(<hr />);
    } else if (depth < MAX_DEPTH && /^ {0,3}>/.test(line())) {
      const quoted = takeWhile((one) => /^ {0,3}>/.test(one));
      const inner = quoted.map((one) => one.replace(/^ {0,3}> ?/, ""));
      blocks.push(<blockquote>{toBlocks(inner, depth + 1)}</blockquote>);
    } else if (depth < MAX_DEPTH && ITEM.test(line())) {
      blocks.push(toList(takeWhile(isListLine(line())), depth));
    } else if (isTable(lines, at)) {
      blocks.push(
        toTable(
          takeWhile((one) => one.includes("|")),
          depth,
        ),
      );
    } else {
      const first = line();
      at += 1;
      const more = takeWhile((one) => one.trim() !== "" && !STARTS_BLOCK.test(one));
      blocks.push(<p>{toLines([first, ...more], depth)}</p>);
    }
  }
  return blocks;
}

const ITEM = /^( {0,3})(?:([-*+])|(\d{1,9})[.)]) +(.*)$/;
const STARTS_BLOCK = /^ {0,3}(?:`{3}|~{3}|#{1,6} |>|[-*+] |\d{1,9}[.)] )/;

/** An item of a list whose first one stands in by `base`; one that stands in further belongs to the item before it. */
function readItem(line: string, base: number): RegExpExecArray | null {
  const item = ITEM.exec(line);
  return item !== null && toIndent(line) < base + 2 ? item : null;
}

function toIndent(line: string): number {
  return line.length - line.trimStart().length;
}

/** Lines of one list: its items, what is indented below them, and blank lines between. */
function isListLine(first: string): (line: string) => boolean {
  const isOrdered = ITEM.exec(first)?.[3] !== undefined;
  const base = toIndent(first);
  return (line) => {
    const item = readItem(line, base);
    return item === null
      ? line.trim() === "" || line.startsWith("  ")
      : (item[3] !== undefined) === isOrdered;
  };
}

function toList(lines: readonly string[], depth: number): JSX.Element {
  const base = toIndent(lines[0] ?? "");
  const items: string[][] = [];
  // Where the words of the last item begin: what belongs to it stands in as far.
  let inset = 0;
  for (const line of lines) {
    const item = readItem(line, base);
    if (item === null) {
      items.at(-1)?.push(line.slice(Math.min(inset, toIndent(line))));
    } else {
      const [, , , , words = ""] = item;
      items.push([words]);
      inset = line.length - words.length;
    }
  }
  const children = items.map((item) => {
    const isLine = item.filter((line) => line.trim() !== "").length === 1;
    return <li>{isLine ? toInline(item[0] ?? "", depth) : toBlocks(item, depth + 1)}</li>;
  });
  const start = ITEM.exec(lines[0] ?? "")?.[3];
  return start === undefined ? <ul>{children}</ul> : <ol start={Number(start)}>{children}</ol>;
}

function isTable(lines: readonly string[], at: number): boolean {
  return (
    (lines[at] ?? "").includes("|") &&
    /^[ |:-]{3,}$/.test(lines[at + 1] ?? "") &&
    (lines[at + 1] ?? "").includes("-")
  );
}

function toTable([head = "", , ...rows]: readonly string[], depth: number): JSX.Element {
  const cells = (row: string): string[] => row.replace(/^ *\|/, "").replace(/\| *$/, "").split("|");
  return (
    <div class="table">
      <table>
        <thead>
          <tr>
            {cells(head).map((cell) => (
              <th>{toInline(cell.trim(), depth)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              {cells(row).map((cell) => (
                <td>{toInline(cell.trim(), depth)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function CodeBlock({ code, language }: { code: string; language: string }): JSX.Element {
  return (
    <figure class="code">
      <figcaption>
        <span>{language}</span>
        <button type="button" onClick={() => void navigator.clipboard.writeText(code)}>
          Copy
        </button>
      </figcaption>
      <pre tabIndex={0}>
        <code>{code}</code>
      </pre>
    </figure>
  );
}

/** A line break within a paragraph is one: people and models mean it. */
function toLines(lines: readonly string[], depth: number): ComponentChildren[] {
  return lines.flatMap((line, index) => [
    ...(index === 0 ? [] : [<br />]),
    ...toInline(line.trimEnd(), depth),
  ]);
}

/**
 * One alternative each, and within each no two ways to match the same (MARKDOWN-2). A closing `__` before `.py` is a name's: `__init__.py`.
 */
const INLINE =
  /(?<!`)(`{1,8})(?!`)([^`]+)\1|\*\*(?=[^\s*])((?:[^*]|\*(?!\*))+)\*\*|(?<!\w)__(?=[^\s_])((?:[^_]|_(?!_))+)__(?!\w|\.\w)|~~([^~]+)~~|(?<![\w*_])\*(?=[^\s*])([^*]+)(?<=\S)\*(?![\w*])|(?<![\w*_])_(?=[^\s_])([^_]+)(?<=\S)_(?!\w)|!?\[([^[\]]{1,500})\]\((\S{1,2000}?)\)|(https?:\/\/[^\s<>"'`\]]{1,2000})/g;

function toInline(text: string, depth: number): ComponentChildren[] {
  const parts: ComponentChildren[] = [];
  let from = 0;
  const inner = (within: string): ComponentChildren =>
    depth < MAX_DEPTH ? toInline(within, depth + 1) : within;
  for (const match of text.matchAll(INLINE)) {
    const [whole, , code, starred, scored, struck, slanted, low, label, target, bare] = match;
    const [strong, emphasis] = [starred ?? scored, slanted ?? low];
    parts.push(text.slice(from, match.index));
    from = match.index + whole.length;
    if (code !== undefined) parts.push(<code>{code}</code>);
    else if (strong !== undefined) parts.push(<strong>{inner(strong)}</strong>);
    else if (struck !== undefined) parts.push(<del>{inner(struck)}</del>);
    else if (emphasis !== undefined) parts.push(<em>{inner(emphasis)}</em>);
    else if (label !== undefined) parts.push(toLink(target ?? "", inner(label)) ?? whole);
    else if (bare !== undefined) {
      const address = bare.replace(/[.,;:!?)*_]+$/, "");
      parts.push(toLink(address, address) ?? address, bare.slice(address.length));
    }
  }
  parts.push(text.slice(from));
  return parts;
}

/** Undefined for anything but http and https (MARKDOWN-1). */
export function toLink(address: string, children: ComponentChildren): JSX.Element | undefined {
  const url = URL.parse(address);
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) return undefined;
  return (
    <a href={url.href} target="_blank" rel="noopener noreferrer nofollow" title={url.href}>
      {children}
    </a>
  );
}
