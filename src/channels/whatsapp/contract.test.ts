import { test } from "vitest";
import { at, textAt } from "../../sdk/json.ts";
import { channelContract } from "../../testing/channel-contract.ts";
import type { ChatMeans } from "../../testing/chat-means.ts";
import type { ContractRig } from "../../testing/scene.ts";
import { CHATS } from "../../../test/chats/skips.ts";
import { FAKE_TOKEN, FakeGraph, NUMBER, toBody } from "../../../test/fakes/whatsapp/fake-graph.ts";
import { Secret } from "../../sdk/secret.ts";
import { openConnection, type WhatsAppConnection } from "./connection.ts";
import { toRequest, toText } from "./rig.fixture.ts";

const ANN = "15551234567";

async function openRig(): Promise<ContractRig> {
  const fake = await FakeGraph.open();
  let live: WhatsAppConnection | undefined;
  let count = 0;
  let isOver = false;
  const waiting: Buffer[] = [];
  // Meta comes again until it is answered.
  const post = async (): Promise<void> => {
    while (!isOver) {
      const [body] = waiting;
      const answer =
        body === undefined ? undefined : live?.receive(toRequest(body)).catch(() => undefined);
      if ((await answer)?.kind === "answer") waiting.shift();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  const posting = post();
  const write = (text: string, rest: object = {}): string => {
    const id = `wamid.in.${++count}`;
    waiting.push(toBody(toText(text, { id, ...rest })));
    return id;
  };
  return {
    open: async (context) => {
      const opened = await openConnection(context, new Secret(FAKE_TOKEN), { timeoutMs: 2_000 });
      live = opened;
      return {
        ...opened,
        close: async () => {
          live = undefined;
          await opened.close();
        },
      };
    },
    secret: FAKE_TOKEN,
    settings: { number: NUMBER, "api-root": fake.root },
    chatId: ANN,
    maxTextChars: 4_096,
    say: (text) => void write(text),
    sent: () => fake.sent.map((one) => textAt(one, "text.body") ?? ""),
    slowDown: (seconds) =>
      fake.plan({ kind: "error", status: 429, code: 130_429, retryAfter: seconds }),
    breakAfterSend: () => fake.plan({ kind: "break" }),
    leave: () => fake.close(),
    requests: () => fake.calls.length,
    chat: toChat(fake, write),
    close: async () => {
      isOver = true;
      await posting;
      await fake.close();
    },
  };
}

/** What people do in the app. */
function toChat(fake: FakeGraph, write: (text: string, rest?: object) => string): ChatMeans {
  const find = (id: string) => fake.sent.find((one) => one["id"] === id);
  const tap = (id: string, label: string): void => {
    const buttons = at(find(id), "interactive.action.buttons") as { reply: { title: string } }[];
    const button_reply = buttons.map(({ reply }) => reply).find(({ title }) => title === label);
    write("", {
      type: "interactive",
      text: undefined,
      context: { id, from: "15550100" },
      interactive: { type: "button_reply", button_reply },
    });
  };
  return {
    write: ({ text, place, isAddressed, isForwarded, answers, file }) => {
      if (file !== undefined) fake.files.set("7788", Buffer.from(file.content));
      const context = {
        ...(answers === undefined ? {} : { id: answers }),
        ...(isAddressed === true ? { id: "wamid.1", from: "15550100" } : {}),
        ...(isForwarded === true ? { forwarded: true } : {}),
      };
      return write(text, {
        ...(place === undefined ? {} : { group_id: "G42" }),
        ...(Object.keys(context).length === 0 ? {} : { context }),
        ...(file === undefined
          ? {}
          : { type: "document", document: { id: "7788", filename: file.name } }),
      });
    },
    edit: () => undefined,
    remove: () => undefined,
    react: (id, emoji) =>
      void write("", { type: "reaction", text: undefined, reaction: { message_id: id, emoji } }),
    press: tap,
    fill: async () => undefined,
    command: () => undefined,
    read: (id) => {
      const message = find(id);
      const reactions = fake.sent.filter((one) => at(one, "reaction.message_id") === id);
      const last = textAt(reactions.at(-1), "reaction.emoji");
      const name = textAt(message, "document.filename");
      return {
        text: textAt(message, "text.body") ?? "",
        buttons: [],
        files: name === undefined ? [] : [name],
        reactions: last === undefined ? [] : [last],
        answers: textAt(message, "context.message_id"),
      };
    },
    typed: () => {
      const shown = fake.calls.filter(({ body }) => body["typing_indicator"] !== undefined);
      return shown.map(() => ANN);
    },
  };
}

// Messages come in whether the token counts or not; and an outage is Meta's to wait out.
const LACKS = { revoke: false, failFor: false } as const;

for (const { claim, run } of channelContract(openRig, LACKS, CHATS.whatsapp)) test(claim, run);
