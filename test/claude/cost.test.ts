// What Sluice costs in the request to the model: nothing while nothing happens, one
// request and a few tokens for an event, a small prefix for being there.
//
// Tokens are estimated, as no tokenizer is at hand: a character of words is 1/4 of a
// token, one of an id, a time or a URL 1/2.2. That errs to the dear side.
import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "vitest";

import { toText } from "./api-request.ts";
import type { ApiRequest } from "./api-request.ts";
import { sessionTest } from "./sluice-test.ts";

const quietMs = 20_000;

sessionTest(
  "with everything connected and nothing happening, no request goes to the model",
  { mode: "manual" },
  async ({ api, sluice }) => {
    // Its wake, and whatever the client asks on its own account after a first turn.
    const event = await sluice.fail("the-only-one");
    await sluice.waitForState(event.id, "done");
    await sleep(2_000);
    const before = api.requests.length;
    await sleep(quietMs);
    expect(api.requests.slice(before).map(({ kind, path }) => `${kind} ${path}`)).toEqual([]);
  },
);

sessionTest(
  "one event on an idle session: one request, at most 150 tokens beside its text, and a prefix of at most 900",
  {},
  async ({ api, client, sluice }) => {
    // The client gives instructions of servers with the first prompt that a person types.
    await client.submit("hello");
    await api.waitFor(({ kind }) => kind === "main");
    await client.waitForIdle();
    const before = api.turns.length;
    const event = await sluice.fail("what-does-it-cost");
    await sluice.waitForState(event.id, "done");
    await client.waitForIdle();
    const caused = api.turns.slice(before);
    expect(caused).toHaveLength(1);
    // The others are there for whoever looks for them: the client loads those when it is asked to.
    const tools = caused[0]!.body?.tools?.flatMap(({ name }) =>
      name?.startsWith("mcp__plugin_sluice_") === true ? [name.split("__").at(-1)] : [],
    );
    expect(tools?.toSorted()).toEqual(["ack", "details", "inbox", "reply"]);
    const parts = takeApart(caused[0]!);
    const ours = sum(parts.ours);
    const prefix = sum(parts.prefix);
    const rows = [
      { part: "requests to the model", characters: "", tokens: caused.length },
      ...toRows("ours: ", parts.ours),
      { part: "ours, in all", characters: "", tokens: ours },
      ...toRows("the event: ", parts.event),
      ...toRows("the client's: ", parts.client),
      ...toRows("prefix: ", parts.prefix),
      { part: "prefix, in all", characters: "", tokens: prefix },
    ];
    console.log(
      rows
        .map(({ part, characters, tokens }) =>
          [part.padEnd(48), String(characters).padStart(10), String(tokens).padStart(8)].join(""),
        )
        .join("\n"),
    );
    expect(ours).toBeLessThanOrEqual(150);
    expect(prefix).toBeLessThanOrEqual(900);
  },
);

type Parts = Record<string, string>;

/** The parts of the request that an event caused, by who wrote them. */
function takeApart(request: ApiRequest): Record<"ours" | "event" | "client" | "prefix", Parts> {
  const woken =
    request.messages.find(({ text }) => text.includes("<task-notification>"))?.text ?? "";
  const [, notice = ""] = /(<system-reminder>\s*\[SYSTEM NOTIFICATION.*)$/s.exec(woken) ?? [];
  const [, line = ""] = /<event>(.*)<\/event>/s.exec(notice) ?? [];
  const context = request.messages.findLast(({ text }) => text.includes("<channel "))?.text ?? "";
  const [, lead = "", preamble = "", open = "", body = "", close = ""] =
    /(UserPromptSubmit hook additional context: )(.*?\n)(<channel [^>]*>\n)(.*?)(\n<\/channel>)/s.exec(
      context,
    ) ?? [];
  const system = toText(request.body?.system) + request.messages.map(({ text }) => text).join("\n");
  const [instructions = ""] =
    /Sluice brings events from outside.*?refuse and tell your user\./s.exec(system) ?? [];
  const tools = (request.body?.tools ?? []).filter(({ name }) => name?.includes("sluice"));
  return {
    ours: { "bell line": line, preamble, "opening tag": open, "closing tag": close },
    event: { text: body },
    client: { "frame of the bell line": notice.replace(line, ""), "frame of the note": lead },
    prefix: { instructions, tools: tools.map((tool) => JSON.stringify(tool)).join("\n") },
  };
}

function toRows(whose: string, parts: Parts) {
  return Object.entries(parts).map(([part, text]) => {
    expect(text, `${whose}${part} in the request`).not.toBe("");
    return { part: `${whose}${part}`, characters: text.length, tokens: toTokens(text) };
  });
}

function sum(parts: Parts): number {
  return Object.values(parts).reduce((all, text) => all + toTokens(text), 0);
}

/** Ids, times and URLs are what holds a digit beside a letter, or a slash. */
function toTokens(text: string): number {
  const dense = text.match(/\S*(?:[a-z_]\d|\d[-:a-z]|\w\/\w)\S*/gi)?.join("").length ?? 0;
  return Math.ceil(dense / 2.2 + (text.length - dense) / 4);
}
