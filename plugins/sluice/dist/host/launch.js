/**
 * What a client's command line asks for in the way of channels, and the question that development entries bring up. Pure.
 *
 * Owns: reading the two flags, entry by entry. Never: decides whether an entry is allowed (gates.ts).
 * https://code.claude.com/docs/en/channels-reference#test-during-the-research-preview
 */
import { CHANNELS_FLAG, DEVELOPMENT_FLAG, readChannelFlags } from "../sdk/channel-flag.js";
import { SluiceError } from "../sdk/errors.js";
/**
 * The entries, those of `--channels` first. `isInteractive` false (`-p`): the development flag is not even read.
 * @throws SluiceError `bad_input`, in the client's words, for values that are no entries: the client does not start.
 */
export function readEntries(argv, isInteractive = true) {
    const values = readChannelFlags(argv).map(({ flag, value }) => {
        if (value !== undefined)
            return { flag, value };
        throw new SluiceError("bad_input", `error: option '${flag} <servers...>' argument missing`);
    });
    const flags = isInteractive ? [CHANNELS_FLAG, DEVELOPMENT_FLAG] : [CHANNELS_FLAG];
    return flags.flatMap((flag) => {
        const parsed = values
            .filter((one) => one.flag === flag)
            .map(({ value }) => ({ value, entry: parseEntry(value, flag === DEVELOPMENT_FLAG) }));
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
function parseEntry(value, isDevelopment) {
    const server = /^server:(?<name>.+)$/s.exec(value)?.groups?.["name"];
    if (server !== undefined)
        return { kind: "server", name: server, isDevelopment };
    const { name, marketplace } = /^plugin:(?<name>[^@]+)@(?<marketplace>.+)$/s.exec(value)?.groups ?? {};
    if (name === undefined || marketplace === undefined)
        return undefined;
    return { kind: "plugin", name, marketplace, isDevelopment };
}
