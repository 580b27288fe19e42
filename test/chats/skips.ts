/**
 * Which features of a chat each platform lacks, and why: for the contract suite of each channel, and for the table of docs/chats.md.
 */
import { SKIPS as MATRIX } from "../../packages/matrix/test/skips.ts";
import { CHAT_FEATURES, type ContractSkip } from "../../src/testing/chat-contract.ts";

const NTFY_HAS: readonly string[] = ["files sent", "files received"];
const NTFY_REASONS: Readonly<Record<string, string>> = {
  "files sent": "its files are messages of their own, tried in its own tests",
  "files received": "its files come as addresses, tried in its own tests",
  buttons: "its buttons write messages",
};

const skip = (reason: string, ...tests: ContractSkip["test"][]): ContractSkip[] =>
  tests.map((test) => ({ test, reason }));

const EMAIL_HAS: readonly string[] = [
  "threads",
  "bots told apart",
  "forwards told apart",
  "files received",
  "files sent",
  "answers under their question",
];
const EMAIL_REASONS: Readonly<Record<string, string>> = {
  groups: "whoever writes is answered alone",
  "replies quoted": "earlier mails are left out; `details` has them",
  buttons: "nothing is approved by mail",
  forms: "nothing is approved by mail",
  commands: "no mail is a command",
};

/** By kind. A platform with none has all. */
export const CHATS = {
  telegram: [
    { test: "deletions", reason: "the Bot API tells no bot of a deletion" },
    { test: "forms", reason: "the Bot API has no forms; words are typed" },
  ],
  discord: [],
  slack: [
    {
      test: "replies quoted",
      reason: "Slack's events do not carry the message that a thread answers; its id does",
    },
    {
      test: "answers under their question",
      reason: "in a channel they stand in its thread; a direct chat has one line after the other",
    },
    { test: "typing", reason: "Slack shows that a bot works in threads alone" },
  ],
  whatsapp: [
    ...skip("WhatsApp has none", "threads", "forms", "commands"),
    ...skip("only people and businesses write", "bots told apart"),
    ...skip("WhatsApp tells a business nothing of it", "edits", "deletions"),
    ...skip("WhatsApp names the message and not its words", "replies quoted"),
    ...skip("WhatsApp lets a business change nothing", "messages changed"),
    ...skip("below a message of the person, tried in its own tests", "typing"),
  ],
  imessage: [
    ...skip("Messages has none", "threads", "bots told apart", "buttons", "forms", "commands"),
    ...skip("Messages does not tell", "forwards told apart"),
    ...skip(
      "AppleScript can only send",
      "answers under their question",
      "messages changed",
      "reactions of sessions",
      "signs at messages",
      "typing",
    ),
  ],
  ntfy: CHAT_FEATURES.map((test) => ({
    test,
    reason: NTFY_REASONS[test] ?? "a topic has messages and no more",
  })),
  email: CHAT_FEATURES.map((test) => ({
    test,
    reason:
      EMAIL_REASONS[test] ??
      (EMAIL_HAS.includes(test) ? "tried in its own tests" : "a mail that is sent stays as it is"),
  })),
  /** A package of its own: packages/matrix. */
  matrix: MATRIX,
} as const satisfies Record<string, readonly ContractSkip[]>;

/** Skipped here, and there all the same. */
export const HAS_ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  ntfy: NTFY_HAS,
  whatsapp: ["typing"],
  slack: ["answers under their question", "typing"],
  email: EMAIL_HAS,
  matrix: ["commands"],
};

/** A line for each feature, a column for each platform. */
export function toChatTable(): string[] {
  const kinds = Object.keys(CHATS) as (keyof typeof CHATS)[];
  const rows = CHAT_FEATURES.map((feature) => [
    feature,
    ...kinds.map((kind) => {
      const skips: readonly ContractSkip[] = CHATS[kind];
      const skip = skips.find(({ test }) => test === feature);
      if (skip === undefined) return "yes";
      return `${HAS_ELSEWHERE[kind]?.includes(feature) === true ? "yes" : "no"}: ${skip.reason}`;
    }),
  ]);
  const all = [
    ["", ...kinds.map((kind) => `\`${kind}\``)],
    ["---", ...kinds.map(() => "---")],
    ...rows,
  ];
  return all.map((cells) => `| ${cells.join(" | ")} |`);
}
