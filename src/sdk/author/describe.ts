/**
 * A channel as plain data: what can be told of it without running it, over a pipe or in a list.
 *
 * Owns: that shape. Never: a secret's value, or anything that runs.
 */
import type { AckPolicy, Priority } from "../event.ts";
import type { SchemeName } from "../../verify/schemes.ts";
import { type ChatOutline, describeChat } from "./chat.ts";
import type { AuthorChannel, NamedSource } from "./definition.ts";

export type ToolOutline = {
  name: string;
  description: string;
  inputSchema: Record<string, unknown>;
};

/** `proof`: where it is a scheme, whoever holds the port checks it; `own` is checked where the channel runs. */
export type SourceOutline =
  | {
      type: "webhook";
      name: string;
      /** Its address is `/in/<channel>` and this: `.orders` for a source with the name `orders`, empty for one without. */
      suffix: string;
      proof:
        | { kind: "scheme"; scheme: SchemeName; header?: string; secrets: string[] }
        | { kind: "made" | "local" | "own" };
      maxBodyBytes: number;
      timeoutMs: number;
    }
  | { type: "service" | "observe" | "schedule"; name: string };

export type ChannelOutline = {
  kind: string;
  title: string;
  description: string;
  instructions: string;
  attributes: Record<string, string>;
  sources: SourceOutline[];
  /** Names of its secrets. */
  secrets: string[];
  /** `stream`: replies go out on the channel's own stream alone. */
  reply: "none" | "stream" | "handler";
  /** Where it says what it can do besides. */
  chat?: ChatOutline;
  tools: ToolOutline[];
  permission: boolean;
  ack: AckPolicy;
  priority: Priority;
  ttlMs?: number;
  target?: string;
};

/** JSON.stringify loses nothing of it. */
export function describeChannel({
  definition,
  kind,
  sources,
  tools,
  secrets,
}: AuthorChannel): ChannelOutline {
  const { title, description, reply, chat, ttlMs, target } = definition;
  return {
    kind,
    title: title ?? kind,
    description: description ?? title ?? `the channel ${kind}`,
    instructions: definition.instructions ?? "",
    attributes: { ...definition.attributes },
    sources: sources.map(describeSource),
    secrets: [...secrets],
    reply: reply === undefined ? "none" : reply === true ? "stream" : "handler",
    ...(chat === undefined ? {} : { chat: describeChat(chat) }),
    tools: Array.from(tools, ([name, { tool, inputSchema }]) => ({
      name,
      description: tool.description,
      inputSchema,
    })),
    permission: definition.permission ?? false,
    ack: definition.ack ?? (reply === undefined ? "auto" : "reply"),
    priority: definition.priority ?? "normal",
    ...(ttlMs === undefined ? {} : { ttlMs }),
    ...(target === undefined ? {} : { target }),
  };
}

function describeSource(source: NamedSource): SourceOutline {
  const { type, name } = source;
  if (type !== "webhook") return { type, name };
  const { proof, maxBodyBytes, timeoutMs } = source;
  return {
    type,
    name,
    suffix: source.source.name === undefined ? "" : `.${source.source.name}`,
    proof:
      proof.kind === "scheme"
        ? {
            kind: proof.kind,
            scheme: proof.scheme,
            ...(proof.header === undefined ? {} : { header: proof.header }),
            secrets: proof.secrets.map((ref) => ref.env),
          }
        : { kind: proof.kind },
    maxBodyBytes,
    timeoutMs,
  };
}
