import { describeChat } from "./chat.js";
/** JSON.stringify loses nothing of it. */
export function describeChannel({ definition, kind, sources, tools, secrets, }) {
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
function describeSource(source) {
    const { type, name } = source;
    if (type !== "webhook")
        return { type, name };
    const { proof, maxBodyBytes, timeoutMs } = source;
    return {
        type,
        name,
        suffix: source.source.name === undefined ? "" : `.${source.source.name}`,
        proof: proof.kind === "scheme"
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
