/**
 * The `file` kind: files that change, or lines that are added to them.
 *
 * Owns: the definition. Never: looks at a file (watch-file.ts).
 */
import { defineKind } from "../../../sdk/channel.js";
import { COMMON_SETTINGS, EVERY_SETTING } from "../settings.js";
export const file = defineKind({
    kind: "file",
    title: "Files",
    description: "Files that change, or with --tail the lines that are added to them",
    ack: "auto",
    schemes: ["local"],
    maxBodyBytes: 1024 * 1024,
    canReply: false,
    settings: [
        {
            name: "path",
            description: "Absolute paths, folders or globs, a line each",
            pattern: /^\/[^\0]*$/u,
        },
        {
            name: "ignore",
            description: "Globs of what is left out, a line each; node_modules and .git always are",
            pattern: /^[^\0]+$/u,
        },
        {
            name: "debounce",
            description: "How long nothing more must change, such as 1s or 30s (default: 1s)",
            pattern: EVERY_SETTING.pattern,
        },
        { name: "tail", description: "on: lines that are added are told", pattern: /^(?:on|off)$/ },
        {
            name: "match",
            description: "With tail: only lines with this pattern (RE2), such as ERROR|FATAL",
            pattern: /^[^\0\n]{1,500}$/u,
        },
        ...COMMON_SETTINGS,
    ],
    nextStep: 'what stands there now is no news; "sluice tail" shows what it tells, "sluice remove {name}" ends it',
    async check(_secret, settings) {
        const { parsePatterns } = await import("./patterns.js");
        parsePatterns(settings["path"] ?? "", settings["ignore"]);
        const { toLineTest } = await import("./watch-lines.js");
        toLineTest(settings["match"]);
        return undefined;
    },
    open: async (context) => (await import("./watch-file.js")).openFile(context),
});
