import { BODY_HEX, WINDOW_MS } from "../../schemes.js";
import { defineSender } from "../../sender.js";
const USER = "event.user|event.message.user|event.previous_message.user|user.username|user.name|user.id|user_name|user_id|event.username|event.bot_id";
const CHANNEL = "event.channel|event.item.channel|event.channel_id|channel.name|channel.id|channel_name|channel_id";
const BY = `[ by {name:${USER}}]`;
const IN = `[ in channel {name:${CHANNEL}}]`;
/** Where it was said; Slack itself gives no address of a message. */
const PAGE = "https://app.slack.com/client/{id:team_id|team.id}/{id:event.channel|event.item.channel|channel.id|channel_id}";
const MESSAGE = {
    line: `Message${IN}${BY}`,
    facts: [
        "[{lower:event.channel_type}][, in thread {name:event.thread_ts}][, files {name:event.files.*.name}]",
    ],
    quotes: {
        text: "event.text|event.message.text",
        "text before": "event.previous_message.text",
        attachments: { of: "event.attachments", line: "{title|fallback|text}" },
        blocks: "event.blocks.*.text.text",
    },
    meta: {
        slack_channel: "name:event.channel",
        message_ts: "name:event.ts|event.deleted_ts",
        thread_ts: "name:event.thread_ts",
    },
    entity: `channel {name:${CHANNEL}}`,
    links: [PAGE],
};
const ACTION = {
    line: `Interaction ({word:type}): {name:actions.*.action_id|callback_id|view.callback_id}${IN}${BY}`,
    facts: [
        "[value {name:actions.*.value|actions.*.selected_option.value}][, app {name:api_app_id}]",
    ],
    quotes: { message: "message.text", title: "view.title.text" },
    entity: `channel {name:${CHANNEL}}`,
    links: [PAGE],
};
export const sender = defineSender({
    kind: "slack",
    title: "Slack",
    description: "mentions, messages, reactions, slash commands and buttons of a Slack app",
    schemes: ["slack"],
    ownSchemes: {
        slack: {
            ...BODY_HEX,
            title: "Slack",
            key: { encoding: "text", prefix: "", minBytes: 16 },
            proof: { header: "x-slack-signature", prefix: "v0=", separator: "" },
            signed: "v0:{timestamp}:{body}",
            timestamp: {
                place: { header: "x-slack-request-timestamp", prefix: "", separator: "" },
                unit: "s",
                windowMs: WINDOW_MS,
            },
            deliveryId: "none",
        },
    },
    secretPrompt: "the app's Signing Secret (api.slack.com/apps > your app > Basic Information; its Request URL is https://<your tunnel>/in/slack)",
    handshakes: [{ when: { type: "url_verification" }, code: "url_verification", text: "challenge" }],
    answer: { status: 200 },
    unwrap: { payload: "" },
    id: "event_id",
    event: ["event.type|=slash_command?command|type", "event.subtype"],
    actor: {
        id: "event.user|user.id|user_id",
        name: "user.username|user.name|user_name|event.username",
    },
    common: { at: ["event.ts", "event.event_ts", "event_time", "action_ts"] },
    events: {
        app_mention: { ...MESSAGE, line: `Mention of the app${IN}${BY}` },
        message: MESSAGE,
        "message.message_changed": { ...MESSAGE, line: `Message edited${IN}${BY}`, low: ["*"] },
        "message.message_deleted": { ...MESSAGE, line: `Message deleted${IN}${BY}`, low: ["*"] },
        "message.channel_join": {
            ...MESSAGE,
            line: `Joined channel {name:${CHANNEL}}${BY}`,
            low: ["*"],
        },
        "message.channel_leave": {
            ...MESSAGE,
            line: `Left channel {name:${CHANNEL}}${BY}`,
            low: ["*"],
        },
        reaction_added: {
            line: `Reaction {name:event.reaction} added${IN}${BY}`,
            facts: ["[to a {word:event.item.type}][ of {name:event.item_user}]"],
            entity: `channel {name:${CHANNEL}}`,
            low: ["*"],
            links: [PAGE],
        },
        reaction_removed: {
            line: `Reaction {name:event.reaction} removed${IN}${BY}`,
            facts: ["[from a {word:event.item.type}][ of {name:event.item_user}]"],
            entity: `channel {name:${CHANNEL}}`,
            low: ["*"],
            links: [PAGE],
        },
        member_joined_channel: {
            line: `Joined channel {name:${CHANNEL}}${BY}`,
            facts: ["[invited by {name:event.inviter}]"],
            low: ["*"],
        },
        member_left_channel: { line: `Left channel {name:${CHANNEL}}${BY}`, low: ["*"] },
        app_home_opened: {
            line: `The app's page was opened${BY}`,
            facts: ["[tab {lower:event.tab}]"],
            low: ["*"],
        },
        file_shared: {
            line: `File {id:event.file_id} shared${IN}[ by {name:event.user_id}]`,
            facts: ["[file {id:event.file_id}]"],
            low: ["*"],
        },
        slash_command: {
            line: `Command {name:command}${IN}${BY}`,
            facts: ["[team {name:team_domain}]"],
            quotes: { text: "text" },
            meta: { command: "name:command" },
            entity: `channel {name:${CHANNEL}}`,
            links: [PAGE],
        },
        block_actions: ACTION,
        interactive_message: ACTION,
        message_action: ACTION,
        shortcut: ACTION,
        view_submission: ACTION,
        view_closed: { ...ACTION, low: ["*"] },
        app_uninstalled: {
            line: "The app was removed from the workspace",
            facts: ["[team {id:team_id}]"],
            severity: "warning",
        },
        tokens_revoked: {
            line: "Tokens of the app were revoked",
            facts: ["[team {id:team_id}]"],
            severity: "warning",
        },
        app_rate_limited: {
            line: "Slack limits the app's events for a minute: some are lost",
            facts: ["[team {id:team_id}]"],
            severity: "warning",
        },
    },
    setUp: [
        "Expose the port: cloudflared tunnel --url {origin}",
        "api.slack.com/apps > Create New App > From scratch; give its Signing Secret (Basic Information) to sluice add",
        "Event Subscriptions > Enable Events: Request URL https://<your tunnel>{path}; Slack asks at once and shows Verified",
        "Subscribe to bot events: app_mention, message.im (and message.channels to hear all of a channel); Save Changes, then Install App",
        "/invite the app into a channel and mention it: sluice tail shows app_mention",
    ],
    retries: "3 s for an answer; again at once, after a minute and after five, with the same event_id",
    sources: [
        "https://docs.slack.dev/apis/events-api/",
        "https://docs.slack.dev/authentication/verifying-requests-from-slack/",
        "https://docs.slack.dev/interactivity/handling-user-interaction/",
    ],
});
