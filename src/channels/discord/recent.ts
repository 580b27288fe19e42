/**
 * What is remembered of the latest messages: Discord's later events about them name little more than an id.
 *
 * Owns: that memory. Never: more than so many, or anything of what was said.
 */
import type { ChatFacts } from "../../sdk/event.ts";

export type RecentMessage = {
  chatId: string;
  sender: { id: string; name: string };
  chat: Pick<ChatFacts, "place" | "groupId" | "isBot">;
  title: string;
  threadId: string | undefined;
};

const MAX = 2_000;

export class Recent {
  readonly #messages = new Map<string, RecentMessage>();
  readonly #names = new Map<string, string>();
  readonly #ours = new Map<string, true>();

  note(messageId: string, message: RecentMessage): void {
    keep(this.#messages, messageId, message);
    keep(this.#names, message.sender.id, message.sender.name);
  }

  noteOurs(messageId: string): void {
    keep(this.#ours, messageId, true);
  }

  find(messageId: string): RecentMessage | undefined {
    return this.#messages.get(messageId);
  }

  findName(userId: string): string | undefined {
    return this.#names.get(userId);
  }

  isOurs(messageId: string): boolean {
    return this.#ours.has(messageId);
  }
}

function keep<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > MAX && oldest !== undefined) map.delete(oldest);
}
