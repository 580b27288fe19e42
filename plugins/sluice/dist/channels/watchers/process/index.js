/**
 * The `process` kind: a process, by number or name, or a port that ends or begins.
 *
 * Owns: the definition. Never: looks (watch-process.ts).
 */
import { defineKind } from "../../../sdk/channel.js";
import { COMMON_SETTINGS, EVERY_SETTING } from "../settings.js";
// The name is also that of a global of Node's: no other file imports it under this name.
export const processKind = defineKind({
    kind: "process",
    title: "Process",
    description: "A process, by number or name, or a port that ends or begins",
    ack: "auto",
    schemes: ["local"],
    maxBodyBytes: 1024 * 1024,
    canReply: false,
    settings: [
        { name: "pid", description: "The number of a process", pattern: /^[1-9]\d{0,9}$/ },
        {
            name: "started",
            description: "When that process was started, as sluice add notes it",
            pattern: /^[\x20-\x7e]{1,128}$/,
        },
        {
            name: "name",
            description: "The name of a program, as ps shows it",
            pattern: /^[^/\p{Cc}]{1,128}$/u,
        },
        {
            name: "port",
            description: "A TCP port, such as 5432 or db.local:5432",
            pattern: /^(?:[A-Za-z0-9._-]*:|\[[0-9A-Fa-f:.]+\]:)?\d{1,5}$/,
        },
        {
            name: "until",
            description: "What is told: ends, begins or both",
            pattern: /^(?:ends|begins|both)$/,
        },
        EVERY_SETTING,
        ...COMMON_SETTINGS,
    ],
    nextStep: '"sluice tail" shows what it tells; "sluice remove {name}" ends it, and one of a pid goes once that has ended',
    async check(_secret, settings) {
        (await import("./watch-process.js")).toSubject(settings);
        return undefined;
    },
    open: async (context) => (await import("./watch-process.js")).openProcess(context),
});
