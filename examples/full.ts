// The desk with everything: who may speak, who may approve, answers and permission prompts sent to a bridge.
import { defineChannel, drop, env } from "sluice";
import { z } from "zod";

export default defineChannel({
  kind: "bridge",
  instructions: "Messages of a chat bridge. Answer with reply.",
  senders: env("BRIDGE_SENDERS"),
  approvers: env("BRIDGE_APPROVERS"),
  permission: true,
  secrets: [env("BRIDGE_URL")],
  webhook: {
    payload: z.object({ from: z.string(), chat: z.string(), id: z.string(), text: z.string() }),
    receive: ({ payload: { from, chat, id, text } }) =>
      text.startsWith("/")
        ? drop("a command of the bridge")
        : { text, id, sender: { id: from }, chatId: chat },
  },
  reply: async ({ chatId, text }, live) => {
    const body = JSON.stringify({ to: chatId, text });
    const sent = await fetch(`${live.secret("BRIDGE_URL")}/send`, { method: "POST", body });
    if (!sent.ok) throw new Error(`the bridge answered ${sent.status}`);
  },
});
