/**
 * Meta's webhooks (WhatsApp, pages, Instagram), as data.
 */
import { BODY_HEX } from "../../schemes.js";
import { defineSender } from "../../sender.js";
const ALL = "entry.*.changes.*.value";
const ONE = "entry.0.changes.0.value";
const NUMBER = `[ (number {name:${ALL}.metadata.display_phone_number|${ALL}.display_phone_number})]`;
const CHAT = "entry.*.messaging.*";
/** One row for each outcome of messages that we sent. A batch may hold several. */
const STATUSES = {
    facts: [`[error {number:${ALL}.statuses.*.errors.*.code}][, account {id:entry.0.id}]`],
    quotes: {
        messages: {
            of: `${ALL}.statuses.*`,
            line: "{status} to {recipient_id}[: {errors.0.title|errors.0.message}][, {errors.0.error_data.details}]",
        },
    },
    entity: `messages to {id:${ONE}.statuses.0.recipient_id}`,
    at: [`${ONE}.statuses.0.timestamp`],
};
export const sender = defineSender({
    kind: "meta",
    title: "Meta",
    description: "WhatsApp messages and their delivery, templates and numbers; comments and messages of pages and Instagram",
    aliases: ["facebook", "instagram"],
    schemes: ["meta"],
    ownSchemes: {
        meta: {
            ...BODY_HEX,
            title: "Meta",
            proof: { header: "x-hub-signature-256", prefix: "sha256=", separator: "" },
            deliveryId: "none",
        },
    },
    secretPrompt: "App secret (developers.facebook.com > your app > App settings > Basic)",
    preflight: {
        when: { "hub.mode": "subscribe" },
        token: "hub.verify_token",
        echo: "hub.challenge",
        code: "challenge",
    },
    answer: { status: 200 },
    maxBodyBytes: 3 * 1024 * 1024,
    event: [
        "object",
        "entry.0.changes.0.field|=messages?entry.0.messaging.0.message.mid|=messaging?entry.0.messaging.0.sender.id",
        `${ONE}.statuses.0.status|${ONE}.event|${ONE}.verb`,
    ],
    actor: {
        id: `${ONE}.messages.0.from|${ONE}.from.id|entry.0.messaging.0.sender.id`,
        name: `${ONE}.contacts.0.profile.name|${ONE}.from.name|${ONE}.from.username`,
    },
    common: { at: [`${ONE}.messages.0.timestamp`, `${ONE}.created_time`, "entry.0.time"] },
    events: {
        "whatsapp_business_account.messages": {
            line: `WhatsApp message from {name:${ALL}.contacts.*.profile.name|${ALL}.messages.*.from}[, {lower:${ALL}.messages.*.type}]${NUMBER}`,
            facts: [`[from {id:${ALL}.messages.*.from}][, account {id:entry.0.id}]`],
            quotes: {
                messages: {
                    of: `${ALL}.messages.*`,
                    line: "{text.body|button.text|interactive.button_reply.title|interactive.list_reply.title|image.caption|video.caption|document.caption|document.filename|reaction.emoji|location.name|order.text|system.body|errors.0.title|type}",
                },
                errors: { of: `${ALL}.errors.*`, line: "{title|message}[: {error_data.details}]" },
            },
            meta: { message_id: `id:${ONE}.messages.0.id`, type: `code:${ONE}.messages.0.type` },
            entity: `WhatsApp chat with {id:${ONE}.messages.0.from}`,
        },
        "whatsapp_business_account.messages.failed": {
            line: `WhatsApp message not delivered to {id:${ALL}.statuses.*.recipient_id}${NUMBER}`,
            ...STATUSES,
            severity: "error",
        },
        "whatsapp_business_account.messages.sent": {
            line: `WhatsApp message sent to {id:${ALL}.statuses.*.recipient_id}${NUMBER}`,
            ...STATUSES,
            low: ["*"],
        },
        "whatsapp_business_account.messages.delivered": {
            line: `WhatsApp message delivered to {id:${ALL}.statuses.*.recipient_id}${NUMBER}`,
            ...STATUSES,
            low: ["*"],
        },
        "whatsapp_business_account.messages.read": {
            line: `WhatsApp message read by {id:${ALL}.statuses.*.recipient_id}${NUMBER}`,
            ...STATUSES,
            low: ["*"],
        },
        "whatsapp_business_account.message_template_status_update": {
            line: `WhatsApp template {name:${ONE}.message_template_name} {did}[ ({name:${ONE}.message_template_language})]`,
            facts: [
                `[reason {lower:${ONE}.reason}][, template {id:${ONE}.message_template_id}][, until {time:${ONE}.disable_info.disable_date}]`,
            ],
            quotes: { more: `${ONE}.other_info.description|${ONE}.other_info.title` },
            entity: `template {name:${ONE}.message_template_name} {name:${ONE}.message_template_language}`,
            severity: [`${ONE}.event`],
            severities: {
                disabled: "error",
                paused: "warning",
                flagged: "warning",
                pending_deletion: "warning",
            },
        },
        "whatsapp_business_account.message_template_quality_update": {
            line: `WhatsApp template {name:${ONE}.message_template_name}: quality {lower:${ONE}.new_quality_score}[, was {lower:${ONE}.previous_quality_score}]`,
            facts: [
                `[language {name:${ONE}.message_template_language}][, template {id:${ONE}.message_template_id}]`,
            ],
            entity: `template {name:${ONE}.message_template_name}`,
            severity: [`${ONE}.new_quality_score`],
            severities: { red: "error", yellow: "warning" },
        },
        "whatsapp_business_account.phone_number_quality_update": {
            line: `WhatsApp number {name:${ONE}.display_phone_number}: {did}[, limit {lower:${ONE}.current_limit}]`,
            facts: [`[account {id:entry.0.id}][, was {lower:${ONE}.old_limit}]`],
            entity: `number {name:${ONE}.display_phone_number}`,
            severity: [`${ONE}.event`],
            severities: { flagged: "warning", downgrade: "warning" },
        },
        "whatsapp_business_account.account_update": {
            line: `WhatsApp account {id:entry.0.id}: {did}[, number {name:${ONE}.phone_number}]`,
            facts: [
                `[{lower:${ONE}.ban_info.waba_ban_state}][ from {name:${ONE}.ban_info.waba_ban_date}][, violation {lower:${ONE}.violation_info.violation_type}][, restriction: {lower:${ONE}.restriction_info.*.restriction_type}][ until {time:${ONE}.restriction_info.0.expiration}]`,
            ],
            entity: "WhatsApp account {id:entry.0.id}",
            severity: [`${ONE}.event`],
            severities: {
                disabled_update: "error",
                account_restriction: "error",
                account_violation: "warning",
                account_deleted: "error",
            },
        },
        "whatsapp_business_account.account_alerts": {
            line: `WhatsApp account alert: {lower:${ONE}.alert_info.alert_type|${ONE}.alert_type}[, {lower:${ONE}.alert_info.alert_severity|${ONE}.alert_severity}][, {lower:${ONE}.alert_info.alert_status|${ONE}.alert_status}]`,
            quotes: { alert: `${ONE}.alert_info.alert_description|${ONE}.alert_description` },
            entity: "WhatsApp account {id:entry.0.id}",
            severity: [`${ONE}.alert_info.alert_severity|${ONE}.alert_severity`],
        },
        "page.feed": {
            line: `Page: {lower:${ONE}.item|=post} {did}[ by {name:${ONE}.from.name}]`,
            facts: [
                `[page {id:entry.0.id}][, post {id:${ONE}.post_id}][, comment {id:${ONE}.comment_id}]`,
            ],
            quotes: { message: `${ONE}.message|${ONE}.reaction_type` },
            links: [`${ONE}.post.permalink_url`, `https://www.facebook.com/{exact:${ONE}.post_id}`],
        },
        "page.leadgen": {
            line: `Lead {id:${ONE}.leadgen_id} of form {id:${ONE}.form_id}`,
            facts: [`[page {id:${ONE}.page_id}][, ad {id:${ONE}.ad_id}]`],
        },
        "page.messages": {
            line: `Messenger message from {id:${CHAT}.sender.id}`,
            facts: [`[page {id:entry.0.id}][, {lower:${CHAT}.message.attachments.*.type}]`],
            quotes: { messages: `${CHAT}.message.text` },
            entity: "Messenger chat with {id:entry.0.messaging.0.sender.id}",
            at: ["entry.0.messaging.0.timestamp"],
        },
        "instagram.messages": {
            line: `Instagram message from {id:${CHAT}.sender.id}`,
            facts: [`[account {id:entry.0.id}][, {lower:${CHAT}.message.attachments.*.type}]`],
            quotes: { messages: `${CHAT}.message.text` },
            entity: "Instagram chat with {id:entry.0.messaging.0.sender.id}",
            at: ["entry.0.messaging.0.timestamp"],
        },
        "instagram.comments": {
            line: `Instagram comment by {name:${ONE}.from.username}`,
            facts: [`[account {id:entry.0.id}][, media {id:${ONE}.media.id}]`],
            quotes: { comment: `${ONE}.text` },
        },
    },
    setUp: [
        "Expose the port: cloudflared tunnel --url {origin}",
        "developers.facebook.com > your app > WhatsApp > Configuration (or Webhooks): Callback URL https://<your tunnel>{path}, Verify token: the token above; Verify and save",
        "Webhook fields: subscribe to messages, message_template_status_update, account_update and phone_number_quality_update",
        "Press Test beside messages: sluice tail shows whatsapp_business_account.messages",
    ],
    retries: "again with growing pauses for up to 7 days (WhatsApp) or 36 hours (pages), several events in one request",
    sources: [
        "https://developers.facebook.com/docs/graph-api/webhooks/getting-started",
        "https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components",
        "https://developers.facebook.com/docs/messenger-platform/webhooks",
    ],
});
