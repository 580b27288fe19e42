/**
 * The `feed` kind: each new item of an RSS, Atom or JSON feed.
 *
 * Owns: the definition. Never: reads one (watch-feed.ts).
 */
import { defineKind } from "../../../sdk/channel.js";
import { COMMON_SETTINGS, EVERY_SETTING } from "../settings.js";
export const feed = defineKind({
    kind: "feed",
    title: "Feed",
    description: "Each new item of an RSS, Atom or JSON feed",
    ack: "auto",
    schemes: ["https"],
    maxBodyBytes: 1024 * 1024,
    canReply: false,
    settings: [
        {
            name: "url",
            description: "Its address, such as https://example.com/feed.xml",
            pattern: /^https?:\/\/[^\s\0]{1,2000}$/u,
        },
        EVERY_SETTING,
        ...COMMON_SETTINGS,
    ],
    nextStep: 'what is in the feed now is no news; "sluice tail" shows what comes, "sluice remove {name}" ends it',
    async check(_secret, settings) {
        (await import("../get.js")).parseAddress(settings["url"] ?? "");
        return undefined;
    },
    open: async (context) => (await import("./watch-feed.js")).openFeed(context),
});
