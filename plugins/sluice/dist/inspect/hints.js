import { toObject } from "../sdk/json.js";
/** All that the protocol has, and the two of channels. */
const KNOWN = new Set([
    "claude/channel",
    "claude/channel/permission",
    "cancelled",
    "elicitation/complete",
    "message",
    "progress",
    "prompts/list_changed",
    "resources/list_changed",
    "resources/updated",
    "tasks/status",
    "tools/list_changed",
].map((name) => `notifications/${name}`));
const TOOL_NAME = /^[A-Za-z0-9_.-]{1,128}$/;
const MODEL_NAME = /^[A-Za-z0-9_-]{1,64}$/;
export function findNotificationHint(method, params) {
    if (!KNOWN.has(method)) {
        const shown = JSON.stringify(method).slice(0, 100);
        return /channel/i.test(method)
            ? `${shown} is no notification that a client knows; events are sent as "notifications/claude/channel"`
            : `${shown} is no notification that a client knows: it is ignored`;
    }
    if (method !== "notifications/claude/channel")
        return undefined;
    const { content, meta } = params;
    if (typeof meta === "object" && meta !== null && Object.hasOwn(meta, "source"))
        return "meta.source stands twice in the tag: source is always the server's configured name; use another key";
    if (content === "")
        return "an event has an empty content: the model reads a tag with nothing in it";
    return undefined;
}
export function listTools(result) {
    const given = toObject(result)["tools"];
    const entries = Array.isArray(given) ? given.map(toObject) : [];
    const tools = entries.flatMap(({ name, description, inputSchema }) => typeof name === "string"
        ? [
            {
                name,
                description: typeof description === "string" ? description : "",
                schema: toObject(inputSchema),
            },
        ]
        : []);
    return { tools, nameless: entries.length - tools.length };
}
export function findToolHints({ tools, nameless }) {
    return [
        ...(nameless > 0
            ? [`listed tools without a name that is text, which are left out: ${nameless}`]
            : []),
        ...tools
            .filter(({ name }) => !MODEL_NAME.test(name))
            .map(({ name }) => {
            const shown = JSON.stringify(name).slice(0, 100);
            return TOOL_NAME.test(name)
                ? `the tool name ${shown} has a dot or more than 64 characters: not every client shows it to its model`
                : `the tool name ${shown} is none by MCP: 1 to 128 of A-Z a-z 0-9 _ - .`;
        }),
        ...tools
            .filter(({ schema }) => schema["type"] !== "object")
            .map(({ name }) => `the inputSchema of the tool ${JSON.stringify(name).slice(0, 100)} is not of type object: the MCP SDK's clients refuse the whole list for it`),
    ];
}
