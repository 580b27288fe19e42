/**
 * The `whatsapp` channel: a number of WhatsApp's Cloud API.
 *
 * Owns: the definition. Never: the requests (receive.ts), the connection (connection.ts), what else Meta sends (the kind `meta`).
 */
import { sender } from "../../catalogue/rows/business/meta.js";
import { defineKind } from "../../sdk/channel.js";
import { SluiceError } from "../../sdk/errors.js";
const TOKEN = "token";
export const whatsapp = defineKind({
    kind: "whatsapp",
    title: "WhatsApp",
    description: "A business number of WhatsApp's Cloud API: people whom you let in write to the session, and read its answers",
    ack: "reply",
    schemes: ["meta"],
    ownSchemes: sender.ownSchemes ?? {},
    ...(sender.preflight === undefined ? {} : { preflight: sender.preflight }),
    answer: { status: 200 },
    maxBodyBytes: 1024 * 1024,
    canReply: true,
    secretPrompt: "App secret (developers.facebook.com > your app > App settings > Basic)",
    moreSecrets: [
        {
            name: TOKEN,
            prompt: "permanent access token (business settings > System users > Generate token, whatsapp_business_messaging)",
        },
    ],
    settings: [
        {
            name: "number",
            description: "The Phone number ID (your app > WhatsApp > API setup); not the number itself",
            pattern: /^\d{5,20}$/,
        },
        {
            name: "template",
            description: "NAME:LANGUAGE of an approved template: sent once a day to a person who last wrote more than 24 hours ago",
            pattern: /^[a-z0-9_]{1,512}(?::[a-z]{2,3}(?:_[A-Z]{2})?)?$/,
        },
        {
            name: "api-root",
            description: "Another version or address than https://graph.facebook.com/v25.0",
            pattern: /^https?:\/\/[A-Za-z0-9.[\]:-]+(?:\/[A-Za-z0-9._-]+)*$/,
        },
    ],
    nextStep: [
        "1. Make {url} public: sluice up --tunnel, or a tunnel of yours",
        "2. developers.facebook.com > your app > WhatsApp > Configuration: Callback URL as above, Verify token as above; Verify and save",
        "3. Webhook fields: subscribe to messages",
        '4. Let yourself in: run "sluice access invite {name}" and send the code it prints to the number',
    ].join("\n"),
    async check(_secret, settings, secrets = {}) {
        const token = secrets[TOKEN];
        const number = settings["number"];
        if (token === undefined || number === undefined)
            throw new SluiceError("bad_config", "whatsapp: it takes --set number=PHONE_NUMBER_ID");
        const [{ API_ROOT, GraphApi }, { textAt }] = await Promise.all([
            import("./api.js"),
            import("../../sdk/json.js"),
        ]);
        const api = new GraphApi(token, { root: settings["api-root"] ?? API_ROOT });
        const found = await api.call("GET", `${number}?fields=display_phone_number,verified_name`);
        return textAt(found, "display_phone_number");
    },
    /** While the number has no connection: Meta comes again. */
    receive() {
        throw new SluiceError("send_failed", "whatsapp: the number is not connected now", {
            retryable: true,
        });
    },
    async open(context) {
        const token = context.secrets?.[TOKEN];
        if (token === undefined)
            throw new SluiceError("bad_secret", `whatsapp: ${context.name} has no token; remove it and add it again`);
        return (await import("./connection.js")).openConnection(context, token);
    },
});
