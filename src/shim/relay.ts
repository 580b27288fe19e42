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
import type { Fields } from "./mcp-server.ts";

export const RELAY_REQUEST = "notifications/claude/channel/permission_request";
const RELAY_VERDICT = "notifications/claude/channel/permission";
const FIELD_MAX_CHARS = 20_000;

/** Hands a relayed request on. What is no request is nothing: the client asks at the terminal all the same. */
export function relay(link: HubLink, params: Fields): void {
  const text = (key: string): string => {
    const value = params[key];
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
