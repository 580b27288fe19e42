import { expect, test } from "vitest";
import { toPlain } from "./text.ts";

const NAMES: Record<string, string> = { U1: "Ann" };

test.each([
  ["a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"],
  ["&amp;lt;!channel&amp;gt;", "&lt;!channel&gt;"],
  ["&quot; &#39; &nbsp;", "&quot; &#39; &nbsp;"],
  ["<@U1> and <@U2> and <@U2|bob>", "@Ann and @U2 and @bob"],
  ["<#C1|general> <#C2>", "#general #C2"],
  ["<!here> <!channel> <!everyone>", "@here @channel @everyone"],
  ["<!subteam^S1|@devs> <!subteam^S1>", "@devs @S1"],
  ["<!date^1767603600^{date}|yesterday>", "yesterday"],
  ["<https://a.b/c?x=1&amp;y=2>", "https://a.b/c?x=1&y=2"],
  ["<https://a.b|a.b> <https://a.b/|https://a.b>", "https://a.b https://a.b/"],
  ["<https://evil.example|bank.example>", "bank.example (https://evil.example)"],
  ["<mailto:a@b.c|a@b.c> <tel:+1|call>", "a@b.c call (+1)"],
  ["a <b", "a <b"],
  ["<>", ""],
])("%s", (given, shown) => {
  expect(toPlain(given, (id) => NAMES[id])).toBe(shown);
});
