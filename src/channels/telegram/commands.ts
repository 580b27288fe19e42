/**
 * The commands of the bot's menu, in direct messages.
 *
 * Owns: their names and what they say. Never: whether somebody may use them; a stranger's `/start` goes to the gate like any message.
 *
 * M1 Only new words of the sender are a command: a forward or an edit never is.
 */
import type { Arrival } from "../../sdk/event.ts";
import { readOwnWords } from "../../sdk/words.ts";

export const COMMANDS = [
  { command: "start", description: "What this bot is" },
  { command: "help", description: "What you can send" },
  { command: "status", description: "What is connected" },
  { command: "stop", description: "Ask the session to stop what it does" },
] as const;

export type Command = (typeof COMMANDS)[number]["command"];

const HELP = `Write what you want; the session that is open on the computer reads it and answers here.
You can send text, photos, files and voice messages; answer a message to refer to it.

/status what is connected
/stop ask the session to stop what it does`;

/** The command that an arrival is, in a direct message. */
export function readCommand(arrival: Arrival): Command | undefined {
  if (arrival.chat?.place !== "dm" || arrival.kind !== "message") return undefined;
  const word = /^\/([a-z]+)(?:@\w+)?(?:\s|$)/i.exec(readOwnWords(arrival))?.[1]?.toLowerCase();
  return COMMANDS.find(({ command }) => command === word)?.command;
}

/** What the channel answers by itself. */
export function toAnswer(command: Exclude<Command, "stop">, status: readonly string[]): string {
  switch (command) {
    case "start":
      return `You are connected.\n\n${HELP}`;
    case "help":
      return HELP;
    case "status":
      return status.join("\n");
    default:
      return command satisfies never;
  }
}

/** `/stop` as the session reads it: first in line, in words of ours. */
export function toStop(arrival: Arrival): Arrival {
  const name = arrival.sender.name ?? arrival.sender.id;
  return {
    ...arrival,
    kind: "stop",
    text: `${name} asks you to stop what you are doing, and to say where you stopped.`,
    priority: "urgent",
  };
}
