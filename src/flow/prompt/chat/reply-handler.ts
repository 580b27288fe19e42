/**
 * Handles chat messages before the gate: takes answers to prompts and commands, and passes on everything else.
 *
 * Owns: what counts as an answer, and from whom. Never: writes a verdict down (../prompt.ts), or carries out a command (chat-commands.ts).
 *
 * CHATREPLY-1 A verdict counts only from an approver, in a direct chat, in a new message of their own (speaker.ts) that is not too old.
 *    The same words elsewhere are ordinary chat, and the gate decides about them.
 * CHATREPLY-2 A text names one prompt by its code, which no other prompt has. The client's own name for the prompt is never looked at.
 * CHATREPLY-3 The role is checked again when the verdict is written (decide.ts). Here it only decides who gets an answer.
 * CHATREPLY-4 Nobody allows a call that was shown to them in another form.
 */
import type { Arrival } from "../../../sdk/event.ts";
import type { Decider, Prompt, Verdict, VerdictOutcome } from "../../../sdk/prompt.ts";
import {
  findDirectChat,
  findPostByMessage,
  listPosts,
  type Post,
  setDirectChat,
} from "../../../store/prompts/prompt-posts.ts";
import type { Prompts } from "../prompt.ts";
import { toLine } from "../show/render.ts";
import { findSpeaker, type Speaker, type SpeakerOptions } from "./speaker.ts";
import { CHANGED, handleTap, type TapOptions } from "./taps.ts";
import { toOutcomeMessage } from "./outcome-message.ts";
import {
  readVerdict,
  readWords,
  STALE_MS,
  toAnswers,
  toTypedVerdict,
  type TypedVerdict,
} from "./words.ts";

/** `answer` is shown to who tapped, where the platform can, or gave a command of the platform's own. */
export type Handled = { kind: "pass"; arrival: Arrival } | { kind: "handled"; answer?: string };

export type ReplyHandlerOptions = SpeakerOptions &
  TapOptions & {
    prompts: Pick<Prompts, "list">;
    /** Answers a message: in its chat, or in what it resolves with where the platform shows that in place. */
    say: (arrival: Arrival, text: string) => Promise<Handled>;
    /** Commands like /status; undefined where it is none, or not for them. */
    command: (arrival: Arrival, who: Speaker) => Promise<Handled | undefined>;
  };

/** Platforms tell seconds, and no two clocks are the same. */
const SKEW_MS = 2_000;
/** Nobody has read a message that changed so lately. */
const READ_MS = 5_000;

export class ReplyHandler {
  readonly #options: ReplyHandlerOptions;

  constructor(options: ReplyHandlerOptions) {
    this.#options = options;
  }

  /** Takes an arrival that answers a prompt or is a command; passes on all others. @throws SluiceError store_*: it may come again. */
  async handle(arrival: Arrival): Promise<Handled> {
    const pass = { kind: "pass", arrival } as const;
    const speaker = findSpeaker(arrival, this.#options);
    if (speaker === undefined) return pass;
    await this.#noteChat(speaker.by);
    const button = arrival.chat?.button;
    if (button !== undefined) {
      const answer = await handleTap(this.#options, arrival, button, speaker.by);
      return answer === undefined ? pass : { kind: "handled", answer };
    }
    const command = await this.#options.command(arrival, speaker);
    if (command !== undefined) return command;
    if (!speaker.isApprover) return pass;
    const words = readWords(arrival);
    const typed = readVerdict(words);
    const handled =
      typed === undefined
        ? await this.#handleReply(arrival, words, speaker.by)
        : await this.#handleTyped(arrival, typed, speaker.by);
    return handled ?? pass;
  }

  /** An approver who was listed by id alone is asked where they write. */
  async #noteChat({ channel = "", account = "", senderId = "", chatId = "" }: Decider) {
    const { db } = this.#options;
    const place = { channel, account, sender: senderId };
    if (findDirectChat(db, place) === chatId) return;
    await db.write(() => setDirectChat(db, { ...place, chatId }));
  }

  /** `yes abcde`: taken when it names a prompt, or cannot have been meant otherwise. */
  async #handleTyped(
    arrival: Arrival,
    typed: TypedVerdict,
    by: Decider,
  ): Promise<Handled | undefined> {
    const { prompts, say } = this.#options;
    // Of the menu: it is no talk, and its sender waits for a word.
    const isCommand = arrival.chat?.isCommand === true;
    const prompt = prompts.find(typed.code);
    if (prompt === undefined) {
      // "yes great" while nothing waits, or with more words, is talk.
      const isTalk = typed.rest !== "" || prompts.list({ state: "pending", limit: 1 }).length === 0;
      if (isTalk && !isCommand) return undefined;
      const outcome = await prompts.decide(by, typed.code, { kind: "deny" });
      return say(arrival, toOutcomeMessage(outcome, undefined, undefined, typed.code));
    }
    if (this.#isStale(arrival, prompt)) {
      const said = await say(arrival, STALE);
      return isCommand ? said : undefined;
    }
    return this.#decide(arrival, prompt, toTypedVerdict(prompt, typed), by, typed.code);
  }

  /** An answer to the message of a prompt, without its code. */
  async #handleReply(arrival: Arrival, words: string, by: Decider): Promise<Handled | undefined> {
    const post = this.#findAnswered(arrival);
    const prompt = post?.prompt == null ? undefined : this.#options.prompts.find(post.prompt);
    if (post === undefined || prompt === undefined || post.sender !== by.senderId) return undefined;
    if (words.trim() === "" || this.#isStale(arrival, prompt)) return undefined;
    const verdict = toReplied(prompt, words.trim());
    return verdict === undefined ? undefined : this.#decide(arrival, prompt, verdict, by);
  }

  async #decide(
    arrival: Arrival,
    prompt: Prompt,
    verdict: Verdict | { kind: "unclear"; reason: string },
    by: Decider,
    typedCode?: string,
  ): Promise<Handled> {
    const { prompts, say, refresh } = this.#options;
    if (verdict.kind !== "deny" && this.#hasChanged(prompt, by)) {
      await refresh(prompt.id);
      return say(arrival, CHANGED); // CHATREPLY-4
    }
    if (verdict.kind === "unclear") {
      const isOver = prompt.state !== "pending";
      const text = isOver
        ? toOutcomeMessage({ kind: "late", prompt }, prompt, undefined)
        : verdict.reason;
      return say(arrival, toLine(text));
    }
    const outcome: VerdictOutcome = await prompts.decide(by, prompt.id, verdict, typedCode);
    return say(arrival, toOutcomeMessage(outcome, prompt, verdict));
  }

  /** The post that a message answers, in the platform's own way. */
  #findAnswered({ channel, chatId, meta }: Arrival): Post | undefined {
    const answered = meta["reply_to_id"];
    if (answered === undefined || chatId === undefined) return undefined;
    return findPostByMessage(this.#options.db, channel, chatId, answered);
  }

  /** What this approver was shown is not what is asked now, or became so a moment ago. */
  #hasChanged(prompt: Prompt, { channel, senderId }: Decider): boolean {
    const { db, clock } = this.#options;
    return listPosts(db, prompt.id).some(
      (post) =>
        post.channel === channel &&
        post.sender === senderId &&
        (post.digest !== prompt.digest ||
          (post.changedAt !== null && Math.abs(clock.now() - post.changedAt) < READ_MS)),
    );
  }

  /** Written before the prompt was asked, or long ago. */
  #isStale({ occurredAt }: Arrival, { createdAt }: Prompt): boolean {
    if (occurredAt === undefined) return false;
    const ageMs = this.#options.clock.now() - occurredAt;
    return ageMs > STALE_MS || occurredAt < createdAt - SKEW_MS;
  }
}

const STALE =
  "That message is too old to count as an answer; send it again if you mean it. If it is new, this computer's clock is wrong.";

/** To a question and to a plan any words are an answer; to a call only yes and no are, and others are ordinary chat. */
function toReplied(
  prompt: Prompt,
  words: string,
): Verdict | { kind: "unclear"; reason: string } | undefined {
  if (prompt.kind === "question") return toAnswers(prompt, words);
  const [, word, rest = ""] = /^(yes|no)[.!]?(?:[\s,:;-]+([\s\S]+))?$/iu.exec(words) ?? [];
  if (word !== undefined)
    return toTypedVerdict(prompt, { word: /^y/i.test(word) ? "yes" : "no", rest: rest.trim() });
  return prompt.kind === "plan" ? { kind: "deny", reason: words } : undefined;
}
