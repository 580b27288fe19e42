/**
 * The `timer` kind: a text at a time, once or again and again.
 *
 * Owns: the definition. Never: when it rings (timer.ts).
 */
import { defineKind } from "../../../sdk/channel.js";
import { COMMON_SETTINGS, EVERY_SETTING } from "../settings.js";
export const timer = defineKind({
    kind: "timer",
    title: "Timer",
    description: "A text at a time: once, at an interval, or by a cron expression",
    ack: "auto",
    schemes: ["local"],
    maxBodyBytes: 1024 * 1024,
    canReply: false,
    settings: [
        {
            name: "text",
            description: "What the session reads when the time has come",
            pattern: /^[^\0]{1,4000}$/u,
        },
        { name: "at", description: "The moment, such as 2026-01-31T09:00Z", pattern: /^[0-9T:.Z+-]+$/ },
        { ...EVERY_SETTING, description: "The interval, such as 30m, 2h or 1d" },
        {
            name: "cron",
            description: "minute hour day month weekday, such as 0 9 * * 1-5",
            pattern: /^[A-Za-z0-9*,/?#LW+ @-]{1,200}$/,
        },
        {
            name: "zone",
            description: "The time zone of the cron expression, such as Europe/Berlin",
            pattern: /^[A-Za-z0-9_+:/-]{1,64}$/,
        },
        {
            name: "missed",
            description: "What becomes of times at which Sluice did not run: once, all or skip",
            pattern: /^(?:once|all|skip)$/,
        },
        { name: "by", description: "session: a session has set it for itself", pattern: /^session$/ },
        ...COMMON_SETTINGS,
    ],
    nextStep: '"sluice channels" lists it; "sluice remove {name}" ends it, and one that rings once goes by itself',
    async check(_secret, settings) {
        const { toTimes } = await import("./times.js");
        toTimes(settings);
        return undefined;
    },
    open: async (context) => (await import("./timer.js")).openTimer(context),
});
