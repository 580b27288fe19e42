/**
 * Standard Webhooks, for each sender that follows it and has no row of its own, as data.
 */
import { defineSender } from "../../sender.js";
export const sender = defineSender({
    kind: "standard",
    title: "Standard Webhooks",
    description: "any sender that signs by the standard: its events by their type and data",
    aliases: ["standard-webhooks"],
    schemes: ["standard", "standard-v1a"],
    secretPrompt: "the endpoint's signing secret, which begins with whsec_ (its URL is https://<your tunnel>/in/standard)",
    event: ["type|event|event_type"],
    events: {
        "*": {
            line: "{event}[: {name:data.object.name|data.name}]",
            rest: { data: "data|payload|" },
            meta: { object: "id:data.object.id|data.id" },
            severity: ["data.severity", "data.level", "data.status", "data.state"],
            at: ["timestamp", "created_at", "createdAt"],
        },
    },
    setUp: [
        "Expose the port: cloudflared tunnel --url {origin}",
        "In the sender's settings of webhooks add an endpoint with the URL https://<your tunnel>{path}, and choose its events",
        "Copy the endpoint's signing secret (whsec_...; whpk_... for asymmetric signatures, with --verify standard-v1a) and give it to sluice add",
        "Send the sender's test event: sluice tail shows its type",
    ],
    retries: "as the sender does it, most often for some days with growing pauses; a retry has the same webhook-id",
    sources: [
        "https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md",
    ],
});
