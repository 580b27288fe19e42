import { toNameField } from "../../../sdk/field.js";
import { toLine } from "../show/render.js";
import { readWords, STALE_MS } from "./words.js";
/** What a forged sender may do as well. */
const HARMLESS = new Set(["status", "stop", "denyall"]);
const COMMANDS = ["status", "stop", "denyall", "resume", "away", "here"];
export class ChatCommands {
    #options;
    constructor(options) {
        this.#options = options;
    }
    /** Undefined where it is no command of ours, or they may not use it: then it is ordinary chat. */
    async command(arrival, speaker) {
        const [, name, rest = ""] = /^\/([a-z]+)(?:@\w+)?(?:\s+([\s\S]*))?$/i.exec(readWords(arrival).trim()) ?? [];
        const command = COMMANDS.find((one) => one === name?.toLowerCase());
        if (command === undefined || !this.#isArgument(command, rest, arrival, speaker))
            return undefined;
        if (command === "stop" && !speaker.isApprover)
            return speaker.roles.includes("chatter")
                ? { kind: "pass", arrival: toStop(arrival) }
                : undefined;
        if (command !== "status" && !speaker.isApprover)
            return undefined;
        const { clock, say } = this.#options;
        // Whoever cannot be known may stop, and give nothing back.
        if (!speaker.by.mayAllow && !HARMLESS.has(command))
            return say(arrival, `/${command} was not done: nobody can be known here. Use the page, another chat, or the terminal.`);
        const { occurredAt } = arrival;
        const isStale = occurredAt !== undefined && clock.now() - occurredAt > STALE_MS;
        // Sent while the hub was off: what it was about is over.
        const answer = isStale && command !== "status"
            ? `/${command} was not done: it is too old. Send it again if you mean it.`
            : await this.#do(command, arrival, rest.trim(), speaker);
        return say(arrival, answer);
    }
    /** CHATCOMMAND-4. */
    #isArgument(command, rest, { channel, chatId = "" }, { isApprover }) {
        const words = toArgument(rest);
        // No word of any language: whoever writes it means it.
        if (words === "" || command === "denyall")
            return true;
        if (command !== "stop" && command !== "resume")
            return false;
        if (words === "all" || !isApprover)
            return words === "all";
        const open = this.#options.listSessions(channel, chatId);
        return open.some(({ id, name }) => [id, name.toLowerCase()].includes(words));
    }
    async #do(command, arrival, rest, speaker) {
        switch (command) {
            case "status":
                return this.#describe(arrival, speaker);
            case "stop":
                return this.#onSessions(arrival, rest, "stop", (one) => this.#stop(one, speaker));
            case "denyall":
                return this.#onSessions(arrival, rest, "denyall", (one) => this.#denyAll(one, speaker));
            case "resume":
                return this.#onSessions(arrival, rest, "resume", (one) => this.#resume(one, speaker));
            case "away":
                return this.#setAway("on", speaker);
            case "here":
                return this.#setAway("auto", speaker);
            default:
                return command;
        }
    }
    #describe({ channel, chatId = "" }, { isApprover }) {
        const { prompts, away, listSessions, describe, listApprovers, clock } = this.#options;
        const pending = prompts.list({ state: "pending" });
        const waits = new Set(pending.map(({ session }) => session)).size;
        const counts = [
            ...describe(channel),
            ...(waits === 0 ? [] : [`${waits} of them ${waits === 1 ? "waits" : "wait"} for approval.`]),
        ];
        if (!isApprover)
            return counts.join("\n");
        const whom = listApprovers().slice(0, 5).join(", ");
        const sessions = listSessions(channel, chatId).map(({ id, name, isBusy }) => {
            const open = pending.filter(({ session }) => session === id);
            if (open.length === 0)
                return `- ${toLine(name)}: ${isBusy ? "at work" : "idle"}`;
            const [oldest] = open.toReversed();
            const tools = open.slice(0, 5).map(({ tool, code }) => `${tool} (${code})`);
            const minutes = Math.max(0, Math.floor((clock.now() - (oldest?.createdAt ?? 0)) / 60_000));
            return `- ${toLine(name)}: waits ${minutes} min for ${whom === "" ? "the terminal" : `the terminal or ${whom}`}: ${toLine(tools.join(", "))}`;
        });
        const { isAway, mode } = away.view;
        const how = mode === "auto" ? "" : ` (set to ${mode})`;
        return [...counts, ...sessions, `You are ${isAway ? "away" : "here"}${how}.`].join("\n");
    }
    /** The session that is meant: named, or the one that holds this chat, or the only one. */
    async #onSessions({ channel, chatId = "" }, rest, command, act) {
        const open = this.#options.listSessions(channel, chatId);
        if (open.length === 0)
            return "No session is open: there is nothing to stop.";
        const folded = toArgument(rest);
        const named = open.filter(({ id, name }) => [id, name.toLowerCase()].includes(folded));
        const held = open.filter(({ holdsChat }) => holdsChat);
        const meant = folded === "all" ? open : folded !== "" ? named : open.length === 1 ? open : held;
        if (meant.length === 0 || (meant.length > 1 && folded !== "all")) {
            const names = open.map(({ name }) => `/${command} ${toLine(name)}`);
            return [`Which one?`, ...names, `/${command} all`].join("\n");
        }
        const lines = [];
        for (const session of meant)
            lines.push(await act(session));
        return lines.join("\n");
    }
    /** CHATCOMMAND-3. */
    async #stop({ id, name, isBusy, hasHooks }, { by }) {
        const { denied, isReached } = await this.#options.prompts.holds.stop(id, by);
        const told = isReached && hasHooks
            ? "Its turn ends at the next hook, which is the end of the tool that runs now."
            : "Its client has no hooks of ours, so its turn goes on.";
        return [
            `${toLine(name)}: ${denied === 0 ? "nothing waited" : `${denied} denied`}; whatever it asks next is denied until somebody types at it, or /resume.`,
            told,
            isBusy
                ? "Not interrupted: a command that runs now, and what the model writes now. Esc at the terminal does that."
                : "It does nothing now.",
        ].join(" ");
    }
    async #denyAll({ id, name }, { by }) {
        const { denied } = await this.#options.prompts.holds.denyAll(id, by);
        return `${toLine(name)}: ${denied} denied now, and all that it asks for 15 minutes, or until /resume.`;
    }
    async #resume({ id, name }, { by }) {
        const isEnded = await this.#options.prompts.holds.resume(id, by);
        return `${toLine(name)}: ${isEnded ? "you get its prompts again" : "nothing was stopped"}.`;
    }
    async #setAway(mode, { by }) {
        await this.#options.away.set(mode, by.who);
        return mode === "on"
            ? "You are away: questions come here at once, until you type at a session or send /here."
            : "You are here: questions stay at the terminal for a moment before they come to chats.";
    }
}
/** The argument of a command, without what adds nothing to it: `/stop now!` is `/stop`. */
function toArgument(rest) {
    const words = rest.trim().toLowerCase();
    return /^(?:(?:now|please|it|everything|immediately)\b[\s,.!]*)*[\s.!]*$/.test(words)
        ? ""
        : words;
}
/** `/stop` of a chatter as the session reads it: first in line, in words of ours. */
function toStop(arrival) {
    // It stands among words of ours, where nothing marks a third party's.
    const name = toNameField(arrival.sender.name ?? arrival.sender.id);
    return {
        ...arrival,
        kind: "stop",
        text: `${name} asks you to stop what you are doing, and to say where you stopped.`,
        priority: "urgent",
    };
}
