// A chat: people write, the session answers. Only who is listed in MY_CHANNEL_SENDERS is heard.
import { setTimeout as wait } from "node:timers/promises";
import { defineChannel, env, type ServiceLive } from "sluice";
import { Platform } from "./platform.ts";

const URL_OF_PLATFORM = env("MY_CHANNEL_URL");
const TOKEN = env("MY_CHANNEL_TOKEN");
const PAUSE_MS = 1_000;

export default defineChannel({
  kind: "my-channel",
  instructions: "Messages of people. Answer each with reply.",
  senders: env("MY_CHANNEL_SENDERS"),
  secrets: [URL_OF_PLATFORM, TOKEN],
  service: {
    connect: async (live) => {
      const platform = new Platform(live.secret(URL_OF_PLATFORM), live.secret(TOKEN));
      // A platform that does not answer, or refuses the token, is not connected.
      const after = await take(platform, live, Number(live.cursor ?? 0));
      follow(platform, live, after).catch((thrown: unknown) => live.lost(String(thrown)));
      return platform;
    },
    disconnect: (platform) => platform.close(),
  },
  reply: ({ chatId, text }, live) => live.connection.send(chatId, text),
});

/** Hands in what is new. The cursor is kept with each message: what was handed in once is not asked for again. */
async function take(platform: Platform, live: ServiceLive, after: number): Promise<number> {
  let last = after;
  for (const { id, chat, from, text } of await platform.readAfter(after)) {
    await live.push({ id: String(id), text, sender: { id: from }, chatId: chat }, String(id));
    last = id;
  }
  return last;
}

async function follow(platform: Platform, live: ServiceLive, from: number): Promise<void> {
  for (let after = from; !platform.signal.aborted; after = await take(platform, live, after))
    await wait(PAUSE_MS, undefined, { signal: platform.signal });
}
