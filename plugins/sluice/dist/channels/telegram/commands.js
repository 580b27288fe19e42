import { readOwnWords } from "../../sdk/words.js";
export const COMMANDS = [
    { command: "start", description: "What this bot is" },
    { command: "help", description: "What you can send" },
    { command: "status", description: "Connected sessions, and prompts that wait" },
    { command: "stop", description: "Ask the session to stop what it does" },
    { command: "denyall", description: "Deny all that a session asks, for 15 minutes" },
    { command: "resume", description: "Ask me again what a session asks" },
    { command: "away", description: "Questions come here at once" },
    { command: "here", description: "Questions stay at the terminal first" },
];
const HELP = `Write what you want; the session that is open on the computer reads it and answers here.
You can send text, photos, files and voice messages; answer a message to refer to it.

/status what is connected, and who waits for whom
/stop ask the session to stop what it does

Who may approve gets questions here, and can send /denyall, /resume, /away and /here.`;
/** What the bot's link sends along: a code, used up or another's. */
const CODE = /^(?=.*[2-9])[0-9a-z]{3,4}-?[0-9a-z]{3,4}$/i;
/** The command of ours that an arrival is, in a direct message. */
export function readCommand(arrival) {
    if (arrival.chat?.place !== "dm" || arrival.kind !== "message")
        return undefined;
    const words = readOwnWords(arrival).trim();
    const [, name = "", rest = ""] = /^\/([a-z]+)(?:@\w+)?(?:\s+(\S+))?$/i.exec(words) ?? [];
    const word = name.toLowerCase();
    // BOTCOMMAND-2
    if (word === "help" && rest === "")
        return "help";
    return word === "start" && (rest === "" || CODE.test(rest)) ? "start" : undefined;
}
export function toAnswer(command) {
    switch (command) {
        case "start":
            return `You are connected.\n\n${HELP}`;
        case "help":
            return HELP;
        default:
            return command;
    }
}
