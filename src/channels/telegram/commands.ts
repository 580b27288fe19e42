/**
 * The commands of the bot's menu, in direct messages.
 *
 * Owns: their names and what they say. Never: whether somebody may use them; a stranger's `/start` goes to the gate like any message.
 *
 * BOTCOMMAND-1 Only new words of the sender are a command; forwarded or edited words never are.
 */
import type { Arrival } from "../../sdk/event.ts";
import { readOwnWords } from "../../sdk/words.ts";

export const COMMANDS = [
  { command: "start", description: "What this bot is" },
  { command: "help", description: "What you can send" },
  { command: "status", description: "Connected sessions, and prompts that wait" },
  { command: "stop", description: "Ask the session to stop what it does" },
  { command: "denyall", description: "Deny all that a session asks, for 15 minutes" },
  { command: "resume", description: "Ask me again what a session asks" },
  { command: "away", description: "Questions come here at once" },
  { command: "here", description: "Questions stay at the terminal first" },
] as const;

export type BotCommand = (typeof COMMANDS)[number]["command"];

const HELP = `Write what you want; the session that is open on the computer reads it and answers here.
You can send text, photos, files and voice messages; answer a message to refer to it.

/status what is connected, and who waits for whom
/stop ask the session to stop what it does

Who may approve gets questions here, and can send /denyall, /resume, /away and /here.`;

/** The command that an arrival is, in a direct message. */
export function readCommand(arrival: Arrival): BotCommand | undefined {
  if (arrival.chat?.place !== "dm" || arrival.kind !== "message") return undefined;
  const word = /^\/([a-z]+)(?:@\w+)?(?:\s|$)/i.exec(readOwnWords(arrival))?.[1]?.toLowerCase();
  return COMMANDS.find(({ command }) => command === word)?.command;
}

/** What the channel answers by itself; the others are the hub's, the same on every channel. */
export function isAnsweredHere(command: BotCommand | undefined): command is "start" | "help" {
  return command === "start" || command === "help";
}

export function toAnswer(command: "start" | "help"): string {
  switch (command) {
    case "start":
      return `You are connected.\n\n${HELP}`;
    case "help":
      return HELP;
    default:
      return command satisfies never;
  }
}
