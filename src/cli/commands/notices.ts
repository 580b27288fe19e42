/**
 * `sluice notices`.
 *
 * Owns: setting and showing the channel that notifies the owner of events that expired or died. Never: sends a notice.
 */
import type { NoticesView } from "../../api/wire/wire.ts";
import { readCallerFacts } from "../access-terminal.ts";
import { defineCommand, JSON_ARG, option, optionalPositional } from "../command.ts";
import { toUsageFault } from "../exit.ts";
import { ask } from "../hub.ts";
import { printJson, printLine, toLine } from "../output/print.ts";

export const notices = defineCommand({
  description:
    'Sets the channel that notifies you of events that expired or got no receipt in five attempts: a chat, or a webhook added with --two-way. With "off", notices are only logged and shown by "sluice status". Without a name, shows the current setting.',
  args: {
    channel: optionalPositional("The channel's name, or off (default: shows the current setting)"),
    chat: option("id", "The chat of that channel"),
    json: JSON_ARG,
  },
  examples: ["sluice notices", "sluice notices telegram --chat 123456789", "sluice notices off"],
  async run({ args }) {
    const { channel, chat } = args;
    if (chat !== undefined && (channel === undefined || channel === "off"))
      throw toUsageFault("--chat needs a channel's name");
    const notices =
      channel === undefined
        ? await ask((api) => api.notices.$get())
        : await change(channel === "off" ? null : { channel, chatId: chat });
    if (args.json === true) return printJson({ notices });
    printLine(renderNotices(notices));
    if (channel === undefined)
      printLine("change it: sluice notices <channel> [--chat <id>], sluice notices off");
  },
});

async function change(notices: NoticesView | null): Promise<NoticesView | null> {
  const json = { caller: readCallerFacts(), notices };
  await ask((api) => api.notices.$put({ json }));
  return notices;
}

function renderNotices(notices: NoticesView | null): string {
  if (notices === null) return "notices are only logged and shown by sluice status";
  const chat = notices.chatId === undefined ? "" : `, chat ${toLine(notices.chatId)}`;
  return `notices go to ${toLine(notices.channel)}${chat}`;
}
