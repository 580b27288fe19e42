// The platform's half of the wire, for the tests.
import { FakePlatform } from "sluice/testing";
import type { Message } from "./platform.ts";

export async function openFake() {
  const all: Message[] = [];
  const sent: unknown[] = [];
  const platform = await FakePlatform.open(({ method, query, json }) => {
    if (method === "GET") return { json: all.filter(({ id }) => id > Number(query.get("after"))) };
    sent.push(json());
    return { json: {} };
  });
  return {
    platform,
    /** What the channel has sent. */
    sent,
    /** A person writes. */
    say: (from: string, text: string) =>
      void all.push({ id: all.length + 1, chat: `chat of ${from}`, from, text }),
  };
}
