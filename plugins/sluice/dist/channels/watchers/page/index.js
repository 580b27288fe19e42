/**
 * The `page` kind: a page of the web, or a value of a JSON answer, that changes.
 *
 * Owns: the definition. Never: fetches it (get.ts).
 */
import { defineKind } from "../../../sdk/channel.js";
import { COMMON_SETTINGS, EVERY_SETTING } from "../settings.js";
export const pageKind = defineKind({
    kind: "page",
    title: "Web page",
    description: "A page of the web, or a value of a JSON answer, that changes",
    ack: "auto",
    schemes: ["https"],
    maxBodyBytes: 1024 * 1024,
    canReply: false,
    settings: [
        {
            name: "url",
            description: "Its address, such as https://example.com/releases",
            pattern: /^https?:\/\/[^\s\0]{1,2000}$/u,
        },
        {
            name: "json",
            description: "Of a JSON answer: the value that is watched, such as status.indicator; . is all of it",
            pattern: /^[^\s\0]{1,256}$/u,
        },
        EVERY_SETTING,
        ...COMMON_SETTINGS,
    ],
    nextStep: '"sluice tail" shows what it tells; "sluice remove {name}" ends it',
    async check(_secret, settings) {
        (await import("../get.js")).parseAddress(settings["url"] ?? "");
        return undefined;
    },
    open: async (context) => (await import("./watch-page.js")).openPage(context),
});
