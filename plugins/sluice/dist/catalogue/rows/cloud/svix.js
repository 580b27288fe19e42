import { defineSender } from "../../sender.js";
const AT = ["timestamp", "created_at", "data.created_at"];
// Nobody's mail address: who it was for stands in the sender's own page.
const toMail = (did, row = {}) => ({
    line: `Mail ${did}`,
    facts: ["[to {size:data.to} recipients][, id {id:data.email_id}]"],
    quotes: {
        subject: "data.subject",
        reason: "data.bounce.message|data.failed.reason|data.suppressed.message",
        type: { line: "{data.bounce.type}[, {data.bounce.subType}]" },
    },
    entity: "mail {name:data.email_id}",
    at: AT,
    ...row,
});
export const sender = defineSender({
    kind: "svix",
    title: "Svix (Clerk, Resend and others)",
    description: "events of senders that use Svix: users and sessions of Clerk, mails of Resend, any other",
    aliases: ["clerk", "resend"],
    // Its headers are the standard's under other names.
    schemes: ["standard"],
    secretPrompt: "the endpoint's signing secret, which begins with whsec_ (Clerk: Configure > Webhooks; Resend: Webhooks; its URL is https://<your tunnel>/in/svix)",
    event: ["type|eventType|event_type|event"],
    common: { at: AT },
    events: {
        // Clerk.
        user: {
            line: "User[ {name:data.first_name}][ {name:data.last_name}][ ({name:data.username})] {did}",
            facts: ["[id {id:data.id}][, deleted {lower:data.deleted}]"],
            entity: "user {id:data.id}",
            low: ["updated"],
        },
        session: {
            line: "Session {did}",
            facts: ["[user {id:data.user_id}][, {lower:data.status}]"],
            entity: "user {id:data.user_id}",
            low: ["*"],
        },
        organization: {
            line: "Organization {name:data.name|data.id} {did}",
            facts: ["[slug {name:data.slug}][, members {count:data.members_count}]"],
            entity: "organization {name:data.slug|data.id}",
            low: ["updated"],
        },
        organizationMembership: {
            line: "Membership of {name:data.organization.name} {did}",
            facts: [
                "[{name:data.public_user_data.first_name} ][{name:data.public_user_data.last_name} ]as {name:data.role}",
            ],
            low: ["*"],
        },
        organizationInvitation: {
            line: "Invitation to an organization {did}",
            facts: ["[role {name:data.role}][, {lower:data.status}]"],
            low: ["*"],
        },
        // Its subject and text hold one-time codes.
        "email.created": {
            line: "Clerk had a mail sent: {name:data.slug|=of its own}",
            facts: ["[user {id:data.user_id}][, {lower:data.status}]"],
            low: ["*"],
        },
        "sms.created": {
            line: "Clerk had a text message sent: {name:data.slug|=of its own}",
            facts: ["[user {id:data.user_id}][, {lower:data.status}]"],
            low: ["*"],
        },
        // Resend.
        "email.bounced": toMail("bounced", { severity: "warning" }),
        "email.complained": toMail("was marked as spam", { severity: "warning" }),
        "email.failed": toMail("failed", { severity: "error" }),
        "email.suppressed": toMail("was not sent: its recipient is suppressed", {
            severity: "warning",
        }),
        "email.delivery_delayed": toMail("is delayed", { severity: "warning" }),
        "email.received": toMail("received", {
            facts: ["[{size:data.attachments} attachments][, id {id:data.email_id}]"],
        }),
        email: toMail("{did}", { low: ["*"] }),
        domain: {
            line: "Domain {name:data.name} {did}",
            facts: ["status {lower:data.status}"],
            entity: "domain {name:data.name}",
            severity: ["data.status"],
        },
        contact: { line: "Contact {did}", facts: ["[id {id:data.id}]"], low: ["*"] },
        // Svix itself.
        endpoint: {
            line: "Svix endpoint {did}",
            facts: [
                "[app {id:data.appUid|data.appId}][, endpoint {id:data.endpointUid|data.endpointId}][, failing since {time:data.failSince}]",
            ],
            entity: "endpoint {name:data.endpointId}",
            low: ["created", "updated", "deleted", "enabled"],
        },
        "endpoint.disabled": {
            line: "Svix endpoint disabled after failures",
            facts: [
                "[app {id:data.appUid|data.appId}][, endpoint {id:data.endpointUid|data.endpointId}][, failing since {time:data.failSince}]",
            ],
            entity: "endpoint {name:data.endpointId}",
            severity: "error",
        },
        "message.attempt": {
            line: "Svix message attempt {did}",
            facts: [
                "[app {id:data.appUid|data.appId}][, endpoint {id:data.endpointId}][, message {id:data.msgId}][, answer {count:data.lastAttempt.responseStatusCode}]",
            ],
            entity: "endpoint {name:data.endpointId}",
            stateOf: ["data.endpointId", "data.msgId"],
            severity: ["type"],
            severities: {
                "message.attempt.exhausted": "error",
                "message.attempt.failing": "warning",
            },
            low: ["recovered"],
        },
        "*": {
            line: "{event}[: {name:data.name|data.title}]",
            rest: { data: "data|payload|" },
            meta: { object: "id:data.id" },
            severity: ["data.severity", "data.level", "data.status", "data.state"],
        },
    },
    setUp: [
        "Expose the port: cloudflared tunnel --url {origin}",
        "Clerk: Configure > Webhooks > Add Endpoint; Resend: Webhooks > Add Webhook; others: their page of webhooks. Endpoint URL https://<your tunnel>{path}, choose the events",
        "Open the endpoint, copy its Signing Secret (whsec_...), and give it to sluice add",
        "Testing > Send Example: sluice tail shows its type",
    ],
    retries: "15 s for an answer; again after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 10 h, with the same svix-id; five days of failures disable the endpoint",
    sources: [
        "https://docs.svix.com/receiving/verifying-payloads/how-manual",
        "https://docs.svix.com/retries",
        "https://clerk.com/docs/webhooks/overview",
        "https://resend.com/docs/dashboard/webhooks/event-types",
    ],
});
