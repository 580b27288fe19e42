import { once } from "node:events";
import { defineChannel, env } from "sluice";
import { z } from "zod";
const gateway = env("WHATSAPP_GATEWAY"); // A WebSocket; opened again by itself when it breaks.
export default defineChannel({
  kind: "whatsapp",
  senders: env("WHATSAPP_SENDERS"),
  secrets: [gateway],
  service: {
    connect: async (live) => {
      const socket = new WebSocket(live.secret(gateway));
      socket.addEventListener("message", ({ data }) => {
        const { id, from, text } = JSON.parse(data);
        void live.push({ id, text, sender: { id: from } });
      });
      socket.addEventListener("close", () => live.lost("the gateway has closed"));
      await once(socket, "open");
      return socket;
    },
    disconnect: (socket) => socket.close(),
  },
  reply: ({ chatId, text }, live) => live.connection.send(JSON.stringify({ to: chatId, text })),
  tools: {
    whatsapp_send: {
      description: "Write to a person on WhatsApp who has not written first",
      input: z.object({ to: z.string(), text: z.string() }),
      run: (message, live) => live.connection.send(JSON.stringify(message)),
    },
  },
});
