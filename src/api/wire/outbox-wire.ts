/**
 * The outbox as it travels between the hub and its clients.
 *
 * Owns: the query and the view. Never: behaviour.
 */
import { z } from "zod";
import { OUTBOX_STATES } from "../../sdk/message.ts";

export const outboxQuerySchema = z.object({
  state: z.enum(OUTBOX_STATES).optional(),
  channel: z.string().max(32).optional(),
  limit: z.coerce.number().int().min(1).max(10_000).default(50),
});

/** A message on its way out, as `--json` prints it. Times are epoch ms. */
export type OutboxView = {
  id: number;
  kind: string;
  channel: string;
  chatId: string | null;
  event: string | null;
  session: string;
  text: string;
  files: string[];
  state: string;
  reason: string | null;
  attempts: number;
  dueAt: number;
  createdAt: number;
  sentAt: number | null;
};
