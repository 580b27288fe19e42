/**
 * The `webhook` channel: any program that can POST.
 *
 * Owns: the definition. Never: parsing (receive.ts).
 */
import { defineKind } from "../../sdk/channel.js";
import { PUBLIC_URL_SETTING } from "../../verify/public-url.js";
import { receive } from "./receive.js";
export const webhook = defineKind({
    kind: "webhook",
    title: "Webhook",
    description: "Any program that can POST: JSON, a form or plain text; optionally with replies on a stream",
    ack: "auto",
    schemes: [
        "bearer",
        "token-header",
        "standard",
        "standard-v1a",
        "github",
        "basic",
        "query",
        "path",
        "hmac",
    ],
    settings: [PUBLIC_URL_SETTING],
    maxBodyBytes: 1024 * 1024,
    canReply: true,
    nextStep: 'POST to the URL with the token: curl -H "Authorization: Bearer $TOKEN" -H "Content-Type: text/plain" -d "deploy failed" {url}',
    receive,
});
