/**
 * `sluice notices`.
 *
 * Owns: naming the channel on which the owner hears of events that expired or died. Never: sends one.
 */
import { read } from "../api/client.ts";
import { defineCommand, JSON_ARG } from "./command.ts";
import { toUsageFault } from "./exit.ts";
import { withHub } from "./hub.ts";
import { printJson, printLine, toLine } from "./print.ts";

export const notices = defineCommand({
  meta: {
    name: "notices",
    description:
      'Names the channel on which you are told of events that expired, or got no receipt in five attempts: a chat, or a webhook that was added with --two-way. "off" leaves them to the log and "sluice status".',
  },
  args: {
    channel: { type: "positional", description: "The channel's name, or off" },
    chat: { type: "string", valueHint: "id", description: "Which chat of it" },
    json: JSON_ARG,
  },
  examples: [
    "sluice notices ops",
    "sluice notices telegram --chat 123456789",
    "sluice notices off",
  ],
  async run({ args }) {
    const isOff = args.channel === "off";
    if (isOff && args.chat !== undefined) throw toUsageFault("--chat goes with a channel's name");
    const json = isOff
      ? null
      : { channel: args.channel, ...(args.chat === undefined ? {} : { chatId: args.chat }) };
    await withHub((api) => read(api.notices.$put({ json })));
    if (args.json === true) printJson({ notices: json });
    else if (json === null) printLine("notices stand in the log and in sluice status only");
    else printLine(`notices go to ${toLine(json.channel)}`);
  },
});
