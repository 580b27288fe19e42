/**
 * The `command` kind: a command of this machine that is run again and again.
 *
 * Owns: the definition. Never: runs anything (run.ts).
 */
import { defineKind } from "../../../sdk/channel.js";
import { COMMON_SETTINGS, EVERY_SETTING } from "../settings.js";
export const command = defineKind({
    kind: "command",
    title: "Command",
    description: "A command that is run again and again; another output is the event",
    ack: "auto",
    schemes: ["local"],
    maxBodyBytes: 1024 * 1024,
    canReply: false,
    runsPrograms: () => true,
    settings: [
        {
            name: "run",
            description: "The program and its arguments, as a JSON list",
            pattern: /^\[[^\0]*\]$/u,
        },
        { name: "cwd", description: "The folder in which it runs", pattern: /^\/[^\0\n]*$/u },
        EVERY_SETTING,
        {
            name: "timeout",
            description: "How long it may run, such as 30s (default: 60s)",
            pattern: EVERY_SETTING.pattern,
        },
        {
            name: "tell",
            description: "What is told: change (another output or exit code), failure (it begins or ends to fail), always",
            pattern: /^(?:change|failure|always)$/,
        },
        ...COMMON_SETTINGS,
    ],
    nextStep: 'it has run once already, and another output is told; "sluice pause {name}" stops it for a while, "sluice remove {name}" for good',
    async check(_secret, settings) {
        (await import("./watch-command.js")).parseArgv(settings["run"] ?? "");
        return undefined;
    },
    open: async (context) => (await import("./watch-command.js")).openCommand(context),
});
