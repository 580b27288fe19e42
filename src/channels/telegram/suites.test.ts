import { expect, test } from "vitest";
import { readExamples } from "../../../test/corpora/markdown/examples.ts";
import { readTelegramHtml } from "../../../test/fakes/telegram/read-html.ts";
import { renderHtml } from "./render.ts";

const TAG =
  /<\/?(?:b|i|s|pre|code|blockquote)>|<code class="language-[A-Za-z0-9+#._-]{1,32}">|<a href="(?:https?:|mailto:)[^"<>]*">|<\/a>/g;

/** What stands in code; among it the names of files. */
function readShownCode(html: string): string[] {
  const inner = [...html.matchAll(/<pre>(?:<code[^>]*>)?([^<]*)|<code>([^<]*)<\/code>/g)];
  return inner.map(([, block, span]) => {
    const read = readTelegramHtml(block ?? span ?? "");
    return read.kind === "ok" ? read.text : "refused";
  });
}

test.each(readExamples())(
  "BOTHTML-1: $name: Telegram can read it, with its own tags alone",
  ({ markdown }) => {
    const html = renderHtml(markdown);
    expect(readTelegramHtml(html)).toMatchObject({ kind: "ok" });
    expect(html.replaceAll(TAG, "")).not.toMatch(/[<>]/);
  },
);

// A table is shown as it was typed, with the code in its cells: they are not looked at here.
const WITH_CODE = readExamples().filter(
  ({ code, name }) => !name.includes("Tables") && code.some((one) => one.trim() !== ""),
);

test.each(WITH_CODE)("PARSE-1: $name: its code arrives letter for letter", ({ markdown, code }) => {
  const shown = readShownCode(renderHtml(markdown));
  for (const one of code) if (one.trim() !== "") expect(shown).toContain(one);
});
