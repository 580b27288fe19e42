/**
 * Reads a client's command line: whether it asks for our channel, and which client it is.
 *
 * Owns: recognising that. Never: acts on it.
 */
/** As `sluice connect claude` installs it: our marketplace, and the plugin in it. */
export const MARKETPLACE = "sluice";
export const PLUGIN = `sluice@${MARKETPLACE}`;
/** Our channel is named in the client's argv: the user asked for the channel lane. */
export function isChannelNamed(argv) {
    return argv.some((argument, index) => {
        const flag = index > 0 ? (argv[index - 1] ?? "") : "";
        const isValue = /^--(channels|dangerously-load-development-channels)$/.test(flag);
        const [, inline] = /^--(?:channels|dangerously-load-development-channels)=(.*)$/s.exec(argument) ?? [];
        const names = inline ?? (isValue || /^(plugin|server):/.test(argument) ? argument : "");
        return names
            .split(/[\s,]+/)
            .some((name) => /^(?:plugin:sluice(?:@|:|$)|server:sluice$)/.test(name));
    });
}
/**
 * Our channel as the flags `--channels` and `--dangerously-load-development-channels` name it. Each takes several values, apart or
 * joined by commas, up to the next flag.
 */
export function listChannelTags(argv) {
    let flag = "";
    return argv.flatMap((argument) => {
        const [, name, inline] = /^(--[a-z-]+)(?:=(.*))?$/s.exec(argument) ?? [];
        if (name !== undefined)
            flag = name;
        const isDevelopment = flag === "--dangerously-load-development-channels";
        if (!isDevelopment && flag !== "--channels")
            return [];
        const values = name === undefined ? argument : (inline ?? "");
        return values.split(/[\s,]+/).flatMap((value) => {
            if (value === "server:sluice")
                return [{ marketplace: undefined, isDevelopment }];
            const plugin = /^plugin:sluice(?:@(?<marketplace>[^@:]+))?$/.exec(value);
            const marketplace = plugin?.groups?.["marketplace"];
            return plugin === null ? [] : [{ marketplace, isDevelopment }];
        });
    });
}
/**
 * The session was given to a process that the client's background service kept ready: this command line is not the one that the user
 * wrote. Where none is ready the service starts the session with the user's own. Observed of Claude Code 2.1.332; undocumented.
 */
export function isSpare(argv) {
    return argv.includes("--bg-spare");
}
/**
 * The process is Claude Code: under its own name, npm's file name or a title that it gives itself ("claude bg-spare"), or as the file of
 * a version where its installer puts those. https://code.claude.com/docs/en/setup#auto-updates
 */
export function isClaudeCode(argv) {
    return /^claude(?:\.exe)?(?: |$)|\/claude(?:\.exe)?$|\/claude\/versions\/[^/]+$/.test(argv[0] ?? "");
}
