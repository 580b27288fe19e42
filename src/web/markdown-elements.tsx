/**
 * A text in Markdown as elements.
 *
 * Owns: which blocks and spans become which elements. Never: reads Markdown (sdk/markdown), or makes HTML: text becomes text nodes only.
 *
 * MARKDOWN-1 Links lead to http, https and mailto, and carry no referrer or opener. Showing a text loads nothing: images are links.
 * MARKDOWN-2 Nesting ends at a fixed depth, whatever the text.
 */
import type { ComponentChildren, JSX } from "preact";
import { parseMarkdown } from "../sdk/markdown/parse.ts";
import type { Block, BlockOf, Item, Span } from "../sdk/markdown/tree.ts";

export function toElements(text: string): ComponentChildren[] {
  return parseMarkdown(text).map(toElement);
}

function toElement(block: Block): ComponentChildren {
  switch (block.kind) {
    case "paragraph":
      return <p>{toInline(block.children)}</p>;
    case "heading": {
      const Tag = `h${Math.min(6, block.level + 2)}` as "h3";
      return <Tag>{toInline(block.children)}</Tag>;
    }
    case "code":
      return <CodeBlock code={block.text} language={block.language} />;
    case "quote":
      return <blockquote>{block.children.map(toElement)}</blockquote>;
    case "list":
      return toList(block);
    case "table":
      return toTable(block);
    case "rule":
      return <hr />;
    default:
      return block satisfies never;
  }
}

function toList({ items }: BlockOf<"list">): JSX.Element {
  const start = items[0]?.number?.value;
  const children = items.map((item, index) => {
    const [only, another] = item.children;
    const value = item.number?.value;
    // A number that does not follow the one before it.
    const jumped = value === undefined || value === (start ?? 0) + index ? {} : { value };
    return (
      <li {...jumped}>
        {toBox(item)}
        {only?.kind === "paragraph" && another === undefined
          ? toInline(only.children)
          : item.children.map(toElement)}
      </li>
    );
  });
  return start === undefined ? <ul>{children}</ul> : <ol start={start}>{children}</ol>;
}

function toBox({ isChecked }: Item): string {
  return isChecked === undefined ? "" : isChecked ? "☑ " : "☐ ";
}

function toTable({ head, rows }: BlockOf<"table">): JSX.Element {
  return (
    <div class="table">
      <table>
        <thead>
          <tr>
            {head.map((cell) => (
              <th>{toInline(cell)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              {row.map((cell) => (
                <td>{toInline(cell)}</td>
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

function toInline(spans: readonly Span[]): ComponentChildren[] {
  return spans.flatMap((span): ComponentChildren[] => {
    switch (span.kind) {
      case "text":
        return toLines(span.text);
      case "code":
        return [<code>{span.text}</code>];
      case "strong":
        return [<strong>{toInline(span.children)}</strong>];
      case "emphasis":
        return [<em>{toInline(span.children)}</em>];
      case "strike":
        return [<del>{toInline(span.children)}</del>];
      case "link":
        return [toLink(span.address, toInline(span.children))];
      default:
        return span satisfies never;
    }
  });
}

/** A line break within a paragraph is one: people and models mean it. */
function toLines(text: string): ComponentChildren[] {
  return text.split("\n").flatMap((line, index) => [...(index === 0 ? [] : [<br />]), line]);
}

/** MARKDOWN-1: parsing lets no other address through. */
function toLink(address: string, children: ComponentChildren): JSX.Element {
  const { href } = new URL(address);
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow" title={href}>
      {children}
    </a>
  );
}
