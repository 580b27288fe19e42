// Alerts of Sentry, verified by a token in a header. Run alone: sluice serve ./sentry.ts
import { defineChannel, env, header } from "sluice";
import { z } from "zod";

const event = z.object({
  title: z.string(),
  web_url: z.string(),
  level: z.string(),
  event_id: z.string(),
});

export default defineChannel({
  kind: "sentry-alerts",
  instructions: "One-way alerts of Sentry: read, investigate, report in chat.",
  webhook: {
    verify: header("X-Sentry-Token", env("SENTRY_WEBHOOK_TOKEN")),
    payload: z.object({ event }),
    receive: ({ payload: { event } }) => ({
      text: `${event.title}\n${event.web_url}`,
      meta: { severity: event.level },
      entity: event.event_id,
    }),
  },
});
