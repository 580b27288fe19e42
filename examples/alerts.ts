// Alerts of any monitor: urgent ones come first, a resolved one takes the place of the firing one while both wait.
import { bearer, defineChannel, env } from "sluice";
import { z } from "zod";

const alert = z.object({
  id: z.string(),
  title: z.string(),
  severity: z.enum(["critical", "warning", "info"]),
  status: z.enum(["firing", "resolved"]),
});

export default defineChannel({
  kind: "alerts",
  instructions: "Alerts of production. Look into critical ones at once, mention the others.",
  attributes: { severity: "critical, warning or info", status: "firing or resolved" },
  ttlMs: 24 * 3_600_000,
  webhook: {
    verify: bearer(env("ALERTS_TOKEN")),
    payload: alert,
    receive: ({ payload: { id, title, severity, status } }) => ({
      text: `${status}: ${title}`,
      meta: { severity, status },
      stateOf: `alert/${id}`,
      priority: severity === "critical" ? "urgent" : "normal",
    }),
  },
});
