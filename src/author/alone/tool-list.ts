/**
 * The tools of a channel that runs alone, as the model reads them.
 *
 * Owns: the words of `inbox`, `details` and `reply`. Never: behaviour.
 */
import type { ChannelOutline } from "../../sdk/author/describe.ts";

const ALWAYS = { "anthropic/alwaysLoad": true };

type Listed = {
  name: string;
  description: string;
  inputSchema: { type: "object"; [key: string]: unknown };
  _meta?: Record<string, unknown>;
};

export function toToolList({ kind, reply, tools }: ChannelOutline): Listed[] {
  const inbox: Listed = {
    name: "inbox",
    description: `Read the events of ${kind} that wait for this session, at most 8 a call.`,
    inputSchema: { type: "object", properties: {} },
  };
  const details: Listed = {
    name: "details",
    description: `Read one event of ${kind} whole. Without event_id: all that there is to know about the channel.`,
    inputSchema: {
      type: "object",
      properties: {
        event_id: { type: "string", description: "evt_..." },
        offset: { type: "integer", description: "where the next page starts" },
      },
    },
  };
  const answer: Listed = {
    name: "reply",
    description: "Answer in an event's own conversation and close it.",
    inputSchema: {
      type: "object",
      properties: {
        event_id: { type: "string", description: "evt_..." },
        text: { type: "string" },
      },
      required: ["event_id", "text"],
    },
    _meta: ALWAYS,
  };
  const own = tools.map(
    ({ name, description, inputSchema }): Listed => ({
      name,
      description,
      inputSchema: { ...inputSchema, type: "object" },
    }),
  );
  return [...(reply === "none" ? [] : [answer]), inbox, details, ...own];
}
