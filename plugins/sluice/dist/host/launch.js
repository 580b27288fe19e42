/**
 * What a client's command line asks for in the way of channels, and the question that development entries bring up. Pure.
 *
 * Owns: reading the two flags, entry by entry. Never: decides whether an entry is allowed (gates.ts).
 * https://code.claude.com/docs/en/channels-reference#test-during-the-research-preview
 */
import { SluiceError } from "../sdk/errors.js";
export const CHANNELS_FLAG = "--channels";
export const DEVELOPMENT_FLAG = "--dangerously-load-development-channels";
/**
 * The entries, those of `--channels` first. `isInteractive` false (`-p`): the development flag is not even read.
 * @throws SluiceError `bad_input`, in the client's words, for values that are no entries: the client does not start.
 */
export function readEntries(argv, isInteractive = true) {
    const values = readFlags(argv);
    const flags = isInteractive ? [CHANNELS_FLAG, DEVELOPMENT_FLAG] : [CHANNELS_FLAG];
    return flags.flatMap((flag) => {
        const parsed = (values.get(flag) ?? []).map((value) => ({
            value,
            entry: parseEntry(value, flag === DEVELOPMENT_FLAG),
        }));
        const bad = parsed.filter(({ entry }) => entry === undefined).map(({ value }) => value);
        if (bad.length > 0)
            throw new SluiceError("bad_input", `${flag} entries must be tagged: ${bad.join(", ")}`);
        return parsed.flatMap(({ entry }) => entry ?? []);
    });
}
/** What the client asks at each start before it takes development entries; the other answer ends it. */
export function toDevelopmentQuestion(names) {
    return [
        `${DEVELOPMENT_FLAG} is for local channel development only. Do not use this option to run channels you have downloaded off the internet.`,
        "Please use --channels to run a list of approved channels.",
        `Channels: ${names.join(", ")}`,
        "1. I am using this for local development",
        "2. Exit",
    ].join("\n");
}
/** A flag takes what follows, whatever it is, and goes on up to the next flag: a prompt that is written behind it is a value too. */
function readFlags(argv) {
    const values = new Map([
        [CHANNELS_FLAG, []],
        [DEVELOPMENT_FLAG, []],
    ]);
    let open;
    for (let i = 0; i < argv.length; i++) {
        const argument = argv[i] ?? "";
        if (argument === "--")
            break;
        const isFlag = argument.length > 1 && argument.startsWith("-");
        if (!isFlag) {
            open?.push(argument);
            continue;
        }
        open = values.get(argument);
        if (open !== undefined) {
            const first = argv[++i];
            if (first === undefined) {
                throw new SluiceError("bad_input", `error: option '${argument} <servers...>' argument missing`);
            }
            open.push(first);
        }
        // One value and no more.
        const [, flag = "", inline = ""] = /^(--[^=]+)=(.*)$/s.exec(argument) ?? [];
        values.get(flag)?.push(inline);
    }
    return values;
}
function parseEntry(value, isDevelopment) {
    const server = /^server:(?<name>.+)$/s.exec(value)?.groups?.["name"];
    if (server !== undefined)
        return { kind: "server", name: server, isDevelopment };
    const { name, marketplace } = /^plugin:(?<name>[^@]+)@(?<marketplace>.+)$/s.exec(value)?.groups ?? {};
    if (name === undefined || marketplace === undefined)
        return undefined;
    return { kind: "plugin", name, marketplace, isDevelopment };
}
