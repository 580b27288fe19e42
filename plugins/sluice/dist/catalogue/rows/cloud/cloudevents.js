/**
 * CloudEvents 1.0 over HTTP, structured, in a batch and binary, as data.
 */
import { defineSender } from "../../sender.js";
// In binary mode the attributes are headers and the body is the data alone.
const toAttribute = (name) => `$header.ce-${name}|${name}|list.0.${name}`;
export const sender = defineSender({
    kind: "cloudevents",
    title: "CloudEvents",
    description: "any event in the CNCF's format: Knative, Argo Events, Tekton, Google Eventarc, your own",
    aliases: ["knative", "eventarc", "cdevents"],
    schemes: ["bearer", "token-header", "basic", "query"],
    each: "list",
    // Only both together are unique.
    id: [toAttribute("source"), toAttribute("id")],
    event: [toAttribute("type")],
    events: {
        "dev.tekton.event": {
            line: "Tekton {name:data.pipelineRun.metadata.name|data.taskRun.metadata.name|data.customRun.metadata.name}: {did}",
            facts: [
                "[namespace {name:data.pipelineRun.metadata.namespace|data.taskRun.metadata.namespace}][, pipeline {name:data.pipelineRun.spec.pipelineRef.name}][, task {name:data.taskRun.spec.taskRef.name}]",
                `[from {long:${toAttribute("source")}}]`,
            ],
            quotes: {
                message: "data.pipelineRun.status.conditions.*.message|data.taskRun.status.conditions.*.message",
            },
            entity: "{name:data.pipelineRun.metadata.namespace|data.taskRun.metadata.namespace}/{name:data.pipelineRun.metadata.name|data.taskRun.metadata.name}",
            severity: [toAttribute("type")],
            severities: {
                "dev.tekton.event.pipelinerun.failed.v1": "error",
                "dev.tekton.event.taskrun.failed.v1": "error",
            },
            normal: ["bad", "pipelinerun.successful.v1"],
            low: ["*"],
            at: ["$header.ce-time", "time"],
        },
        "*": {
            line: `{event}[ about {long:${toAttribute("subject")}}]`,
            facts: [`[from {long:${toAttribute("source")}}]`],
            quotes: { data: "data|list.0.data" },
            rest: { data: "data|list.0.data|" },
            meta: {
                subject: `name:${toAttribute("subject")}`,
                event_source: `name:${toAttribute("source")}`,
            },
            entity: [
                `{name:${toAttribute("source")}} {name:${toAttribute("subject")}}`,
                `{name:${toAttribute("source")}}`,
            ],
            severity: [
                "data.severity",
                "data.level",
                "data.status",
                "data.state",
                "data.outcome",
                "list.0.data.severity",
                "list.0.data.status",
                "severity",
                "level",
                "status",
            ],
            links: [`$header.ce-dataref`, "dataref"],
            at: ["$header.ce-time", "time", "list.0.time"],
        },
    },
    setUp: [
        "Where the sender runs elsewhere, expose the port: cloudflared tunnel --url {origin} (on this machine use {url})",
        "Name https://<your tunnel>{path} as the sink (Knative: sink.uri; Argo Events: an HTTP trigger; Tekton: default-cloud-events-sink), with the header Authorization: Bearer <the token above>",
        "Where the sender can set no header, add the channel with --verify query and name https://<your tunnel>{path}?token=<the secret>",
        "Try it: curl {url} -H 'Authorization: Bearer <token>' -H 'ce-specversion: 1.0' -H 'ce-id: 1' -H 'ce-source: /try' -H 'ce-type: com.example.tried' -H 'content-type: application/json' -d '{}'; sluice tail shows com.example.tried",
    ],
    retries: "as the sender does it; a retry has the same source and id",
    sources: [
        "https://github.com/cloudevents/spec/blob/main/cloudevents/spec.md",
        "https://github.com/cloudevents/spec/blob/main/cloudevents/bindings/http-protocol-binding.md",
        "https://github.com/cloudevents/spec/blob/main/cloudevents/http-webhook.md",
    ],
});
