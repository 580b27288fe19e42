/**
 * Notion's webhook subscriptions, as data.
 */
import { BODY_HEX } from "../../schemes.js";
import { defineSender } from "../../sender.js";
const BY = "[ by a {word:authors.0.type}][ in workspace {name:workspace_name}]";
export const sender = defineSender({
    kind: "notion",
    title: "Notion",
    description: "comments, and pages and databases as they change; what changed is asked of Notion's API",
    schemes: ["notion"],
    ownSchemes: {
        notion: {
            ...BODY_HEX,
            title: "Notion",
            proof: { header: "x-notion-signature", prefix: "sha256=", separator: "" },
            deliveryId: "none",
        },
    },
    secretPrompt: "verification_token, secret_... (Notion posts it once to the address of a new webhook subscription; to see it, stop sluice and listen on its port: node -e \"require('http').createServer((q,s)=>{q.pipe(process.stdout);s.end()}).listen(PORT)\")",
    // Each attempt has another body, with the same id.
    id: "id",
    event: ["type"],
    actor: { id: "authors.0.id", name: "authors.0.name" },
    common: {
        meta: { id: "id:entity.id", entity_type: "code:entity.type" },
        links: ["https://www.notion.so/{exact:entity.id}"],
        at: ["timestamp"],
    },
    events: {
        comment: {
            line: `Comment {did}${BY}`,
            facts: [
                "[on block {id:data.*(type=block).id}][, page {id:data.page_id}][, comment {id:entity.id}]",
            ],
            entity: ["page {id:data.page_id}", "comment {id:entity.id}"],
            links: ["https://www.notion.so/{exact:data.page_id}"],
            low: ["deleted"],
        },
        page: {
            line: {
                content_updated: `Page's content changed${BY}`,
                properties_updated: `Page's properties changed${BY}`,
                "*": `Page {did}${BY}`,
            },
            facts: [
                "[page {id:entity.id}][, in {word:data.*(type=page,database,data_source,block).type} {id:data.*(type=page,database,data_source,block).id}][, properties {name:data.updated_properties.*}][, blocks {size:data.updated_blocks}]",
            ],
            entity: "page {id:entity.id}",
            low: ["*"],
        },
        database: {
            line: `Database {did}${BY}`,
            facts: [
                "[database {id:entity.id}][, in {word:data.*(type=page,database,data_source,block).type} {id:data.*(type=page,database,data_source,block).id}][, properties {name:data.updated_properties.*.name}]",
            ],
            entity: "database {id:entity.id}",
            normal: ["schema_updated"],
            low: ["*"],
        },
        data_source: {
            line: `Data source {did}${BY}`,
            facts: [
                "[data source {id:entity.id}][, in {word:data.*(type=page,database,data_source,block).type} {id:data.*(type=page,database,data_source,block).id}][, properties {name:data.updated_properties.*.name}]",
            ],
            entity: "data source {id:entity.id}",
            normal: ["schema_updated"],
            low: ["*"],
        },
    },
    setUp: [
        "Expose the port: cloudflared tunnel --url {origin}",
        "Notion > Settings > Connections > Develop or manage integrations > yours > Webhooks > Create a subscription: Webhook URL https://<your tunnel>{path}, the events you act on (comment.created needs the capability Read comments)",
        "Verify subscription: paste the verification_token, the same that sluice has",
        "Share a page with the integration and comment on it: sluice tail shows comment.created",
    ],
    retries: "up to eight tries with growing pauses, the last about a day later; the events of an edit are gathered for up to a minute",
    sources: [
        "https://developers.notion.com/reference/webhooks",
        "https://developers.notion.com/reference/webhooks-events-delivery",
    ],
});
