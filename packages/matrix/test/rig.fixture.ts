/**
 * The channel on a fake homeserver, for the contract and for tests of its own.
 *
 * Owns: what people do in their clients. Never: asserts anything.
 */
import type { Arrival, ConnectionState } from "sluice";
import type { ChannelConnection, ChannelContext } from "sluice/platform";
import { type ChatMeans, type ContractRig, openDefined } from "sluice/testing";
import { defineMatrix } from "../channel.ts";
import { at, textAt } from "../json.ts";
import { ANN, BOT, buttonsIn, DIRECT, FAKE_TOKEN, FakeMatrix, GROUP } from "./fake-matrix.ts";

export const QUICK = { pollMs: 5_000, againMs: 20, tries: 6 };

export function toChat(fake: FakeMatrix): ChatMeans {
  let root: string | undefined;
  const react = (id: string, key: string): void => {
    const relation = { rel_type: "m.annotation", event_id: id, key };
    const room = fake.find(id)?.room_id ?? DIRECT;
    fake.add({ "m.relates_to": relation }, { room, type: "m.reaction" });
  };
  return {
    write: ({ text, place, isAddressed, isBot, answers, file }) => {
      const room = place === undefined ? DIRECT : GROUP;
      root ??=
        place === "thread" ? fake.write("the root", { room: GROUP, sender: BOT }) : undefined;
      const relation =
        place === "thread"
          ? { rel_type: "m.thread", event_id: root }
          : answers === undefined
            ? undefined
            : { "m.in_reply_to": { event_id: answers } };
      const quoted = answers === undefined ? "" : `> <${ANN}> the first\n\n`;
      const id = "plan";
      if (file !== undefined)
        fake.files.set(id, {
          content: Buffer.from(file.content),
          name: file.name,
          type: "text/plain",
        });
      return fake.write(file?.name ?? quoted + text, {
        room,
        ...(file === undefined
          ? {}
          : {
              msgtype: "m.file",
              url: `mxc://example.org/${id}`,
              info: { size: file.content.length },
            }),
        ...(isBot === true ? { msgtype: "m.notice" } : {}),
        ...(relation === undefined ? {} : { "m.relates_to": relation }),
        "m.mentions": isAddressed === true ? { user_ids: [BOT] } : {},
      });
    },
    edit: (id, text) => {
      const content = { msgtype: "m.text", body: text };
      const relation = { rel_type: "m.replace", event_id: id };
      fake.write(`* ${text}`, { "m.new_content": content, "m.relates_to": relation });
    },
    remove: (id) => void fake.redact(id, ANN),
    react,
    press: react,
    fill: async () => undefined,
    command: (name) => void fake.write(`!${name}`),
    read: (id) => {
      const [event, shown] = [fake.find(id), fake.shown(id)];
      if (event === undefined || shown === undefined) return undefined;
      const relation = at(event.content, "m.relates_to");
      const isFile = shown["url"] !== undefined;
      const threadId =
        at(relation, "rel_type") === "m.thread" ? textAt(relation, "event_id") : undefined;
      return {
        text: isFile ? "" : String(shown["body"]),
        // A button is there where its word stands under the message.
        buttons: buttonsIn(shown).filter((key) => fake.reactions(id).includes(key)),
        files: isFile ? [String(shown["filename"])] : [],
        reactions: fake.reactions(id),
        answers:
          at(relation, "is_falling_back") === true
            ? undefined
            : textAt(relation, "m.in_reply_to", "event_id"),
        threadId,
      };
    },
    typed: () => fake.typed,
  };
}

const isMessage = ({ method, path }: { method: string; path: string }): boolean =>
  method === "PUT" && path.includes("/send/m.room.message/");

export async function openRig(): Promise<ContractRig & { fake: FakeMatrix }> {
  const fake = await FakeMatrix.open();
  const { platform } = fake;
  const others = { MATRIX_HOMESERVER: platform.root };
  return {
    fake,
    open: openDefined(defineMatrix(QUICK), "MATRIX_TOKEN", others),
    secret: FAKE_TOKEN,
    settings: {},
    chatId: DIRECT,
    maxTextChars: 16_000,
    say: (text) => void fake.write(text),
    sent: () => fake.ours(DIRECT).map(({ content }) => String(content["body"])),
    slowDown: (seconds) =>
      platform.fail({ kind: "status", status: 429, retryAfterSeconds: seconds }, 1, isMessage),
    breakAfterSend: () => platform.fail({ kind: "break" }, 9, isMessage),
    leave: () => fake.close(),
    failFor: (requests) => {
      platform.cut();
      platform.fail({ kind: "status", status: 502 }, requests);
    },
    revoke: () => {
      fake.token = `${FAKE_TOKEN.slice(0, -3)}new`;
    },
    requests: () => platform.requests.length,
    openCount: () => platform.openCount,
    chat: toChat(fake),
    close: () => fake.close(),
  };
}

/** A hub that keeps what it is given, around one life of the channel after the other. */
export class Bot implements AsyncDisposable {
  readonly fake: FakeMatrix;
  readonly kept: Arrival[] = [];
  readonly logged: string[] = [];
  readonly states: ConnectionState[] = [];
  settings: Readonly<Record<string, string>> = {};
  cursor: string | undefined;
  connection!: ChannelConnection;
  #end = new AbortController();

  constructor(fake: FakeMatrix) {
    this.fake = fake;
  }

  static async open(settings: Readonly<Record<string, string>> = {}): Promise<Bot> {
    const bot = new Bot(await FakeMatrix.open());
    bot.settings = settings;
    await bot.begin();
    return bot;
  }

  async begin(): Promise<void> {
    const end = new AbortController();
    this.#end = end;
    const log = (facts: object, message: string): void =>
      void this.logged.push(`${message} ${JSON.stringify(facts)}`);
    const context: ChannelContext = {
      name: "matrix",
      // The contract reveals it; a test of the channel's own needs no more of a secret.
      secret: { reveal: () => FAKE_TOKEN } as ChannelContext["secret"],
      settings: this.settings,
      cursor: this.cursor,
      take: async (arrivals, cursor) => {
        for (const arrival of arrivals)
          if (!this.kept.some(({ deliveryId }) => deliveryId === arrival.deliveryId))
            this.kept.push(arrival);
        this.cursor = cursor;
      },
      report: (state) => void this.states.push(state),
      clock: {
        now: () => Date.now(),
        after: (ms, run) => {
          const timer = setTimeout(run, ms);
          return () => clearTimeout(timer);
        },
      },
      log: { debug() {}, info: log, warn: log, error: log },
      signal: end.signal,
    };
    const open = openDefined(defineMatrix(QUICK), "MATRIX_TOKEN", {
      MATRIX_HOMESERVER: this.fake.platform.root,
    });
    this.connection = await open(context);
  }

  async end(): Promise<void> {
    this.#end.abort();
    await this.connection.close();
  }

  words(): string[] {
    return this.kept.map(({ quotes, text }) => quotes[0]?.text ?? text);
  }

  /** All that was said before this has been read. */
  async settle(room = DIRECT): Promise<void> {
    const id = this.fake.write("that is all", { room });
    await until(() => this.kept.some(({ deliveryId }) => deliveryId === id));
    this.kept.pop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
    await this.fake.close();
  }
}

export async function until(what: () => unknown): Promise<void> {
  const end = Date.now() + 20_000;
  while (!what()) {
    if (Date.now() > end) throw new Error(`not so: ${what.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
