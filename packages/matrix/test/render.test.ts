import { expect, test } from "vitest";
import { renderHtml, toBody } from "../render.ts";

test.each([
  ["plain", "plain"],
  [
    "**bold** _it_ ~~no~~ `a<b`",
    "<strong>bold</strong> <em>it</em> <del>no</del> <code>a&lt;b</code>",
  ],
  ["a\nb", "a<br>b"],
  ["one\n\ntwo", "<p>one</p><p>two</p>"],
  [
    "## Head\n\n- a\n  - b\n- [x] c",
    "<h2>Head</h2><ul><li>a<ul><li>b</li></ul></li><li>☑ c</li></ul>",
  ],
  ["3. c\n4. d", '<ol start="3"><li>c</li><li>d</li></ol>'],
  ["```ts\na && b\n```", '<pre><code class="language-ts">a &amp;&amp; b\n</code></pre>'],
  ["> q", "<blockquote><p>q</p></blockquote>"],
  [
    "| a |\n| - |\n| **b** |",
    "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td><strong>b</strong></td></tr></tbody></table>",
  ],
  ['[x](https://e.org/?a="b"&c)', '<a href="https://e.org/?a=&quot;b&quot;&amp;c">x</a>'],
  ["[x](javascript:alert(1))", "[x](javascript:alert(1))"],
  ["<img src=x onerror=y>", "&lt;img src=x onerror=y&gt;"],
])("MXHTML-1: %j", (markdown, html) => {
  expect(renderHtml(markdown)).toBe(html);
});

test("a text that HTML would say no better goes without it", () => {
  expect(toBody("Done: 3 < 4")).toEqual({ body: "Done: 3 < 4" });
  expect(toBody("a **b**")).toMatchObject({ format: "org.matrix.custom.html" });
});
