/**
 * What the owner changes about a channel's requests, as it travels: its secret, how unknown ones are told, samples.
 *
 * Owns: those shapes. Never: behaviour.
 */
import { z } from "zod";
import { callerSchema } from "./access-wire.ts";

const template = z.string().min(1).max(1_000);

/** How the owner wants requests told; what each may hold stands in catalogue/own-template.ts. */
export const ownTemplateSchema = z.strictObject({
  text: template.optional(),
  meta: z.record(z.string().min(1).max(64), template).optional(),
  entity: template.optional(),
  severity: template.optional(),
  id: template.optional(),
});

/** Null: as before there was one. */
export const templateCallSchema = z.strictObject({
  caller: callerSchema,
  template: ownTemplateSchema.nullable(),
});

const eventId = z.string().regex(/^evt_[0-9a-z]{26}$/, "must be an event id");

/** Without a template: as its channel would tell it now. */
export const previewSchema = z.strictObject({
  event: eventId,
  template: ownTemplateSchema.optional(),
});
export type OwnTemplateView = z.infer<typeof ownTemplateSchema>;
export type PreviewView = {
  channel: string;
  /** What the model has read, and what it would read. */
  before: string;
  after: string;
  /** Paths of the template that this request does not have. */
  missing: string[];
  /** One that suits this request. */
  proposed: OwnTemplateView;
};

export const rotateSchema = z.strictObject({
  caller: callerSchema,
  /** Absent: the hub makes one and returns it once. */
  secret: z.string().max(4_096).optional(),
  /** In place of the first secret: those besides it, by name. They count at once. */
  secrets: z.record(z.string().min(1).max(64), z.string().min(1).max(4_096)).optional(),
  /** How long the earlier one counts as well; 0 ends it at once. */
  overlapMs: z
    .int()
    .min(0)
    .max(14 * 86_400_000),
});
export type RotatedView = {
  name: string;
  url: string;
  token?: string | undefined;
  /** Epoch ms; absent where the earlier secret counts no more. */
  overlapUntil?: number | undefined;
  warning?: string | undefined;
  /** Sluice itself shows it to a platform: nothing is to be done there. */
  replaced?: true;
};

export const sampleSchema = z.strictObject({
  caller: callerSchema,
  kind: z.string().min(1).max(64),
  event: z.string().min(1).max(200).optional(),
  channel: z.string().min(1).max(64).optional(),
});
export type SampleView = {
  channel: string;
  event: string;
  /** What ingress answered. */
  status: number;
  id?: string | undefined;
  duplicate?: boolean | undefined;
};
