/**
 * A notifier notifies people of prompts: chats are one, Web Push on phones and desktops is another.
 *
 * Owns: its interface. Never: when somebody is notified (escalation.ts), or what an answer means.
 */
import type { Prompt } from "../../../sdk/prompt.ts";

/** All calls return at once and throw nothing: a notifier logs its own failures, so that one stops no other. */
export type Notifier = {
  /** For logs. */
  readonly name: string;
  /**
   * Tells people of a prompt that waits. Called once for a prompt, when it is due: after the time at the desk, at once while away,
   * within the limits of fatigue.
   */
  show(prompt: Prompt): void;
  /** Something else is known of one that was shown, and it still waits. */
  change(prompt: Prompt): void;
  /** One that was shown is over: `prompt` says how. Called after a restart too, for those that ended meanwhile. */
  end(prompt: Prompt): void;
  /** More of one session wait than people are told of one by one (oldest first): a single line for all of them. */
  sum?(waiting: readonly Prompt[]): void;
};
