/**
 * The vocabulary of prompts: the questions of a session to people, and their answers.
 *
 * Owns: names and shapes. Never: behaviour. No shape here holds the raw input of a tool: what people see is masked before it is kept.
 */

/** `tool` a call that needs permission, `question` the model's own question, `plan` a plan to be accepted. */
const PROMPT_KINDS = ["tool", "question", "plan"] as const;
export type PromptKind = (typeof PROMPT_KINDS)[number];

/**
 * What became of a prompt. `pending` waits for people. `answered` a verdict was taken, and no other one will be.
 * `expired` nobody answered in time: the dialog at the terminal stays. `retired` it is over without a verdict of ours, `reason` says why.
 */
export const PROMPT_STATES = ["pending", "answered", "expired", "retired"] as const;
export type PromptState = (typeof PROMPT_STATES)[number];

/** Where a verdict came from. `rule` and `policy` are the owner's word given beforehand. */
const VIAS = ["terminal", "cli", "page", "push", "chat", "rule", "policy"] as const;
export type Via = (typeof VIAS)[number];

/**
 * Whether a call needs its typed code, because it is not known to be harmless. `reasons` in short words for people: empty where nothing is
 * certain but that. `note` is said of a call that one tap may allow.
 */
export type Risk = { isRisky: boolean; reasons: readonly string[]; note?: string };

/** A question of the model. `isMulti`: several options may be chosen. Free text is always an answer too. */
export type PromptQuestion = {
  question: string;
  header?: string;
  options: readonly { label: string; description?: string }[];
  isMulti: boolean;
};

/**
 * How long exactly this call stays allowed; `edits`: all ordinary edits of files in its folder, for this session.
 */
export const KEEPS = ["session", "day", "always", "edits"] as const;
export type Keep = (typeof KEEPS)[number];

/**
 * What people say. `answers` is for questions: the question's text to the chosen label, or to free text;
 * several chosen ones are joined with ", ", as the client's own dialog does.
 */
export type Verdict =
  /** `keep`: and exactly this again from now on, as a rule. */
  | { kind: "allow"; keep?: Keep }
  | { kind: "deny"; reason?: string }
  | { kind: "answers"; answers: Readonly<Record<string, string>> };

/** The verdict that counted. `by` names a person or a rule for people; `rule` is its id. `at` is epoch ms. */
export type PromptOutcome = { verdict: Verdict; by: string; via: Via; at: number; rule?: string };

/** One question that a session asks people. Times are epoch ms. */
export type Prompt = {
  /** `prm_` + ULID. */
  id: string;
  /** Five of a-z without l: what a person types, compared with folded case. No two pending prompts of a hub share one. */
  code: string;
  kind: PromptKind;
  session: string;
  sessionName: string;
  /** Empty where the client did not say. */
  cwd: string;
  /** The client's name of the tool. */
  tool: string;
  /** The client's own line about the call. Masked. */
  description?: string;
  /** What people see of the call: its arguments as text, masked, but not yet made visible: put it through `toVisible` before showing it. */
  arguments: string;
  /** First 32 hex digits of the SHA-256 of the raw arguments: two prompts with the same one ask for the same. */
  digest: string;
  /** The same of what it does, without words about it: what a rule for exactly this call is held against. Empty where it is not known whole. */
  exact: string;
  /** Its files are only those that an ordinary edit may change. */
  isOrdinaryEdit: boolean;
  /** The client gave only a part of the arguments. */
  isCut: boolean;
  /** For kind `question`. */
  questions: readonly PromptQuestion[];
  risk: Risk;
  /** How many calls wait for this one verdict. */
  count: number;
  /** A helper of the session asks, not the session itself. */
  agent?: string;
  /** Nobody answered for a while, so this second approver was asked as well. */
  handedTo?: string;
  createdAt: number;
  expiresAt: number;
  state: PromptState;
  /** Present when answered. */
  outcome?: PromptOutcome;
  /** Why it was retired or expired. */
  reason?: string;
};

/** What changed: a new prompt, another fact about a pending one, or its end in one of the other states. */
export type PromptChange = { prompt: Prompt; kind: "asked" | "changed" | "closed" };

/** Who gives a verdict. `mayAllow` is decided by whoever knows the way in: a page or an approver's chat, never a shell. */
export type Decider = {
  /** For people and the audit: a person's name, `terminal`, `a session's shell (pid 12)`. */
  who: string;
  via: Via;
  /** For `chat`: where it was said, so that the role is checked again when it counts. */
  channel?: string;
  account?: string;
  chatId?: string;
  /** The platform's id of the person. */
  senderId?: string;
  mayAllow: boolean;
};

/**
 * What became of a verdict. `done`, with the rule that was made. `late` another answer came first: the prompt says which. `needs-code` a
 * call that is not known to be harmless, or that is kept as a rule, is only allowed with its code typed. `unknown` no such prompt. `locked`
 * too many wrong codes. `refused` this one may not, and why.
 */
export type VerdictOutcome =
  | { kind: "done"; prompt: Prompt; rule?: { id: number; line: string } }
  | { kind: "late"; prompt: Prompt }
  | { kind: "needs-code"; prompt: Prompt }
  | { kind: "unknown" }
  | { kind: "locked"; untilMs: number }
  | { kind: "refused"; reason: string };
