// Alerts that another system posts. What it sends, and what of it the model reads, is yours to change.
import { bearer, defineChannel, drop, env } from "sluice";
import { z } from "zod";

const alert = z.object({
  id: z.string(),
  title: z.string(),
  level: z.enum(["info", "warning", "critical"]),
  url: z.url().optional(),
});

export default defineChannel({
  kind: "my-channel",
  instructions: "Alerts. Look into critical ones at once, and mention the others.",
  attributes: { level: "warning or critical" },
  webhook: {
    verify: bearer(env("MY_CHANNEL_TOKEN")),
    payload: alert,
    receive: ({ payload: { id, title, level, url } }) =>
      level === "info"
        ? drop("for information only")
        : {
            id,
            text: url === undefined ? title : `${title}\n${url}`,
            meta: { level },
            priority: level === "critical" ? "urgent" : "normal",
          },
  },
});
