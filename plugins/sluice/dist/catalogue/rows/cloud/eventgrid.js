/**
 * Azure Event Grid's webhook subscriptions, in its own schema and in CloudEvents', as data.
 */
import { defineSender } from "../../sender.js";
// Its own schema is a list, CloudEvents is one object.
const TYPE = "list.0.eventType|type|list.0.type";
const SUBJECT = "list.0.subject|subject";
const FROM = "list.0.topic|source|list.0.source";
export const sender = defineSender({
    kind: "eventgrid",
    title: "Azure Event Grid",
    description: "events of Azure resources: blobs, deployments, health, alerts, keys and your own topics",
    aliases: ["event-grid", "azure"],
    schemes: ["query", "token-header", "bearer"],
    handshakes: [
        {
            when: { "$header.aeg-event-type": "SubscriptionValidation" },
            code: "validated",
            json: { validationResponse: "{list.0.data.validationCode}" },
        },
    ],
    each: "list",
    id: [FROM, "list.0.id|id"],
    isUnique: true,
    event: [TYPE],
    common: {
        at: ["list.0.eventTime", "time", "list.0.time"],
        facts: [`from {long:${FROM}}`],
        rest: { data: "list.0.data|data" },
        entity: `{long:${SUBJECT}}`,
        links: ["list.0.data.url", "data.url", "list.0.data.portalLink"],
    },
    events: {
        "Microsoft.Storage": {
            line: `{event}: {long:${SUBJECT}}`,
            low: ["*"],
        },
        "Microsoft.Resources": {
            line: `{event}: {name:list.0.data.operationName|data.operationName}`,
            facts: [
                `[{name:list.0.data.status|data.status}][, by {name:list.0.data.claims.name|data.claims.name}]`,
                `on {long:${SUBJECT}}`,
            ],
            quotes: { message: "list.0.data.statusMessage|data.statusMessage" },
            rest: {},
            severity: ["list.0.data.status", "data.status"],
            low: ["ResourceWriteSuccess", "ResourceDeleteSuccess", "ResourceActionSuccess"],
        },
        "Microsoft.KeyVault": {
            line: `{event} in {name:list.0.data.VaultName|data.VaultName}`,
            facts: [
                `[{name:list.0.data.ObjectType|data.ObjectType}][ {name:list.0.data.ObjectName|data.ObjectName}][, expires {time:list.0.data.EXP|data.EXP}]`,
            ],
            rest: {},
            severity: "warning",
        },
        "Microsoft.ResourceNotifications.HealthResources": {
            line: `{event}: {long:${SUBJECT}}`,
            severity: "warning",
        },
        "Microsoft.ContainerRegistry": {
            line: `{event}: {name:list.0.data.target.repository|data.target.repository}[:{ref:list.0.data.target.tag|data.target.tag}]`,
            rest: {},
            low: ["*"],
        },
        "Microsoft.AVS": { line: `{event}: {long:${SUBJECT}}`, severity: "warning" },
        "*": {
            line: `{event}[ about {long:${SUBJECT}}]`,
            severity: [
                "list.0.data.severity",
                "list.0.data.level",
                "list.0.data.status",
                "data.severity",
                "data.level",
                "data.status",
            ],
        },
    },
    setUp: [
        "Expose the port: cloudflared tunnel --url {origin}",
        "Azure portal > your resource > Events > + Event Subscription: Event Schema Event Grid Schema, Endpoint Type Web Hook",
        "Configure an endpoint: Subscriber Endpoint https://<your tunnel>{path}?token=<the secret above>; Sluice answers its validation",
        "Choose the event types, then Create; a batch of events is told one by one",
        "Cause an event, such as an upload of a blob: sluice tail shows it",
    ],
    retries: "30 s for an answer; up to 30 attempts within a day, after 10 s, 30 s, 1 min and longer each time; 400, 401, 403, 404 and 413 are final",
    sources: [
        "https://learn.microsoft.com/en-us/azure/event-grid/end-point-validation-event-grid-events-schema",
        "https://learn.microsoft.com/en-us/azure/event-grid/event-schema",
        "https://learn.microsoft.com/en-us/azure/event-grid/delivery-and-retry",
    ],
});
