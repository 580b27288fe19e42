/**
 * Routes of `away`: whether chats and phones are notified of a prompt at once, or after the time for the person at the desk.
 *
 * Owns: the name of the person who set it. Never: when somebody is notified (flow/prompt/notify/escalation.ts).
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
