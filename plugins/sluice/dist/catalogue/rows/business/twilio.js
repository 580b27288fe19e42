/**
 * Twilio's webhooks and status callbacks, as data.
 */
import { PUBLIC_URL_SETTING } from "../../../verify/public-url.js";
import { THEIRS } from "../../schemes.js";
import { defineSender } from "../../sender.js";
const ERROR_PAGE = "https://www.twilio.com/docs/api/errors/{exact:ErrorCode|payload.error_code|payload.more_info.ErrorCode}";
const TWILIO = {
    title: "Twilio",
    algorithm: "hmac-sha1",
    encoding: "base64",
    key: THEIRS,
    proof: { header: "x-twilio-signature", prefix: "", separator: "" },
    signed: "{url}{sorted-form}",
    bodyDigest: { query: "bodySHA256" },
    timestamp: "none",
    deliveryId: { header: "i-twilio-idempotency-token" },
};
export const sender = defineSender({
    kind: "twilio",
    title: "Twilio",
    description: "messages that come in, delivery of those sent, calls, recordings, and errors of the account",
    schemes: ["twilio", "twilio-shared-key"],
    ownSchemes: {
        twilio: TWILIO,
        // The header that names the algorithm is not signed, so the owner says it.
        "twilio-shared-key": {
            ...TWILIO,
            title: "Twilio with a shared key",
            algorithm: "hmac-sha256",
        },
    },
    secretPrompt: "Auth Token (console.twilio.com > Account Dashboard > Account Info)",
    settings: [PUBLIC_URL_SETTING],
    methods: ["GET"],
    // TwiML that does nothing: any other answer is error 12300 in its log.
    answer: { status: 200, type: "text/xml", body: "<Response/>" },
    unwrap: { Payload: "payload" },
    secrets: ["RecordingUrl", "TranscriptionUrl"],
    id: "$header.i-twilio-idempotency-token",
    // What comes in has an SmsStatus; only the report of what was sent has a MessageStatus.
    event: [
        "=debugger?PayloadType|=recording?RecordingSid|=call?CallSid|=message?MessageSid|=message?SmsSid|list.0.type",
        "Level|RecordingStatus|CallStatus|MessageStatus",
    ],
    actor: { id: "From", name: "ProfileName" },
    events: {
        message: {
            line: "Message from {name:From}[ ({name:ProfileName})][ to {name:To}]",
            facts: [
                "[{some:NumMedia} attachments][ ({name:MediaContentType0})][, from {name:FromCity}][ {name:FromCountry}]",
            ],
            quotes: { message: "Body|ButtonText" },
            meta: { message_sid: "id:MessageSid|SmsSid" },
            entity: "chat of {name:From} with {name:To}",
        },
        "message.failed": {
            line: "Message to {name:To} failed[, error {number:ErrorCode}]",
            facts: ["[from {name:From|MessagingServiceSid}][, {name:MessageSid}]"],
            quotes: { error: "ErrorMessage" },
            entity: "messages to {name:To}",
            stateOf: ["MessageSid|SmsSid"],
            stateName: "message",
            severity: "error",
            links: [ERROR_PAGE],
        },
        "message.undelivered": {
            line: "Message to {name:To} was not delivered[, error {number:ErrorCode}]",
            facts: ["[from {name:From|MessagingServiceSid}][, {name:MessageSid}]"],
            quotes: { error: "ErrorMessage" },
            entity: "messages to {name:To}",
            stateOf: ["MessageSid|SmsSid"],
            stateName: "message",
            severity: "error",
            links: [ERROR_PAGE],
        },
        ...Object.fromEntries(["delivered", "read", "sent", "queued", "sending", "accepted", "scheduled", "canceled"].map((status) => [
            `message.${status}`,
            {
                line: `Message to {name:To} ${status}`,
                facts: ["[from {name:From|MessagingServiceSid}][, {name:MessageSid}]"],
                entity: "messages to {name:To}",
                stateOf: ["MessageSid|SmsSid"],
                stateName: "message",
                running: {
                    path: "MessageStatus",
                    words: ["sent", "queued", "sending", "accepted", "scheduled"],
                },
                status: { at: "MessageStatus", closed: ["delivered", "read"] },
                low: ["*"],
            },
        ])),
        call: {
            line: "Call {did}: {name:CallerName|From} to {name:To}[, {seconds:CallDuration}][, {lower:Direction}]",
            facts: [
                "[{name:CallSid}][, SIP {number:SipResponseCode}][, error {number:ErrorCode}][, answered by {lower:AnsweredBy}]",
            ],
            quotes: { error: "ErrorMessage" },
            entity: "call {name:From} to {name:To}",
            stateOf: ["CallSid"],
            running: {
                path: "CallStatus",
                words: ["queued", "initiated", "ringing", "in-progress", "answered"],
            },
            status: { at: "CallStatus", closed: ["completed"] },
            severity: ["CallStatus"],
            severities: { busy: "warning", "no-answer": "warning" },
            normal: ["bad", "ringing"],
            low: ["*"],
            links: [ERROR_PAGE],
            at: ["Timestamp"],
        },
        recording: {
            line: "Recording {did}[, {seconds:RecordingDuration}]",
            facts: [
                "[{name:RecordingSid}][, of call {name:CallSid}][, error {number:ErrorCode|RecordingErrorCode}]",
            ],
            severity: ["RecordingStatus"],
            severities: { absent: "warning" },
            low: ["*"],
        },
        debugger: {
            line: "Twilio {lower:Level}: {number:payload.error_code|payload.more_info.ErrorCode}[ at {name:payload.resource_sid}]",
            facts: [
                "[{lower:payload.webhook.request.method}][ {link:payload.webhook.request.url|payload.more_info.url}][ answered {number:payload.webhook.response.status_code|payload.more_info.httpResponse}]",
            ],
            quotes: {
                message: "payload.more_info.Msg|payload.more_info.msg|payload.more_info.message|payload.more_info.parserMessage",
                answer: "payload.webhook.response.body",
            },
            meta: { error_code: "id:payload.error_code" },
            severity: ["Level"],
            links: [ERROR_PAGE],
            at: ["Timestamp"],
        },
    },
    setUp: [
        "Expose the port: cloudflared tunnel --url {origin}, and give the channel that address: --set url=https://<your tunnel>{path} (Twilio signs it; an account that signs with a shared key needs --verify twilio-shared-key too)",
        "Messages: console.twilio.com > Phone Numbers > your number > Messaging > A message comes in: Webhook, https://<your tunnel>{path}, HTTP POST",
        "Delivery: StatusCallback https://<your tunnel>{path} with each message, or in the Messaging Service; calls: Call status changes of the number (not A call comes in: sluice hangs up)",
        "Errors: Monitor > Logs > Errors > Webhook: https://<your tunnel>{path}, HTTP POST",
        "Send a text to the number: sluice tail shows message",
    ],
    retries: "15 s for an answer; once more where no connection comes about, then the fallback URL if there is one",
    sources: [
        "https://www.twilio.com/docs/usage/webhooks/webhooks-security",
        "https://www.twilio.com/docs/messaging/guides/webhook-request",
        "https://www.twilio.com/docs/messaging/guides/track-outbound-message-status",
        "https://www.twilio.com/docs/usage/troubleshooting/debugging-event-webhooks",
    ],
});
