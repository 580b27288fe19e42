/**
 * A live number: what comes in (intake.ts), and the way out.
 *
 * Owns: how its parts work together. Never: the wire (api.ts).
 */
import type {
  ChannelConnection,
  ChannelContext,
  Received,
  VerifiedRequest,
} from "../../sdk/channel.ts";
import { SluiceError, toMessage } from "../../sdk/errors.ts";
import { textAt } from "../../sdk/json.ts";
import type { Sign } from "../../sdk/message.ts";
import type { RequestTimings } from "../../sdk/net/request.ts";
import type { Secret } from "../../sdk/secret.ts";
import { API_ROOT, GraphApi, isOutsideWindow } from "./api.ts";
import { WhatsAppIntake } from "./intake.ts";
import { MAX_FILE_BYTES, WhatsAppSender } from "./send.ts";
import { FAULT_MS, Standing } from "./standing.ts";

const SIGNS: Readonly<Record<Sign, string>> = {
  received: "👀",
  approval: "✍",
  answered: "",
  maybe: "🤔",
  done: "👌",
  lost: "🤷",
};

export type WhatsAppConnection = ChannelConnection & {
  receive(request: VerifiedRequest): Promise<Received>;
};

type WhatsAppTimings = RequestTimings & {
  /** First and last pause before the API is asked again. */
  faultMs?: readonly [first: number, last: number];
};

/** Opens it. Resolves once the API has named the number, or has not: `report` says which. */
export async function openConnection(
  context: ChannelContext,
  token: Secret,
  { faultMs = FAULT_MS, ...timings }: WhatsAppTimings = {},
): Promise<WhatsAppConnection> {
  const { settings, log } = context;
  const closing = new AbortController();
  const signal = AbortSignal.any([context.signal, closing.signal]);
  const number = settings["number"];
  if (number === undefined)
    throw new SluiceError(
      "bad_config",
      "whatsapp: no number; add it with --set number=PHONE_NUMBER_ID",
    );
  const api = new GraphApi(token, { root: settings["api-root"] ?? API_ROOT, timings, signal });
  const sender = new WhatsAppSender(api, number);
  const intake = new WhatsAppIntake(context, number, sender);
  const standing = new Standing({ api, number, context, signal, faultMs });
  await standing.open();
  return {
    maxFileBytes: MAX_FILE_BYTES,
    get account() {
      const { shown } = standing;
      return shown === undefined ? undefined : { name: shown };
    },
    receive: (request) => intake.receive(request),
    async send(message) {
      try {
        return { messageIds: await standing.watch(() => sender.send(message)) };
      } catch (thrown) {
        if (isOutsideWindow(thrown)) intake.invite(message.chatId);
        throw thrown;
      }
    },
    react: (chatId, messageId, reaction) => sender.react(chatId, messageId, reaction),
    async typing(chatId, activity) {
      const message = intake.findNewest(chatId);
      // Nobody types while a person is asked: the sign at the message says so.
      if (message !== undefined && activity !== "approval") await sender.read(message, true);
    },
    async mark(chatId, messageId, sign) {
      if (sign === "received")
        await sender.read(messageId, false).catch((thrown: unknown) => {
          log.debug({ error: toMessage(thrown) }, "a message could not be marked as read");
        });
      await sender.react(chatId, messageId, SIGNS[sign]);
    },
    async download(reference, maxBytes) {
      const found = await api.call("GET", encodeURIComponent(reference));
      const url = textAt(found, "url");
      if (url === undefined)
        throw new SluiceError(
          "not_found",
          "whatsapp: the file is gone; WhatsApp keeps it for 7 days",
        );
      return api.download(url, Math.min(maxBytes, MAX_FILE_BYTES));
    },
    async close() {
      closing.abort();
      await standing.over();
    },
  };
}
