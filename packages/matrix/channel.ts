/**
 * Matrix: a bot's account on a homeserver, in rooms without end-to-end encryption.
 *
 * Owns: putting the parts together. Never: the wire (api.ts), what an event means (events.ts), or who may speak, which is Sluice's.
 * https://spec.matrix.org/latest/client-server-api/
 */
import { defineChannel, env } from "sluice";
import { connect, type Matrix, TIMINGS, type Timings } from "./connection.ts";

export const HOMESERVER = env("MATRIX_HOMESERVER");
export const TOKEN = env("MATRIX_TOKEN");

export const defineMatrix = (timings: Timings = TIMINGS) =>
  defineChannel({
    kind: "matrix",
    title: "Matrix",
    description: "Rooms of a Matrix homeserver without end-to-end encryption, as a bot",
    instructions:
      "Messages of people on Matrix. Answer each with reply, in Markdown; what is said in a room is read by all who are in it.",
    attributes: {
      message_id: "the event's id in its room",
      thread_id: "the root of the thread that it stands in",
      reply_to_id: "the message that it answers",
      reaction: "the emoji that somebody reacted with",
    },
    permission: true,
    secrets: [HOMESERVER, TOKEN],
    service: {
      connect: (live): Promise<Matrix> =>
        connect(live, live.secret(HOMESERVER), live.secret(TOKEN), timings),
      disconnect: (matrix) => matrix.close(),
    },
    reply: (message, live) => live.connection.sender.send(message),
    chat: {
      edit: (input, live) => live.connection.sender.edit(input),
      react: ({ chatId, messageId, reaction }, live) =>
        live.connection.reactions.add(chatId, messageId, reaction),
      typing: ({ chatId, activity }, live) => live.connection.sender.typing(chatId, activity),
      mark: ({ chatId, messageId, sign }, live) =>
        live.connection.reactions.mark(chatId, messageId, sign),
      download: ({ reference, maxBytes }, live) =>
        live.connection.api.download(reference, maxBytes),
    },
  });

export default defineMatrix();
