/**
 * The slash commands of the bot, in its direct messages.
 *
 * Owns: their names and options, and the words that each of them stands for. Never: whether somebody may use them: they are words like
 * typed ones, and the hub decides.
 *
 * https://docs.discord.com/developers/interactions/application-commands
 */
import { at, listAt, textAt } from "../../sdk/json.js";
const code = {
    type: 3,
    name: "code",
    description: "The five letters of the prompt",
    required: true,
    max_length: 5,
};
const session = {
    type: 3,
    name: "session",
    description: "Its name, or all",
    max_length: 80,
};
const COMMANDS = [
    { name: "status", description: "Connected sessions, and prompts that wait", words: "/status" },
    {
        name: "stop",
        description: "Ask the session to stop what it does",
        options: [session],
        words: "/stop {session}",
    },
    {
        name: "allow",
        description: "Allow what a session asks, with its code",
        options: [
            code,
            { type: 3, name: "for", description: "session, day, always or edits", max_length: 20 },
        ],
        words: "yes {code} {for}",
    },
    {
        name: "deny",
        description: "Deny what a session asks",
        options: [
            code,
            { type: 3, name: "reason", description: "What the session is told", max_length: 1_000 },
        ],
        words: "no {code} {reason}",
    },
    {
        name: "answer",
        description: "Answer a question of a session",
        options: [
            code,
            {
                type: 3,
                name: "text",
                description: "Numbers of options, or own words",
                required: true,
                max_length: 1_000,
            },
        ],
        words: "yes {code} {text}",
    },
    {
        name: "denyall",
        description: "Deny all that a session asks, for 15 minutes",
        options: [session],
        words: "/denyall {session}",
    },
    {
        name: "resume",
        description: "Ask me again what a session asks",
        options: [session],
        words: "/resume {session}",
    },
    { name: "away", description: "Questions come here at once", words: "/away" },
    { name: "here", description: "Questions stay at the terminal first", words: "/here" },
];
/** The words that a command stands for; undefined for one that is none of ours. */
export function toWords(data) {
    const command = COMMANDS.find(({ name }) => name === textAt(data, "name"));
    if (command === undefined)
        return undefined;
    const given = new Map(listAt(data, "options").map((option) => [textAt(option, "name"), at(option, "value")]));
    return command.words
        .replace(/\{(\w+)\}/g, (_, name) => {
        const value = given.get(name);
        return typeof value === "string" ? value.trim() : "";
    })
        .trim();
}
/** In direct messages with the bot alone, where it is installed by a server. */
function toWire({ name, description, options = [] }) {
    return { name, type: 1, description, options, contexts: [1], integration_types: [0] };
}
/**
 * Makes Discord show them. One that is there as it should be is left alone, and so are those of others: two hundred may be made in a day.
 * Resolves with what failed, for the log.
 */
export async function registerCommands(api, application, signal) {
    const path = `/applications/${application}/commands`;
    const found = await api.call("GET", path, { signal });
    if (found.kind !== "ok")
        return "they could not be listed";
    const known = Array.isArray(found.result) ? found.result : [];
    for (const command of COMMANDS) {
        const there = known.find((one) => textAt(one, "name") === command.name);
        if (there !== undefined && isSame(there, command))
            continue;
        const made = await api.call("POST", path, { body: toWire(command), signal });
        if (made.kind !== "ok")
            return `/${command.name} could not be made`;
    }
    return undefined;
}
function isSame(there, command) {
    const { options = [] } = command;
    const shown = listAt(there, "options").map((option) => [
        textAt(option, "name"),
        textAt(option, "description"),
        at(option, "required") === true,
    ]);
    const wanted = options.map(({ name, description, required = false }) => [
        name,
        description,
        required,
    ]);
    return (textAt(there, "description") === command.description &&
        JSON.stringify(at(there, "contexts") ?? null) === "[1]" &&
        JSON.stringify(shown) === JSON.stringify(wanted));
}
