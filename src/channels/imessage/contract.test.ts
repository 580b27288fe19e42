import { test } from "vitest";
import { channelContract } from "../../testing/channel-contract.ts";
import type { ContractRig } from "../../testing/scene.ts";
import type { ChatMeans } from "../../testing/chat-means.ts";
import { CHATS } from "../../../test/chats/skips.ts";
import { FakeMessages, toDate } from "../../../test/fakes/imessage/fake-messages.ts";
import { toSummaryInfo } from "../../../test/fakes/imessage/typed-stream.ts";
import { openConnection } from "./connection.ts";
import { QUICK } from "./rig.fixture.ts";

async function openRig(): Promise<ContractRig> {
  const fake = new FakeMessages();
  return {
    open: (context) => openConnection(context, QUICK, fake.runner),
    secret: "none-is-needed-for-a-file-of-ones-own",
    settings: { database: fake.path },
    chatId: "ann@example.com",
    maxTextChars: 10_000,
    say: (text) => void fake.say({ text, isAttributed: text.length % 2 === 0 }),
    sent: () => fake.runs.map(({ text }) => text),
    requests: () => fake.runs.length,
    chat: toChat(fake),
    close: async () => fake[Symbol.dispose](),
  };
}

/** What people do in Messages. */
function toChat(fake: FakeMessages): ChatMeans {
  const rows = new Map<string, bigint>();
  fake.addChat("chat900", 43);
  const ours = fake.say({ text: "from here", isFromMe: true, chat: "chat900" });
  const keep = ({ row, guid }: { row: bigint; guid: string }): string => {
    rows.set(guid, row);
    return guid;
  };
  const find = (guid: string): bigint => rows.get(guid) ?? 0n;
  const none = (): void => undefined;
  return {
    write: ({ text, place, isAddressed, answers, file }) => {
      const thread_originator_guid = answers ?? (isAddressed === true ? ours.guid : undefined);
      return keep(
        fake.say({
          text,
          ...(place === undefined ? {} : { chat: "chat900" }),
          ...(file === undefined ? {} : { files: [{ ...file, mime: "text/plain" }] }),
          ...(thread_originator_guid === undefined ? {} : { columns: { thread_originator_guid } }),
        }),
      );
    },
    edit: (id, text) =>
      fake.change(find(id), {
        text: null,
        date_edited: toDate(Date.now() + 1),
        message_summary_info: toSummaryInfo(["before", text]),
      }),
    remove: (id) => fake.change(find(id), { text: null, date_retracted: toDate(Date.now() + 1) }),
    react: (id) =>
      void fake.say({
        text: "Liked it",
        columns: { associated_message_type: 2_001, associated_message_guid: `p:0/${id}` },
      }),
    press: none,
    fill: async () => undefined,
    command: none,
    read: (id) => {
      const files = fake.db
        .prepare(
          "SELECT a.transfer_name AS name FROM attachment a JOIN message_attachment_join j ON j.attachment_id = a.ROWID JOIN message m ON m.ROWID = j.message_id WHERE m.guid = ?",
        )
        .all(id);
      return { text: "", buttons: [], files: files.map(({ name }) => String(name)), reactions: [] };
    },
    typed: () => [],
  };
}

// No connection breaks, nobody asks to wait, and there is no credential: macOS gives a right to the program.
const LACKS = {
  slowDown: false,
  breakAfterSend: false,
  leave: false,
  failFor: false,
  revoke: false,
} as const;

for (const { claim, run } of channelContract(openRig, LACKS, CHATS.imessage)) test(claim, run);
