const ALWAYS = { "anthropic/alwaysLoad": true };
export function toToolList({ kind, reply, tools }) {
    const inbox = {
        name: "inbox",
        description: `Read the events of ${kind} that wait for this session, at most 8 a call.`,
        inputSchema: { type: "object", properties: {} },
    };
    const details = {
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
    const answer = {
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
    const own = tools.map(({ name, description, inputSchema }) => ({
        name,
        description,
        inputSchema: { ...inputSchema, type: "object" },
    }));
    return [...(reply === "none" ? [] : [answer]), inbox, details, ...own];
}
