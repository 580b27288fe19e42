/**
 * What was written in a chat while nobody listened.
 *
 * Owns: asking for it page by page, oldest first. Never: keeps it.
 *
 * DISHISTORY-1 Edits, deletions, reactions and presses of that time are told nowhere: only messages come back, as they are now.
 * https://docs.discord.com/developers/resources/message#get-channel-messages
 */
import type { Arrival } from "../../sdk/event.ts";
import { isSluiceError } from "../../sdk/errors.ts";
import type { Logger } from "../../sdk/log.ts";
import { sleep, systemClock } from "../../sdk/clock.ts";
import { type DiscordApi, toFault } from "./api.ts";
import { readMessage, type EventContext } from "./receive.ts";
import { isLater, optionalId } from "./wire.ts";

type Found = { message: string; arrival?: Arrival };

const PAGE = 100;
/** Of one chat: more is no message that still waits for an answer. */
const MAX_MESSAGES = 5_000;
const MAX_WAIT_MS = 60_000;

/** Pages behind `last`; `gone`: the chat is not there any more, or not ours to read. @throws SluiceError: what came before it holds. */
export async function* readHistory(
  api: DiscordApi,
  {
    chat,
    last,
    read,
    signal,
    log,
  }: { chat: string; last: string; read: EventContext; signal: AbortSignal; log: Logger },
): AsyncGenerator<readonly Found[] | "gone"> {
  let after = last;
  for (let count = 0; count < MAX_MESSAGES;) {
    const path = `/channels/${chat}/messages?limit=${PAGE}&after=${after}`;
    const quietMs = api.quietMs("GET", path);
    if (quietMs > 0 && quietMs <= MAX_WAIT_MS) await sleep(quietMs, systemClock, signal);
    const outcome = await api.call("GET", path, { signal });
    if (outcome.kind === "refused" && [403, 404].includes(outcome.status)) {
      log.info({ code: outcome.code }, "a chat is not there any more, or not ours to read");
      yield "gone";
      return;
    }
    if (outcome.kind !== "ok") throw toFault("looking at what was written meanwhile", outcome);
    const messages = (Array.isArray(outcome.result) ? (outcome.result as unknown[]) : [])
      .flatMap((message) => {
        const id = optionalId(message, "id");
        return id === undefined || !isLater(id, after) ? [] : [{ id, message }];
      })
      .toSorted((one, other) => (isLater(one.id, other.id) ? 1 : -1));
    const page: Found[] = [];
    for (const { id, message } of messages) page.push(await readOne(id, message, chat, read));
    if (page.length > 0) yield page;
    count += page.length;
    after = messages.at(-1)?.id ?? after;
    if (messages.length < PAGE) return;
  }
  log.warn({ messages: MAX_MESSAGES }, "more was written meanwhile than is looked at");
}

async function readOne(
  id: string,
  message: unknown,
  chat: string,
  read: EventContext,
): Promise<Found> {
  try {
    const whole = { ...(message as object), channel_id: optionalId(message, "channel_id") ?? chat };
    const reading = await readMessage(whole, false, read, true);
    return reading.kind === "arrival" ? { message: id, arrival: reading.arrival } : { message: id };
  } catch (thrown) {
    // What a channel that cannot be asked for now threw is to be tried again.
    if (isSluiceError(thrown)) throw thrown;
    return { message: id };
  }
}
