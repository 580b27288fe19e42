/**
 * Taps on buttons under prompts.
 *
 * Owns: checking that the button belongs to the person who tapped, and the effect of the tap. Never: writes a verdict down (../prompt.ts).
 *
 * TAP-1 A button counts for the approver and the chat that it was posted to, under its own message.
 * TAP-2 Its handle gives one verdict: the answer to a second tap says what happened.
 * TAP-3 The role is checked again when the verdict is written (decide.ts); for other taps it is checked here.
 * TAP-4 A tap allows only the call that its message showed.
 */
import type { Clock } from "../../../sdk/clock.ts";
import type { Arrival } from "../../../sdk/event.ts";
import type { Decider, Prompt, Verdict } from "../../../sdk/prompt.ts";
import { readOwnWords } from "../../../sdk/words.ts";
import type { Database } from "../../../store/file/database.ts";
import {
  findPostByHandle,
  type Post,
  setPostChoice,
  setPostMessage,
  usePost,
} from "../../../store/prompts/prompt-posts.ts";
import type { Prompts } from "../prompt.ts";
import { isOneTap, readTap, type Tap, toChosen, toggle } from "./buttons.ts";
import type { Holds } from "../holds.ts";
import { toOutcomeMessage } from "./outcome-message.ts";
import { toAnswers } from "./words.ts";

export type TapOptions = {
  db: Database;
  clock: Clock;
  prompts: Pick<Prompts, "decide" | "find"> & { holds: Pick<Holds, "denyAll"> };
  readRoles: (channel: string, account: string, id: string) => readonly string[];
  /** Options were chosen and not yet sent: the message shows them. */
  refresh: (prompt: string) => Promise<void>;
  /** A summary was answered. */
  answerSummary: (post: Post, text: string) => Promise<void>;
};

/** What who tapped is told; undefined for a button that is none of ours. */
export async function handleTap(
  options: TapOptions,
  arrival: Arrival,
  button: string,
  by: Decider,
): Promise<string | undefined> {
  const read = readTap(button);
  if (read === undefined) return undefined;
  const { db, prompts } = options;
  const post = findPostByHandle(db, read.handle);
  // Somebody else's, or forgotten: no session has anything to read in it. TAP-1
  if (post === undefined || !isOwn(post, arrival, by))
    return "This button is not yours, or it is too old.";
  const message = arrival.meta["message_id"];
  if (post.message !== null && message !== undefined && post.message !== message)
    return "This button belongs to another message.";
  // A death while it was sent: the tap is the first to name the message.
  if (post.message === null && message !== undefined)
    await db.write(() => setPostMessage(db, post.id, message));
  const prompt = post.prompt === null ? undefined : prompts.find(post.prompt);
  if (post.prompt === null) return denySummary(options, post, by);
  if (prompt === undefined) return "This is over, and forgotten.";
  return tapPrompt(options, post, prompt, { tap: read.tap, words: readOwnWords(arrival), by });
}

async function tapPrompt(
  options: TapOptions,
  post: Post,
  prompt: Prompt,
  { tap, words, by }: { tap: Tap; words: string; by: Decider },
): Promise<string> {
  const { db, clock, prompts } = options;
  if (prompt.state !== "pending")
    return toOutcomeMessage({ kind: "late", prompt }, prompt, undefined); // TAP-2
  if (tap.kind === "deny-all") {
    if (!mayStill(options, post, by)) return NOT_ANY_MORE;
    await db.write(() => usePost(db, post.id, clock.now()));
    return denyAll(options, post, by);
  }
  if (tap.kind === "option" && !isOneTap(prompt)) return choose(options, post, prompt, tap, by);
  const verdict = tap.kind === "words" ? toWorded(prompt, words) : toTapped(prompt, tap, post);
  if (verdict === undefined) return "There is no such option.";
  if (verdict.kind === "unclear") return verdict.reason;
  if (verdict.kind !== "deny" && post.digest !== prompt.digest) {
    await options.refresh(prompt.id);
    return CHANGED; // TAP-4
  }
  const outcome = await prompts.decide(by, prompt.id, verdict);
  if (outcome.kind === "done") await db.write(() => usePost(db, post.id, clock.now()));
  return toOutcomeMessage(outcome, prompt, verdict);
}

async function choose(
  options: TapOptions,
  post: Post,
  prompt: Prompt,
  tap: Extract<Tap, { kind: "option" }>,
  by: Decider,
): Promise<string> {
  const { db, refresh } = options;
  if (!mayStill(options, post, by)) return NOT_ANY_MORE;
  const choice = toggle(prompt, post.choice, tap);
  if (choice === undefined) return "There is no such option.";
  await db.write(() => setPostChoice(db, post.id, choice));
  await refresh(prompt.id);
  return "Chosen; tap Send when you are done.";
}

async function denySummary(options: TapOptions, post: Post, by: Decider): Promise<string> {
  const { db, clock, answerSummary } = options;
  if (!mayStill(options, post, by)) return NOT_ANY_MORE;
  // TAP-2
  if (!(await db.write(() => usePost(db, post.id, clock.now())))) return "Done before.";
  const text = await denyAll(options, post, by);
  await answerSummary(post, text);
  return text;
}

async function denyAll({ prompts }: TapOptions, post: Post, by: Decider): Promise<string> {
  const { denied } = await prompts.holds.denyAll(post.session, by);
  return `Denied ${denied} now, and all that this session asks for 15 minutes.`;
}

/** Told to who answers what has changed since it was shown. */
export const CHANGED = "It has changed since it was shown here: read it again, then answer.";
const NOT_ANY_MORE = "You may not answer this any more.";

/** TAP-3 */
function mayStill({ readRoles }: TapOptions, { channel, sender }: Post, by: Decider): boolean {
  return readRoles(channel, by.account ?? "", sender).includes("approver");
}

/** TAP-1 */
function isOwn(post: Post, { channel }: Arrival, by: Decider): boolean {
  return (
    post.channel === channel &&
    post.sender === by.senderId &&
    post.chatId === by.chatId &&
    (post.account === "" || post.account === by.account)
  );
}

function toTapped(prompt: Prompt, tap: Tap, post: Post): Verdict | undefined {
  switch (tap.kind) {
    case "allow":
    case "deny":
      return { kind: tap.kind };
    case "send":
      return { kind: "answers", answers: toChosen(prompt, post.choice) };
    case "option": {
      const choice = toggle(prompt, {}, tap);
      return choice === undefined
        ? undefined
        : { kind: "answers", answers: toChosen(prompt, choice) };
    }
    case "deny-all":
    case "words":
      return undefined;
    default:
      return tap satisfies never;
  }
}

/** What a filled-in form means (BUTTON-2). */
function toWorded(prompt: Prompt, words: string): Verdict | { kind: "unclear"; reason: string } {
  const text = words.trim();
  if (prompt.kind === "question") return toAnswers(prompt, text);
  return text === "" ? { kind: "deny" } : { kind: "deny", reason: text };
}
