/**
 * The payloads that GitHub publishes, and docs/github-events.md, which shows what the model reads of each event.
 */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Arrival } from "../../sdk/event.ts";
import { DOCUMENTED, type Example, readExamples } from "./examples.fixture.ts";
import { receive, request } from "./github.fixture.ts";
import { SHAPES } from "./shapes.ts";

const SERVERS = ["api.github.com", "ghes-31", "ghes-32", "ghes-33", "ghes-34", "ghes-35"];
const ALL = [...SERVERS.flatMap(readExamples), ...DOCUMENTED];
const PAGE = "docs/github-events.md";

function read({ event, payload }: Example): Arrival {
  return receive(request(event, JSON.stringify(payload)));
}

test("every published payload is taken, and names what it is about and where that is", () => {
  expect(readExamples()).toHaveLength(329);
  const dull: string[] = [];
  for (const example of ALL) {
    const { kind, text, meta, payload } = read(example);
    const [line = ""] = text.split("\n");
    // The name of the event is no description.
    if (line.startsWith(example.event) && example.event !== "release")
      dull.push(`${kind}: ${line}`);
    if (payload !== undefined) dull.push(`${kind}: not described`);
    if (/(?:^|[\s"#(])\?(?:$|[\s")])/.test(line)) dull.push(`${kind}: ${line}`);
    if (meta["url"] === undefined && example.event !== "ping") dull.push(`${kind}: no link`);
    if (/undefined|\[object|\{\w+:/.test(text)) dull.push(`${kind}: ${text}`);
  }
  expect(dull).toEqual([]);
});

/** Gitea's and Forgejo's own names for reviews. */
const FOREIGN = ["pull_request_approved", "pull_request_comment", "pull_request_rejected"];
const EVENTS = Object.keys(SHAPES).filter((event) => !FOREIGN.includes(event));

test("docs/github-events.md shows what the model reads of every event", () => {
  const rows = EVENTS.toSorted().map((event) => {
    const example = ALL.find((one) => one.event === event);
    if (example === undefined) throw new Error(`no example of ${event}`);
    const { kind, text, priority, meta, quotes } = read(example);
    const reads = text
      .split("\n")
      .slice(0, -1)
      .map((line) => `\`${line.replaceAll("|", "\\|")}\``)
      .join("<br>");
    const labels = quotes.map(({ label }) => `\`${label}\``).join(" ");
    return `| \`${kind}\` | ${reads === "" ? `\`${text}\`` : reads} | ${labels} | ${priority}, ${meta["severity"]} |`;
  });
  const [page = ""] = readFileSync(PAGE, "utf8").split("## Events that");
  const shown = page.split("\n").filter((line) => line.startsWith("| `"));
  // The formatter pads columns.
  expect(shown.map((line) => line.replaceAll(/ +/g, " "))).toEqual(
    rows.map((line) => line.replaceAll(/ +/g, " ")),
  );
});
