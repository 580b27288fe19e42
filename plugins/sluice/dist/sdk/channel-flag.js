/**
 * Reads a client's command line: whether it asks for our channel, and which client it is.
 *
 * Owns: recognising that. Never: acts on it.
 */
/** As `sluice connect claude` installs it: our marketplace, and the plugin in it. */
export const MARKETPLACE = "sluice";
export const PLUGIN = `sluice@${MARKETPLACE}`;
export const CHANNELS_FLAG = "--channels";
export const DEVELOPMENT_FLAG = "--dangerously-load-development-channels";
/**
 * What the two flags are given, as the client reads it: a flag takes what follows, whatever it is, and goes on up to the next flag, so a
 * prompt that is written behind it is a value too; with `=` it takes one value and no more. Commas and blanks are part of a value.
 */
export function readChannelFlags(argv) {
    const values = [];
    let open;
    for (let i = 0; i < argv.length; i++) {
        const argument = argv[i] ?? "";
        if (argument === "--")
            break;
        if (argument.length < 2 || !argument.startsWith("-")) {
            if (open !== undefined)
                values.push({ flag: open, value: argument });
            continue;
        }
        open = isChannelFlag(argument) ? argument : undefined;
        if (open !== undefined)
            values.push({ flag: open, value: argv[++i] });
        const [, flag = "", value] = /^(--[^=]+)=(.*)$/s.exec(argument) ?? [];
        if (isChannelFlag(flag))
            values.push({ flag, value });
    }
    return values;
}
function isChannelFlag(word) {
    return word === CHANNELS_FLAG || word === DEVELOPMENT_FLAG;
}
/** Our channel as a client's command line names it: by its plugin and marketplace, or as a server by its name. */
export function listChannelTags(argv) {
    return readChannelFlags(argv).flatMap(({ flag, value = "" }) => {
        const isDevelopment = flag === DEVELOPMENT_FLAG;
        if (value === "server:sluice")
            return [{ marketplace: undefined, isDevelopment }];
        const marketplace = /^plugin:sluice@([\w.-]+)$/.exec(value)?.[1];
        return marketplace === undefined ? [] : [{ marketplace, isDevelopment }];
    });
}
/** The user asked for the channel lane. */
export function isChannelNamed(argv) {
    return listChannelTags(argv).length > 0;
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
