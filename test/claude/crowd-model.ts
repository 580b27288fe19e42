// The model of a crowd: it reads what waits, closes what people said, and sends a
// helper where it is asked to. Owns its answers, and has each request counted.
import { setTimeout as sleep } from "node:timers/promises";

import { toText } from "./api-request.ts";
import type { ApiRequest } from "./api-request.ts";
import type { Block, Script } from "./scripted-api.ts";
import type { Tally } from "./tally.ts";

const SERVER = "mcp__plugin_sluice_sluice__";
const MORE = /\d+ more wait: |\d+\+? events? waits? \(.*read with the inbox tool|read your inbox/;
const CHAT = /<channel [^>]*event_id="(evt_\w+)"[^>]*>[^<]*mk-\d+-chat/g;

export type CrowdModel = {
  script: Script;
  /** True while no answer comes, so that Esc hits a turn. */
  isHolding: boolean;
  /** Calls that a subagent made of the inbox tool. */
  helperReads: number;
};

export function openCrowdModel(tally: Tally): CrowdModel {
  const model: CrowdModel = {
    isHolding: false,
    helperReads: 0,
    script: async (request) => {
      const fresh = toFresh(request);
      const { kind, toolNames } = request;
      if (kind === "main") tally.count(request);
      // Thousands of conversations would not fit: what is needed of them is counted.
      request.body = undefined;
      request.messages = [];
      if (kind === "subagent") {
        if (fresh.includes("[tool_result]")) return "The inbox is read.";
        model.helperReads++;
        return { blocks: [toCall("inbox", {})] };
      }
      if (kind !== "main") return undefined;
      while (model.isHolding) await sleep(50);
      const blocks: Block[] = [];
      const said = [...fresh.matchAll(CHAT)].map(([, id]) => id);
      if (said.length > 0) blocks.push(toCall("ack", { event_ids: said }));
      if (MORE.test(fresh)) blocks.push(toCall("inbox", {}));
      if (fresh.includes("send a helper")) {
        const tool = ["Agent", "Task"].find((name) => toolNames.includes(name)) ?? "Agent";
        const prompt = "Read the inbox for me.";
        const input = { description: "read", prompt, subagent_type: "general-purpose" };
        blocks.push({ tool, input });
      }
      return blocks.length === 0 ? undefined : { blocks };
    },
  };
  return model;
}

function toCall(name: string, input: object): Block {
  return { tool: `${SERVER}${name}`, input };
}

/** What was said since the model last spoke. */
function toFresh({ body }: ApiRequest): string {
  const messages = body?.messages ?? [];
  const spoken = messages.findLastIndex(({ role }) => role === "assistant");
  return messages
    .slice(spoken + 1)
    .map(({ content }) => toText(content))
    .join("\n");
}
