/**
 * What travels between the hub and its clients about access.
 *
 * Owns: schemas of requests, types of answers. Never: behaviour. Names of `--json` output stay as they are: scripts parse them.
 */
import { z } from "zod";
import { accessChangeSchema } from "../../flow/access/change.ts";

/** Who calls: the hub looks at that process itself. */
export const callerSchema = z.strictObject({
  pid: z.int().positive(),
  startTime: z.string().min(1).max(128),
  /** Its input and output are a terminal. */
  tty: z.boolean(),
  /** Its environment is that of a session's shell. */
  session: z.boolean(),
});
export type CallerFacts = z.output<typeof callerSchema>;

const code = z.string().min(1).max(64);
/** A pairing is confirmed with the last four characters of the id. */
const lastFour = z.string().min(1).max(8).optional();

/** A pairing is named by its code, never picked. */
const pairSchema = z.strictObject({
  kind: z.literal("pair-code"),
  code,
  roles: z
    .array(z.enum(["chatter", "approver", "owner"]))
    .min(1)
    .max(3)
    .optional(),
});

export const accessAskSchema = z.strictObject({
  change: z.union([pairSchema, accessChangeSchema]),
  caller: callerSchema,
  lastFour,
});
export type AccessAsk = z.output<typeof accessAskSchema>;

/** What a link of persons would grant. */
export const accessExplainSchema = z.strictObject({ change: accessChangeSchema });
export const accessFindSchema = z.strictObject({ code, caller: callerSchema });
export const accessRejectSchema = z.strictObject({ caller: callerSchema });
export const accessConfirmSchema = z.strictObject({ caller: callerSchema, lastFour });
export const auditQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(10_000).default(50),
});

/** Somebody who asked for a code. Times are epoch ms. */
export type AskingPersonView = {
  channel: string;
  account: string;
  id: string;
  name: string;
  createdAt: number;
  expiresAt: number;
};

export type AccessRequestView = {
  number: number;
  summary: string;
  origin: string;
  createdAt: number;
  expiresAt: number;
  person?: AskingPersonView | undefined;
};

export type AccessView = {
  state: "ok" | "static" | "damaged";
  reason?: string | undefined;
  /** `policy`: the owner's; `page` its one user and nobody else; `source` whoever holds its secret, for there are no people on it. */
  channels: { name: string; policy: string }[];
  senders: {
    channel: string;
    account: string;
    id: string;
    name: string;
    roles: string[];
    addedAt: number;
    addedBy: string;
  }[];
  groups: {
    channel: string;
    id: string;
    senders: string[];
    requireMention: boolean;
    patterns: string[];
  }[];
  contacts: { channel: string; chatId: string; name: string }[];
  /** Places of people who are in several; `preferred`: where they are told. */
  persons: { person: string; channel: string; id: string; preferred: boolean; counts: string[] }[];
  invites: { channel: string; roles: string[]; expiresAt: number }[];
  pairings: AskingPersonView[];
  requests: AccessRequestView[];
  /** What a person gets whom the owner names no role for. */
  defaultRoles: string[];
  /** `damage`: rows were changed or are missing. `healed`: what was wrong before the last restore. */
  audit: { rows: number; damage?: string | undefined; healed?: string | undefined };
};

/** For status: whether the rules count, and how many changes wait for the owner. */
export type AccessStateView = {
  state: AccessView["state"];
  reason?: string | undefined;
  waiting: number;
};

/** One row of the audit. `at` is epoch ms. */
export type AuditView = {
  seq: number;
  at: number;
  actor: string;
  action: string;
  detail: string;
  hash: string;
};
