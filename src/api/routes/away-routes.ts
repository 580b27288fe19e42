/**
 * Routes of being away: whether people are asked at once, or after the time at the desk.
 *
 * Owns: who is said to have set it. Never: when somebody is asked (flow/prompt/notify/escalation.ts).
 */
import { Hono } from "hono";
import { z } from "zod";
import type { AwayView } from "../../flow/prompt/notify/away.ts";
import { AWAY_MODES } from "../../store/prompts/prompt-posts.ts";
import { callerSchema } from "../wire/access-wire.ts";
import type { ApiOptions } from "./options.ts";
import { body } from "./parse.ts";

export type { AwayView };

/** `on` until somebody types at a session, `off` never, `auto` by idle time. */
export const awaySchema = z.strictObject({ mode: z.enum(AWAY_MODES), caller: callerSchema });
export type AwayRequest = z.input<typeof awaySchema>;

export function createAwayRoutes({ away, toCaller }: Pick<ApiOptions, "away" | "toCaller">) {
  return new Hono()
    .get("/away", (c) => c.json(away.view))
    .post("/away", body(awaySchema), async (c) => {
      const { mode, caller } = c.req.valid("json");
      return c.json(await away.set(mode, toCaller(caller).origin));
    });
}
