/**
 * Prompts that the session has arranged for later: the client hands them over like typed ones.
 *
 * Owns: the list of these prompts, as far as hooks show them. Never: decides who wrote a prompt (sdk/typed-prompt.ts).
 *
 * The list comes at the end of each turn, and from the calls that arrange: a turn that is stopped or interrupted has no end.
 */

const TOOLS = /^(?:CronCreate|ScheduleWakeup)$/;
/** Of one; the client lists no more of it either. */
const MAX_CHARS = 1_000;
const MAX_PROMPTS = 200;

export class Scheduled {
  prompts: readonly string[] = [];

  /** Takes what the fields of a hook's input say of it. */
  note(input: Readonly<Record<string, unknown>>): void {
    const { event, crons, tool, tool_input: toolInput } = input;
    if (event === "Stop") {
      const listed = parse(crons);
      // A plugin of an older version does not pass it on: then nothing is known anew.
      if (Array.isArray(listed)) this.prompts = listed.flatMap(toPrompt).slice(0, MAX_PROMPTS);
    } else if (event === "PostToolUse" && typeof tool === "string" && TOOLS.test(tool)) {
      const added = toPrompt(parse(toolInput));
      this.prompts = [...this.prompts, ...added].slice(-MAX_PROMPTS);
    }
  }
}

function toPrompt(value: unknown): string[] {
  const prompt =
    typeof value === "object" && value !== null && "prompt" in value ? value.prompt : undefined;
  if (typeof prompt !== "string" || prompt.trim() === "") return [];
  const more = prompt.length - MAX_CHARS;
  // One that the client has cut carries its own mark.
  return [more <= 50 ? prompt : `${prompt.slice(0, MAX_CHARS)} …[+${more} chars]`];
}

function parse(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    // Not JSON, so nothing that was arranged.
    return undefined;
  }
}
