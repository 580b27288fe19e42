/**
 * Tools of chats, as the model reads them. Listed, but loaded by the client only when it looks for them.
 */
const eventId = { type: "string", description: "evt_..." };
const files = {
  type: "array",
  items: { type: "string" },
  description: "paths in this project or in the outbox folder of Sluice, at most 10",
};

export const FILES_PROPERTY = files;

export const CHAT_TOOLS = [
  {
    name: "send",
    description:
      "Begin a conversation in a chat that the owner has listed as a contact. To answer somebody use reply.",
    inputSchema: {
      type: "object" as const,
      properties: {
        channel: { type: "string", description: "the channel's name" },
        chat: { type: "string", description: "the chat's id" },
        text: { type: "string" },
        files,
      },
      required: ["channel", "chat", "text"],
    },
  },
  {
    name: "react",
    description:
      "Put a reaction (an emoji) on the message of an event; an empty one takes it back.",
    inputSchema: {
      type: "object" as const,
      properties: { event_id: eventId, reaction: { type: "string" } },
      required: ["event_id", "reaction"],
    },
  },
  {
    name: "edit_message",
    description:
      "Change the text of a message that reply or send has sent, to show progress. Edits notify nobody: send the end as a new reply.",
    inputSchema: {
      type: "object" as const,
      properties: {
        message: { type: "string", description: "msg_..., as reply or send returned it" },
        event_id: { type: "string", description: "or the event whose answer is meant" },
        text: { type: "string" },
      },
      required: ["text"],
    },
  },
  {
    name: "download_attachment",
    description: "Fetch a file that came with an event; gives its path on this machine.",
    inputSchema: {
      type: "object" as const,
      properties: {
        event_id: eventId,
        index: { type: "integer", description: "which one, from 1" },
      },
      required: ["event_id"],
    },
  },
];
