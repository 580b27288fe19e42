/**
 * Tools of subscriptions, as the model reads them. Listed, but loaded by the client only when it looks for them.
 */
const selector = {
  channel: { type: "string", description: "the channel's name" },
  entity: { type: "string", description: "one thing only, as owner/name#12" },
  pattern: { type: "string", description: "of the entity or kind; * stands for anything" },
};

export const WATCH_TOOLS = [
  {
    name: "watch",
    description:
      "Ask for outside events: a channel's, one entity's (a pull request, an alert), or by pattern. They come to this session, also after a resume. Without arguments: lists the subscriptions.",
    inputSchema: {
      type: "object" as const,
      properties: {
        ...selector,
        until: { type: "string", enum: ["merged", "closed", "done"] },
      },
    },
  },
  {
    name: "unwatch",
    description: "End a subscription.",
    inputSchema: { type: "object" as const, properties: selector, required: ["channel"] },
  },
];
