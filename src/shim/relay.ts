/**
 * The client's relay of permission requests, `claude/channel/permission`: for clients that use us as a channel.
 *
 * Owns: the form of its two notifications. Never: decides; announces it (shim.ts).
 *
 * The client relays to channels that are registered with it and announce the capability; it takes the first answer, ours or the local
 * one, and does not say which. https://code.claude.com/docs/en/channels-reference#relay-permission-prompts
 */
import { read } from "../api/client/client.ts";
import type { HubLink, RelayedVerdict } from "./link.ts";

export const RELAY_REQUEST = "notifications/claude/channel/permission_request";
const RELAY_VERDICT = "notifications/claude/channel/permission";
const FIELD_MAX_CHARS = 20_000;

/** A notification's parameters as they come: a field that is missing or of another kind is empty text. */
export const RELAY_PARAMS = {
  params: {
    "~standard": {
      version: 1,
      vendor: "sluice",
      validate: (value: unknown) => ({ value }),
    },
  },
} as const;

/** Hands a relayed request on. What is no request is nothing: the client asks at the terminal all the same. */
export function relay(link: HubLink, params: unknown): void {
  const fields = typeof params === "object" && params !== null ? { ...params } : {};
  const text = (key: string): string => {
    const value: unknown = (fields as Record<string, unknown>)[key];
    return typeof value === "string" ? value.slice(0, FIELD_MAX_CHARS) : "";
  };
  const json = {
    requestId: text("request_id"),
    tool: text("tool_name").slice(0, 256),
    description: text("description"),
    preview: text("input_preview"),
  };
  if (!/^[a-zA-Z]{5}$/.test(json.requestId) || json.tool === "") return;
  void link.inOrder((api, id) =>
    read(api.attachments[":id"].relays.$post({ param: { id }, json })),
  );
}

export function toRelayVerdict({ requestId, behavior }: RelayedVerdict) {
  return { method: RELAY_VERDICT, params: { request_id: requestId, behavior } };
}
