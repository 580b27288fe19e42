/**
 * Zoom's event subscriptions, as data.
 */
import { BODY_HEX, WINDOW_MS } from "../../schemes.js";
import { defineSender } from "../../sender.js";
const IT = "payload.object";
const PERSON = `${IT}.participant.user_name|${IT}.registrant.first_name|${IT}.participant.id`;
export const sender = defineSender({
    kind: "zoom",
    title: "Zoom",
    description: "meetings, webinars, recordings, summaries, calls and rooms",
    schemes: ["zoom"],
    ownSchemes: {
        zoom: {
            ...BODY_HEX,
            title: "Zoom",
            proof: { header: "x-zm-signature", prefix: "v0=", separator: "" },
            signed: "v0:{timestamp}:{body}",
            timestamp: {
                place: { header: "x-zm-request-timestamp", prefix: "", separator: "" },
                unit: "s-or-ms",
                windowMs: WINDOW_MS,
            },
            deliveryId: "none",
        },
    },
    secretPrompt: "Secret Token of the app (Zoom App Marketplace > Manage > your app > Features > Access; its Event notification endpoint URL is https://<your tunnel>/in/zoom)",
    // Asked at first, and every 72 hours again.
    handshakes: [
        {
            when: { event: "endpoint.url_validation", "payload.plainToken": "*" },
            code: "url_validation",
            json: { plainToken: "{payload.plainToken}", encryptedToken: "{mac:payload.plainToken}" },
        },
    ],
    event: ["event"],
    actor: { id: "payload.operator_id", name: "$part.operator" },
    parts: { "payload.operator": [/^(?<operator>[^@]{1,100})/] },
    // They let in whoever has them.
    secrets: [
        "join_url",
        "start_url",
        "registrant_email",
        "email",
        "host_email",
        "play_url",
        "download_url",
        "share_url",
        "recording_play_passcode",
        "phone_number",
    ],
    common: {
        facts: [
            `[host {id:${IT}.host_id}][, starts {time:${IT}.start_time}][ {name:${IT}.timezone}][, {number:${IT}.duration} min][, ended {time:${IT}.end_time}]`,
        ],
        quotes: { topic: `${IT}.topic`, agenda: `${IT}.agenda` },
        meta: { meeting: `id:${IT}.id` },
        links: [`https://zoom.us/meeting/{exact:${IT}.id}`],
        at: ["event_ts"],
    },
    events: {
        "meeting.alert": {
            line: `Trouble in meeting {id:${IT}.id}: {name:${IT}.issues.*}`,
            severity: "warning",
        },
        "meeting.summary_completed": {
            line: `Summary of meeting {id:${IT}.meeting_id|${IT}.id} is ready`,
            facts: [`[from {time:${IT}.meeting_start_time}][ to {time:${IT}.meeting_end_time}]`],
            quotes: {
                topic: `${IT}.meeting_topic`,
                summary: `${IT}.summary_overview|${IT}.summary_content`,
                "next steps": `${IT}.next_steps.*`,
                details: { of: `${IT}.summary_details`, line: "{label}: {summary}" },
            },
            links: [`https://zoom.us/meeting/{exact:${IT}.meeting_id}`],
        },
        meeting: {
            line: {
                participant_joined: `{name:${PERSON}} joined meeting {id:${IT}.id}`,
                participant_left: `{name:${PERSON}} left meeting {id:${IT}.id}`,
                "*": `Meeting {id:${IT}.id} {did}[ by {name:$part.operator}]`,
            },
            entity: `meeting {id:${IT}.id}`,
            normal: ["started", "ended", "created", "deleted"],
            low: ["*"],
        },
        webinar: {
            line: `Webinar {id:${IT}.id} {did}[: {name:${PERSON}}]`,
            entity: `webinar {id:${IT}.id}`,
            normal: ["started", "ended", "created", "deleted"],
            low: ["*"],
        },
        recording: {
            line: {
                completed: `Recording of meeting {id:${IT}.id} is ready`,
                transcript_completed: `Transcript of meeting {id:${IT}.id} is ready`,
                "*": `Recording of meeting {id:${IT}.id} {did}`,
            },
            facts: [
                `[{number:${IT}.recording_count} files][: {lower:${IT}.recording_files.*.recording_type}][, started {time:${IT}.start_time}][, {number:${IT}.duration} min][, host {id:${IT}.host_id}]`,
            ],
            entity: `meeting {id:${IT}.id}`,
            normal: ["completed", "transcript_completed"],
            low: ["*"],
            links: ["https://zoom.us/recording"],
        },
        "zoomroom.alert": {
            line: `Alert in room {name:${IT}.room_name}: {name:${IT}.issue}[, {lower:${IT}.alert_type}][, {lower:${IT}.alert_kind}]`,
            facts: [`[component {lower:${IT}.component}][, calendar {name:${IT}.calendar_name}]`],
            entity: `room {name:${IT}.room_name}`,
            severity: "warning",
        },
        phone: {
            line: `Phone: {event}[ from {name:${IT}.caller.name|${IT}.caller_name}][ to {name:${IT}.callee.name|${IT}.callee_name}]`,
            facts: [
                `[call {id:${IT}.call_id|${IT}.id}][, {lower:${IT}.handup_result}][, {number:${IT}.duration} s]`,
            ],
            normal: ["callee_missed", "voicemail_received"],
            low: ["*"],
            links: [],
        },
        user: {
            line: `User {name:${IT}.first_name}[ {name:${IT}.last_name}] {did}`,
            facts: [`[user {id:${IT}.id}][, {name:${IT}.dept}]`],
            low: ["*"],
            links: [],
        },
        // https://developers.zoom.us/docs/distribute/published-app-process/ Ten days to delete the user's data.
        app_deauthorized: {
            line: "App removed by user {id:payload.user_id}: delete that user's data within ten days",
            facts: ["[removed {time:payload.deauthorization_time}][, account {id:payload.account_id}]"],
            quotes: {},
            links: [],
        },
    },
    setUp: [
        "Expose the port: cloudflared tunnel --url {origin}",
        "Zoom App Marketplace > Manage > your app (General, or Webhook Only) > Features > Access: copy the Secret Token and give it to sluice as above",
        "Event Subscriptions > Add New Event Subscription: Event notification endpoint URL https://<your tunnel>{path}, press Validate, then Add Events and Save",
        "Start a meeting: sluice tail shows meeting.started",
    ],
    retries: "3 s for an answer; again after 5, 20 and 60 minutes",
    sources: [
        "https://developers.zoom.us/docs/api/webhooks/",
        "https://developers.zoom.us/docs/api/meetings/events/",
        "https://devsupport.zoom.us/hc/en-us/articles/360059893812-Webhook-delays",
    ],
});
