/** The examples of the standards through the page's writer, without a browser: what would become of each element. */
import type { ComponentChildren, JSX } from "preact";
import { expect, test } from "vitest";
import { readExamples } from "../../test/corpora/markdown/examples.ts";
import { toElements } from "./markdown-elements.tsx";

const ELEMENTS = new Set(
  "p h3 h4 h5 h6 ul ol li blockquote hr br code pre figure figcaption span button strong em del a div table thead tbody tr th td".split(
    " ",
  ),
);

type Shown = { elements: string[]; code: string[]; links: string[]; html: number };

/** Everything that the page would make of it. */
function show(children: ComponentChildren, shown: Shown, isCode = false): Shown {
  for (const child of [children].flat() as ComponentChildren[]) {
    if (child === null || child === undefined || typeof child === "boolean") continue;
    if (Array.isArray(child)) show(child, shown, isCode);
    else if (typeof child !== "object") {
      if (isCode) shown.code[shown.code.length - 1] += String(child);
    } else {
      const { type, props } = child as JSX.Element & { props: Record<string, unknown> };
      if (typeof type === "function") {
        show((type as (given: object) => ComponentChildren)(props), shown);
        continue;
      }
      shown.elements.push(String(type));
      if (props["dangerouslySetInnerHTML"] !== undefined) shown.html += 1;
      if (type === "a") shown.links.push(String(props["href"]));
      if (type === "code") shown.code.push("");
      show(props["children"] as ComponentChildren, shown, type === "code");
    }
  }
  return shown;
}

function read(markdown: string): Shown {
  return show(toElements(markdown), { elements: [], code: [], links: [], html: 0 });
}

test.each(readExamples())(
  "MARKDOWN-1: $name: no element outside the list, no HTML, no other links",
  ({ markdown }) => {
    const { elements, links, html } = read(markdown);
    expect(elements.filter((element) => !ELEMENTS.has(element))).toEqual([]);
    expect(links.filter((link) => !/^(?:https?|mailto):/.test(link))).toEqual([]);
    expect(html).toBe(0);
  },
);

test.each(readExamples().filter(({ code }) => code.length > 0))(
  "$name: its code is shown letter for letter",
  ({ markdown, code }) => {
    const shown = read(markdown).code;
    for (const one of code) expect(shown).toContain(one);
  },
);
