/**
 * What travels between the hub and the approvals page, in one place for both sides.
 *
 * Owns: schemas of requests, types of answers. Never: behaviour.
 *
 * Every text in these views was made visible by the hub (flow/prompt/show/visible.ts): the page shows it as it is, as text.
 */
import { z } from "zod";
import { type Keep, KEEPS, type PromptKind, type PromptState } from "../../sdk/prompt.ts";

export const promptIdPattern: RegExp = /^prm_[0-9a-z]{26}$/;

const answer = z.strictObject({
  /** By their place in the prompt: what goes back is the session's own word for it. */
  options: z.array(z.int().min(0).max(100)).max(20).default([]),
  text: z.string().max(2_000).default(""),
});

export const pageVerdictSchema = z.strictObject({
  verdict: z.discriminatedUnion("kind", [
    /** `keep`: and exactly this again, as a rule; with the code typed, and not through a tunnel. */
    z.strictObject({ kind: z.literal("allow"), keep: z.enum(KEEPS).optional() }),
    z.strictObject({ kind: z.literal("deny"), reason: z.string().max(1_000).optional() }),
    z.strictObject({ kind: z.literal("answers"), answers: z.array(answer).max(20) }),
  ]),
  /** Of what was shown: a call that has changed meanwhile is not what the person has read. */
  digest: z.string().max(64),
  typedCode: z.string().max(64).optional(),
});
export type PageVerdict = z.input<typeof pageVerdictSchema>;

/** `auto`: away after a while without anybody at a terminal. */
export const pageAwaySchema = z.strictObject({ mode: z.enum(["on", "auto"]) });

export const promptHistoryQuerySchema = z.object({
  before: z.string().regex(promptIdPattern, "must be a prompt's id").optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** A prompt in a list. Times are epoch ms. */
export type PromptLine = {
  id: string;
  kind: PromptKind;
  tool: string;
  session: string;
  sessionName: string;
  cwd: string;
  /** The beginning of what it asks, on one line. */
  headline: string;
  /** It is approved with its code typed. */
  isRisky: boolean;
  count: number;
  agent?: string | undefined;
  handedTo?: string | undefined;
  createdAt: number;
  expiresAt: number;
  state: PromptState;
  /** What became of it, in words: by whom, by what way, which rule, why. */
  summary?: string | undefined;
  verdict?: "allow" | "deny" | "answers" | undefined;
  endedAt?: number | undefined;
};

export type PromptDetail = PromptLine & {
  code: string;
  description?: string | undefined;
  arguments: string;
  digest: string;
  isCut: boolean;
  questions: {
    question: string;
    header?: string | undefined;
    options: { label: string; description?: string | undefined }[];
    isMulti: boolean;
  }[];
  /** Why it needs its code; empty where nothing is certain but that it is not on the list of harmless calls. */
  reasons: string[];
  /** Said of a call that needs none: what it does besides reading. */
  note?: string | undefined;
  /** For how long this browser may have exactly this allowed; empty where it may not, or the call cannot be kept. */
  keeps: Keep[];
  /** For a question that was answered, in its order. */
  answers?: string[] | undefined;
  /** All that its session asks is denied now. */
  hold?: HoldView | undefined;
};

/** `stop` ends when somebody types in the session, `deny` at `until` (epoch ms). */
export type HoldView = { kind: "deny" | "stop"; until: number };

/** `now` is the hub's clock: the browser's may differ. */
export type ApprovalsView = {
  now: number;
  /** False: this browser can view and deny, not approve. */
  mayAllow: boolean;
  open: PromptLine[];
  away: PageAway;
  /** How long a prompt is left to who is here before chats and phones hear of it. */
  afterMs?: number | undefined;
};
/** While away, chats and phones hear of a prompt at once. */
export type PageAway = { isAway: boolean };
export type PromptHistoryView = { prompts: PromptLine[]; next?: string | undefined };

/** What became of a tap. `late`: another answer came first, and the prompt says which. */
export type PageOutcome =
  | { kind: "done" | "late" | "needs-code"; prompt: PromptDetail }
  | { kind: "unknown" }
  | { kind: "locked"; untilMs: number }
  | { kind: "refused"; reason: string };

export type DenyAllView = { denied: number; until: number };
/** `resumed`: there was something to take back. */
export type ResumeView = { resumed: boolean };
/** `isReached`: its shim is connected, so the model is told at its next step. */
export type StopView = { denied: number; isReached: boolean };

/** Pushed to every open tab. */
export type AwayPush = { kind: "away"; away: PageAway };
/** Pushed to every open tab when a prompt is new, changed or over. */
export type PromptPush = { kind: "prompt"; prompt: PromptLine; now: number };
