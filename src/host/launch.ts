/**
 * What a client's command line asks for in the way of channels, and the question that development entries bring up. Pure.
 *
 * Owns: reading the two flags, entry by entry. Never: decides whether an entry is allowed (gates.ts).
 * https://code.claude.com/docs/en/channels-reference#test-during-the-research-preview
 */
import { SluiceError } from "../sdk/errors.ts";

export type ChannelEntry =
  | { kind: "plugin"; name: string; marketplace: string; isDevelopment: boolean }
  | { kind: "server"; name: string; isDevelopment: boolean };

export const CHANNELS_FLAG = "--channels";
export const DEVELOPMENT_FLAG = "--dangerously-load-development-channels";

/**
 * The entries, those of `--channels` first. Each flag takes all that follows, up to the next flag: a prompt written behind it too.
 * @throws SluiceError `bad_input`, in the client's words, for a value that is no entry: the client does not start.
 */
export function readEntries(argv: readonly string[]): ChannelEntry[] {
  return [CHANNELS_FLAG, DEVELOPMENT_FLAG].flatMap((flag) =>
    listValues(argv, flag).map((value) => {
      const entry = parseEntry(value, flag === DEVELOPMENT_FLAG);
      if (entry === undefined)
        throw new SluiceError("bad_input", `${flag} entries must be tagged: ${value}`);
      return entry;
    }),
  );
}

/** What the client asks at each start before it takes development entries; the other answer ends it. */
export function toDevelopmentQuestion(names: readonly string[]): string {
  return [
    `${DEVELOPMENT_FLAG} is for local channel development only. Do not use this option to run channels you have downloaded off the internet.`,
    "Please use --channels to run a list of approved channels.",
    `Channels: ${names.join(", ")}`,
    "1. I am using this for local development",
    "2. Exit",
  ].join("\n");
}

function listValues(argv: readonly string[], wanted: string): string[] {
  let flag = "";
  return argv.flatMap((argument) => {
    const [, name, inline] = /^(--?[\w-]*)(?:=(.*))?$/s.exec(argument) ?? [];
    if (name !== undefined) flag = name;
    if (flag !== wanted) return [];
    const values = name === undefined ? argument : (inline ?? "");
    return values.split(",").filter((value) => value !== "");
  });
}

function parseEntry(value: string, isDevelopment: boolean): ChannelEntry | undefined {
  const server = /^server:(?<name>.+)$/s.exec(value)?.groups?.["name"];
  if (server !== undefined) return { kind: "server", name: server, isDevelopment };
  const { name, marketplace } =
    /^plugin:(?<name>[^@:]+)@(?<marketplace>[^@:]+)$/.exec(value)?.groups ?? {};
  if (name === undefined || marketplace === undefined) return undefined;
  return { kind: "plugin", name, marketplace, isDevelopment };
}
