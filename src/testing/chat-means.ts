/**
 * What people do in a chat, as a test makes them do it on a fake platform.
 *
 * Owns: these shapes. Never: a claim (chat-contract.ts).
 */

/** What a person does on the fake platform. Ids are those of messages. */
export type ChatMeans = {
  /** A person writes; in the rig's chat, a group or a thread of it. Returns the message's id. */
  write(message: ContractMessage): string;
  edit(id: string, text: string): void;
  remove(id: string): void;
  react(id: string, emoji: string): void;
  /** Presses what has this label. */
  press(id: string, label: string): void;
  /** Presses it, and fills in the form that opens. */
  fill(id: string, label: string, words: string): Promise<void>;
  /** Gives a command of the platform's own menu. */
  command(name: string): void;
  /** A message of ours, as it is now. */
  read(id: string): ContractView | undefined;
  /** How often we were seen to type, and where. */
  typed(): readonly string[];
};

export type ContractMessage = {
  text: string;
  place?: "group" | "thread";
  /** In a group: it names us. */
  isAddressed?: boolean;
  isBot?: boolean;
  isForwarded?: boolean;
  /** The message that it answers. */
  answers?: string;
  file?: { name: string; content: string };
};

export type ContractView = {
  text: string;
  buttons: readonly string[];
  files: readonly string[];
  reactions: readonly string[];
  answers?: string | undefined;
  threadId?: string | undefined;
};
