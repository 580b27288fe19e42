// A desk: people write by POST with X-Sender, and read what the session answers on GET /out/desk.
import { defineChannel, drop, env } from "sluice";

export default defineChannel({
  kind: "desk",
  instructions: "People at the desk ask short questions. Answer each with reply.",
  senders: env("DESK_SENDERS"),
  reply: true,
  webhook: {
    receive: ({ text, headers }) => {
      const id = headers["x-sender"];
      if (id === undefined || text === "") return drop("no sender or no text");
      return { text, sender: { id }, chatId: headers["x-chat"] ?? id };
    },
  },
});
