/**
 * The `mcp-events` kind: one event of any MCP server that offers events (io.modelcontextprotocol/events).
 *
 * Owns: the definition. Never: the wire (http.ts, stdio.ts) or the subscription (follow.ts).
 */
import { defineKind } from "../../sdk/channel.js";
import { isCommand } from "./server.js";
export const mcpEvents = defineKind({
    kind: "mcp-events",
    title: "MCP Events",
    description: "One event of an MCP server, by its address or the command that starts it",
    ack: "auto",
    schemes: ["mcp"],
    maxBodyBytes: 1024 * 1024,
    canReply: false,
    settings: [
        {
            name: "server",
            description: "Its address, or the command that starts it (a JSON list, or words)",
            pattern: /^[^\0\n]{1,2000}$/u,
        },
        {
            name: "event",
            description: "The event, as the server lists it",
            pattern: /^[^\s\0]{1,200}$/u,
        },
        { name: "args", description: "Its arguments, as JSON", pattern: /^\{.*\}$/su },
    ],
    nextStep: '"sluice tail" shows what comes, "sluice remove {name}" ends it',
    runsPrograms: ({ server = "" }) => isCommand(server),
    async check(_secret, settings) {
        (await import("./follow.js")).readSettings(settings);
        return undefined;
    },
    open: async (context) => (await import("./follow.js")).openSubscription(context),
});
