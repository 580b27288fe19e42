/**
 * The `ntfy` channel: one topic of ntfy.sh, or of a server of your own, both ways.
 *
 * Owns: the definition. Never: the wire (api.ts), the stream (connection.ts).
 */
import { defineKind } from "../../sdk/channel.js";
import { openConnection } from "./connection.js";
export const ntfy = defineKind({
    kind: "ntfy",
    title: "ntfy",
    description: "A topic of ntfy.sh or of your own server: publish to it from a phone or a script",
    ack: "reply",
    schemes: ["ntfy"],
    maxBodyBytes: 1024 * 1024,
    canReply: true,
    settings: [
        {
            name: "topic",
            description: "The topic; on a server without accounts everybody who knows it may write",
            pattern: /^[-_A-Za-z0-9]{1,64}$/,
            isRequired: true,
        },
        {
            name: "server",
            description: "A server of your own instead of https://ntfy.sh",
            pattern: /^https?:\/\/[A-Za-z0-9.[\]:-]+$/,
        },
    ],
    nextStep: 'let the topic in: run "sluice access invite {name}" and publish the code it prints to the topic',
    open: (context) => openConnection(context),
});
