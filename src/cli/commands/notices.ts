/**
 * `sluice notices`.
 *
 * Owns: setting and showing the channel that notifies the owner of events that expired or died. Never: sends a notice.
 */
import { read } from "../../api/client/client.ts";
import type { NoticesView } from "../../api/wire/wire.ts";
import { readCallerFacts } from "../access-terminal.ts";
import { defineCommand, JSON_ARG } from "../command.ts";
import { toUsageFault } from "../exit.ts";
import { withHub } from "../hub.ts";
import { printJson, printLine, toLine } from "../output/print.ts";

export const notices = defineCommand({
  meta: {
    name: "notices",
    description:
      'Sets the channel that notifies you of events that expired or got no receipt in five attempts: a chat, or a webhook added with --two-way. With "off", notices are only logged and shown by "sluice status". Without a name, shows the current setting.',
  },
  args: {
    channel: {
      type: "positional",
      required: false,
      description: "The channel's name, or off (default: shows the current setting)",
    },
    chat: { type: "string", valueHint: "id", description: "The chat of that channel" },
    json: JSON_ARG,
  },
  examples: ["sluice notices", "sluice notices telegram --chat 123456789", "sluice notices off"],
  async run({ args }) {
    const { channel, chat } = args;
    if (chat !== undefined && (channel === undefined || channel === "off"))
      throw toUsageFault("--chat needs a channel's name");
    const notices =
      channel === undefined
        ? await withHub((api) => read(api.notices.$get()))
        : await change(
            channel === "off" ? null : { channel, ...(chat === undefined ? {} : { chatId: chat }) },
          );
    if (args.json === true) return printJson({ notices });
    printLine(renderNotices(notices));
    if (channel === undefined)
      printLine("change it: sluice notices <channel> [--chat <id>], sluice notices off");
  },
});

async function change(notices: NoticesView | null): Promise<NoticesView | null> {
  const json = { caller: readCallerFacts(), notices };
  await withHub((api) => read(api.notices.$put({ json })));
  return notices;
}

function renderNotices(notices: NoticesView | null): string {
  if (notices === null) return "notices are only logged and shown by sluice status";
  const chat = notices.chatId === undefined ? "" : `, chat ${toLine(notices.chatId)}`;
  return `notices go to ${toLine(notices.channel)}${chat}`;
}
