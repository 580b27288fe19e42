import { expect, test } from "vitest";
import { toText } from "./html.ts";

// MAILHTML-1
test.each([
  'style="display:none"',
  "style='DISPLAY :\n NONE !important'",
  'style="color:red; visibility: hidden"',
  'style="font-size:0px;line-height:0"',
  'style="font-size:0"',
  'style="max-height: 0; overflow: hidden"',
  'style="opacity:0"',
  'style="mso-hide:all"',
  "hidden",
])("what its reader does not see is left out: %s", (attribute) => {
  expect(toText(`<div ${attribute}>orders</div><p>seen</p>`)).toBe("seen");
});

test.each([
  'style="font-size:0.9em"',
  'style="opacity:0.8"',
  'style="max-height:0.5in"',
  'style="display:block"',
  'class="hidden-xs"',
])("what is small is seen: %s", (attribute) => {
  expect(toText(`<div ${attribute}>words</div>`)).toBe("words");
});

test("a word in a hundred tables is read, and no depth ends it", () => {
  expect(toText(`${"<table><tr><td>".repeat(100)}word`)).toContain("word");
  expect(() => toText("<blockquote>".repeat(40_000))).not.toThrow();
});
