// Scripts for the model: what it answers when it reads an event, or a prompt.
// Owns the answers; knows nothing of what the client does with them.
import { toRead } from "./api-request.ts";
import type { Answer, Script } from "./scripted-api.ts";

/** One step of a script: taken once, by the first request of the conversation that fits. */
type Step = {
  when: RegExp | string;
  answer: (match: RegExpMatchArray) => Answer | string;
};

/** A model that takes each step once, in any order, and else says "ok". */
export function script(...steps: Step[]): Script {
  const left = new Set(steps);
  const answer: Script = (request) => {
    if (request.kind !== "main") return undefined;
    const text = toRead(request);
    for (const step of left) {
      const match = text.match(step.when);
      if (match === null) continue;
      left.delete(step);
      return step.answer(match);
    }
    return undefined;
  };
  answer.fresh = () => script(...steps);
  return answer;
}

/** Calls one of our tools. */
export function callTool(name: string, input: object): Answer {
  return { blocks: [{ tool: `mcp__plugin_sluice_sluice__${name}`, input }] };
}

/** Uses a tool of the client. */
export function useTool(tool: string, input: object): Answer {
  return { blocks: [{ tool, input }] };
}

/** Runs a shell command. */
export function callBash(command: string): Answer {
  return { blocks: [{ tool: "Bash", input: { command, description: "wait" } }] };
}
