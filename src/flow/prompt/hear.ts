/**
 * What people say in chats, looked at before the gate: an answer to a prompt is taken here, everything else goes on.
 *
 * Owns: what counts as an answer, and from whom. Never: writes a verdict down (../prompt.ts), or carries out a command (remote.ts).
 *
 * H1 A verdict counts from an approver alone, in a direct chat, on a new message of their own: not forwarded, not edited, not stale.
 *    Anything else with the same words is ordinary chat, and the gate decides about it.
 * H2 A button counts for the approver and the chat that it was posted to.
 * H3 Text names one prompt. Where two share a code, only buttons can tell them apart.
 * H4 The role is looked at again when the verdict is written: here it only decides who is spoken to.
 */
import type { Clock } from "../../sdk/clock.ts";
import type { Arrival } from "../../sdk/event.ts";
import type { Decider, Prompt, Verdict, VerdictOutcome } from "../../sdk/prompt.ts";
import type { Database } from "../../store/database.ts";
import {
  findDirectChat,
  findPostByHandle,
  findPostByMessage,
  type Post,
  setDirectChat,
  setPostChoice,
  setPostMessage,
  usePost,
} from "../../store/prompt-posts.ts";
import type { Access } from "../gate.ts";
import type { Prompts } from "../prompt.ts";
import { isOneTap, readTap, type Tap, toChosen, toggle } from "./buttons.ts";
import { HOLD_MS } from "./fatigue.ts";
import { toLine } from "./render.ts";
import { toTold } from "./told.ts";
import {
  readVerdict,
  readWords,
  STALE_MS,
  toAnswers,
  toTypedVerdict,
  type TypedVerdict,
} from "./words.ts";

/** `answer` is shown to who tapped, where the platform can. */
export type Heard = { kind: "pass"; arrival: Arrival } | { kind: "heard"; answer?: string };

export type HearOptions = {
  db: Database;
  clock: Clock;
  prompts: Pick<Prompts, "decide" | "denyAll" | "find" | "list">;
  readRoles: (channel: string, account: string, id: string) => readonly string[];
  access: (channel: string) => Access;
  /** Answers a message in its chat. */
  say: (arrival: Arrival, text: string) => Promise<void>;
  /** Options were chosen and not yet sent: the message shows them. */
  refresh: (prompt: string) => Promise<void>;
  /** A summary was answered. */
  answerSummary: (post: Post, text: string) => Promise<void>;
  /** Commands like /status; undefined where it is none, or not for them. */
  command: (arrival: Arrival, who: Speaker) => Promise<Heard | undefined>;
};

/** Who speaks, as far as the owner's list knows them. */
export type Speaker = { by: Decider; isApprover: boolean; roles: readonly string[] };

/** Platforms tell seconds, and no two clocks are the same. */
const SKEW_MS = 2_000;

export class Hear {
  readonly #options: HearOptions;

  constructor(options: HearOptions) {
    this.#options = options;
  }

  /** Takes an arrival that answers a prompt or is a command; passes on all others. @throws SluiceError store_*: it may come again. */
  async hear(arrival: Arrival): Promise<Heard> {
    const speaker = this.#findSpeaker(arrival);
    if (speaker === undefined) return { kind: "pass", arrival };
    await this.#noteChat(speaker.by);
    const button = arrival.chat?.button;
    if (button !== undefined) return this.#hearTap(arrival, button, speaker);
    const command = await this.#options.command(arrival, speaker);
    if (command !== undefined) return command;
    if (!speaker.isApprover) return { kind: "pass", arrival };
    const words = readWords(arrival);
    const typed = readVerdict(words);
    const answered = this.#findAnswered(arrival);
    const heard =
      typed === undefined
        ? await this.#hearReply(arrival, words, answered, speaker.by)
        : await this.#hearTyped(arrival, typed, speaker.by);
    return heard ? { kind: "heard" } : { kind: "pass", arrival };
  }

  /** H1, but for what depends on the prompt. Undefined for who cannot be known, or is on no list. */
  #findSpeaker(arrival: Arrival): Speaker | undefined {
    const { access, readRoles } = this.#options;
    const { channel, chat, sender, verified, chatId = "" } = arrival;
    const { paused, allowUnsigned, chat: rules } = access(channel);
    if (paused || (verified === "none" && !allowUnsigned)) return undefined;
    if (chat === undefined ? chatId !== sender.id : chat.place !== "dm") return undefined;
    if (sender.id === "" || chat?.isBot === true || rules?.policy === "disabled") return undefined;
    if (chat?.isForwarded === true || chat?.isEdited === true) return undefined;
    const account = chat?.account ?? "";
    const roles = readRoles(channel, account, sender.id);
    if (roles.length === 0) return undefined;
    const by: Decider = {
      who: toLine(`${sender.name ?? sender.id} (${channel} ${sender.id})`),
      via: "chat",
      channel,
      account,
      chatId,
      senderId: sender.id,
      mayAllow: chat?.isShared !== true,
    };
    return { by, isApprover: roles.includes("approver"), roles };
  }

  /** An approver who was listed by id alone is asked where they write. */
  async #noteChat({
    channel = "",
    account = "",
    senderId = "",
    chatId = "",
  }: Decider): Promise<void> {
    const { db } = this.#options;
    const place = { channel, account, sender: senderId };
    if (findDirectChat(db, place) === chatId) return;
    await db.write(() => setDirectChat(db, { ...place, chatId }));
  }

  async #hearTap(arrival: Arrival, id: string, { by }: Speaker): Promise<Heard> {
    const read = readTap(id);
    if (read === undefined) return { kind: "pass", arrival };
    const post = findPostByHandle(this.#options.db, read.handle);
    const isOwn =
      post !== undefined &&
      post.channel === arrival.channel &&
      post.sender === by.senderId &&
      post.chatId === by.chatId &&
      (post.account === "" || post.account === by.account); // H2
    // Somebody else's, or forgotten: no session has anything to read in it.
    if (!isOwn) return { kind: "heard", answer: "This button is not yours, or it is too old." };
    const message = arrival.meta["message_id"];
    if (post.message !== null && message !== undefined && post.message !== message)
      return { kind: "heard", answer: "This button belongs to another message." };
    return { kind: "heard", answer: await this.#tap(post, message, read.tap, by) };
  }

  async #tap(post: Post, message: string | undefined, tap: Tap, by: Decider): Promise<string> {
    const { db, clock, prompts } = this.#options;
    // A death while it was sent: the tap is the first to name the message.
    if (post.message === null && message !== undefined)
      await db.write(() => setPostMessage(db, post.id, message));
    if (tap.kind === "deny-all") return this.#denyAll(post, by);
    const prompt = post.prompt === null ? undefined : prompts.find(post.prompt);
    if (prompt === undefined) return "This is over, and forgotten.";
    if (tap.kind === "option" && prompt.state === "pending" && !isOneTap(prompt))
      return this.#choose(post, prompt, tap, by);
    const verdict = toTapped(prompt, tap, post);
    if (verdict === undefined) return "There is no such option.";
    const outcome = await prompts.decide(by, prompt.id, verdict);
    if (outcome.kind === "done") await db.write(() => usePost(db, post.id, clock.now()));
    return toTold(outcome, prompt, verdict);
  }

  async #choose(
    post: Post,
    prompt: Prompt,
    tap: Extract<Tap, { kind: "option" }>,
    by: Decider,
  ): Promise<string> {
    const { db, readRoles, refresh } = this.#options;
    if (!readRoles(post.channel, by.account ?? "", post.sender).includes("approver"))
      return "You may not answer this any more.";
    const choice = toggle(prompt, post.choice, tap);
    if (choice === undefined) return "There is no such option.";
    await db.write(() => setPostChoice(db, post.id, choice));
    await refresh(prompt.id);
    return "Chosen; tap Send when you are done.";
  }

  async #denyAll(post: Post, by: Decider): Promise<string> {
    const { db, clock, prompts, readRoles, answerSummary } = this.#options;
    if (!readRoles(post.channel, by.account ?? "", post.sender).includes("approver"))
      return "You may not answer this any more.";
    const isFirst = await db.write(() => usePost(db, post.id, clock.now()));
    if (!isFirst && post.prompt === null) return "Done before.";
    const denied = await prompts.denyAll(post.session, clock.now() + HOLD_MS, by);
    const text = `Denied ${denied} now, and all that this session asks for 15 minutes.`;
    if (post.prompt === null) await answerSummary(post, text);
    return text;
  }

  /** `yes abcde`: taken when it names a prompt, or cannot have been meant otherwise. */
  async #hearTyped(arrival: Arrival, typed: TypedVerdict, by: Decider): Promise<boolean> {
    const { prompts, say } = this.#options;
    const waiting = prompts.list({ state: "pending" });
    const same = waiting.filter(({ code }) => code === typed.code);
    const prompt = same[0] ?? prompts.find(typed.code);
    if (prompt === undefined) {
      // "yes great" while nothing waits, or with more words, is talk.
      if (waiting.length === 0 || typed.rest !== "") return false;
      const outcome = await prompts.decide(by, typed.code, { kind: "deny" });
      await say(arrival, toTold(outcome, undefined, { kind: "deny" }, typed.code));
      return true;
    }
    if (same.length > 1) {
      await say(arrival, `Two questions share ${typed.code}: use the buttons, or the page.`); // H3
      return true;
    }
    const late = this.#toStale(arrival, prompt);
    if (late !== undefined) {
      await say(arrival, late);
      return false;
    }
    const verdict = toTypedVerdict(prompt, typed);
    await this.#decide(arrival, prompt, verdict, by, typed.code);
    return true;
  }

  /** An answer to the message of a prompt, without its code. */
  async #hearReply(
    arrival: Arrival,
    words: string,
    post: Post | undefined,
    by: Decider,
  ): Promise<boolean> {
    const { prompts } = this.#options;
    const prompt = post?.prompt == null ? undefined : prompts.find(post.prompt);
    if (post === undefined || prompt === undefined || post.sender !== by.senderId) return false;
    if (words.trim() === "" || this.#toStale(arrival, prompt) !== undefined) return false;
    const [, word, rest = ""] = /^(yes|no)[.!]?(?:[\s,:;-]+([\s\S]+))?$/iu.exec(words.trim()) ?? [];
    const verdict =
      prompt.kind === "question"
        ? word?.toLowerCase() === "no" && prompt.questions.length > 1
          ? toTypedVerdict(prompt, { word: "no", rest: rest.trim() })
          : toAnswers(prompt, words)
        : word !== undefined
          ? toTypedVerdict(prompt, {
              word: word.toLowerCase() === "yes" ? "yes" : "no",
              rest: rest.trim(),
            })
          : // To a plan, words are what is wrong with it. To a call they may be anything: ordinary chat.
            prompt.kind === "plan"
            ? ({ kind: "deny", reason: words } as const)
            : undefined;
    if (verdict === undefined) return false;
    await this.#decide(arrival, prompt, verdict, by);
    return true;
  }

  async #decide(
    arrival: Arrival,
    prompt: Prompt,
    verdict: Verdict | { kind: "unclear"; reason: string },
    by: Decider,
    typedCode?: string,
  ): Promise<void> {
    const { prompts, say } = this.#options;
    if (verdict.kind === "unclear") {
      const isOver = prompt.state !== "pending";
      const text = isOver ? toTold({ kind: "late", prompt }, prompt, undefined) : verdict.reason;
      return say(arrival, toLine(text));
    }
    const outcome: VerdictOutcome = await prompts.decide(by, prompt.id, verdict, typedCode);
    await say(arrival, toTold(outcome, prompt, verdict));
  }

  /** The post that a message answers, in the platform's own way. */
  #findAnswered({ channel, chatId, meta }: Arrival): Post | undefined {
    const answered = meta["reply_to_id"];
    if (answered === undefined || chatId === undefined) return undefined;
    return findPostByMessage(this.#options.db, channel, chatId, answered);
  }

  /** Why a message is too old to count for this prompt. */
  #toStale({ occurredAt }: Arrival, { createdAt }: Prompt): string | undefined {
    const { clock } = this.#options;
    if (occurredAt === undefined) return undefined;
    const isOld = clock.now() - occurredAt > STALE_MS || occurredAt < createdAt - SKEW_MS;
    return isOld
      ? "That message is too old to count as an answer; send it again if you mean it. If it is new, this computer's clock is wrong."
      : undefined;
  }
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
      return undefined;
    default:
      return tap satisfies never;
  }
}
