/**
 * Which kinds of channel there are, in words.
 *
 * Owns: the words beside a kind. Never: which kinds there are (the catalogues do): one without words here is listed all the same.
 */
import { SENDER_KINDS } from "../../catalogue/senders.ts";
import { OWN_KINDS } from "../../hub/channels/catalogue.ts";

const WORDS: Readonly<Record<string, string>> = {
  webhook: "any program that can POST",
  telegram: "a bot of yours",
  discord: "a bot",
  slack: "a bot",
  whatsapp: "a number of the Cloud API",
  ntfy: "a topic, with --set topic=NAME",
  imessage: "Messages on a Mac",
  email: "a mailbox",
  chat: "the page",
  jobs: "ends of commands under sluice run",
  "mcp-events": "an event of an MCP server",
};

export function toKindsLine(): string {
  const own = OWN_KINDS.map((kind) =>
    WORDS[kind] === undefined ? kind : `${kind} (${WORDS[kind]})`,
  );
  const senders = SENDER_KINDS.filter((kind) => !OWN_KINDS.includes(kind));
  return `${own.join(", ")}; and the senders that Sluice knows: ${senders.join(", ")}`;
}
