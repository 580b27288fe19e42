// One request as the client sent it to the model, parsed and sorted by purpose.
// Owns the classification; never answers anything.
import type { IncomingMessage } from "node:http";

type RequestKind = "main" | "subagent" | "classifier" | "side" | "other";

export type ApiRequest = {
  at: number;
  kind: RequestKind;
  method: string;
  path: string;
  headers: Record<string, string>;
  model: string;
  stream: boolean;
  /** The whole body, parsed; `undefined` where it was not JSON. */
  body: MessagesBody | undefined;
  /** Everything the model would read as messages, roles and texts only. */
  messages: { role: string; text: string }[];
  toolNames: string[];
};

type MessagesBody = {
  model?: string;
  stream?: boolean;
  system?: unknown;
  messages?: { role: string; content: unknown }[];
  tools?: { name?: string; description?: string; input_schema?: unknown }[];
  [key: string]: unknown;
};

export function toApiRequest(request: IncomingMessage, text: string): ApiRequest {
  const path = (request.url ?? "/").split("?")[0] ?? "/";
  const body = parseBody(text);
  const toolNames = (body?.tools ?? []).flatMap((tool) => (tool.name ? [tool.name] : []));
  return {
    at: Date.now(),
    kind: toKind(path, body, request),
    method: request.method ?? "GET",
    path,
    headers: toHeaders(request),
    model: body?.model ?? "",
    stream: body?.stream === true,
    body,
    messages: (body?.messages ?? []).map(({ role, content }) => ({ role, text: toText(content) })),
    toolNames,
  };
}

/** The text of a message's content, a system prompt, or a tool result. */
export function toText(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return content === undefined ? "" : JSON.stringify(content);
  return content.map(toBlockText).join("\n");
}

/** All that the model would read in this request's messages, in order. */
export function toRead(request: ApiRequest): string {
  return request.messages.map(({ text }) => text).join("\n");
}

/**
 * What the newest user message says, unless a tool result is the last thing in it.
 * After an interruption the client puts the next prompt behind the old tool result.
 */
export function toPrompt(request: ApiRequest): string | undefined {
  const last = request.body?.messages?.findLast(({ role }) => role === "user");
  if (!last || !Array.isArray(last.content)) return last && toText(last.content);
  const isResult = (block: unknown): boolean =>
    typeof block === "object" && block !== null && "type" in block && block.type === "tool_result";
  const prompt = last.content.slice(last.content.findLastIndex(isResult) + 1);
  return prompt.length > 0 ? toText(prompt) : undefined;
}

function toBlockText(block: unknown): string {
  if (typeof block !== "object" || block === null) return String(block);
  if ("type" in block && block.type === "text" && "text" in block) return String(block.text);
  if ("type" in block && block.type === "tool_result" && "content" in block)
    return `[tool_result] ${toText(block.content)}`;
  return JSON.stringify(block);
}

function toKind(
  path: string,
  body: MessagesBody | undefined,
  request: IncomingMessage,
): RequestKind {
  if (!path.endsWith("/v1/messages") || !body) return "other";
  // Subagents say who they are; the conversation itself sends no such header.
  if (request.headers["x-claude-code-agent-id"]) return "subagent";
  // Only agents have tools: titles, summaries and the auto-mode check have none.
  if (body.tools && body.tools.length > 0) return "main";
  return toText(body.system).includes("security monitor") ? "classifier" : "side";
}

function parseBody(text: string): MessagesBody | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    // The client is the only writer here; fields are read defensively above.
    return JSON.parse(text) as MessagesBody;
  } catch {
    // Not JSON (telemetry bodies may be anything): kept as a request without a body.
    return undefined;
  }
}

function toHeaders(request: IncomingMessage): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers))
    if (name !== "x-api-key" && name !== "authorization") kept[name] = String(value);
  return kept;
}
