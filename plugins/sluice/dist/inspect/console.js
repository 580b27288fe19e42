/**
 * The inspector in a terminal: lines above, a prompt below. Into a pipe: the same lines, or JSON.
 *
 * Owns: columns, colours, the prompt, and a limit on how fast a terminal is filled. Never: the words (lines.ts).
 *
 * Plain lines and node:readline, and no library of screens: what passed can be scrolled, searched, copied and piped, which a drawn screen
 * takes away; and what is better seen at once stands on the page.
 *
 * CONSOLE-1 A terminal is shown so many lines a second; what is left out is counted. A pipe, `--json` and `--record` get all.
 * CONSOLE-2 Text from outside never begins a line of ours, and has no colour: it is one line, or stands behind a bar, and what a terminal
 *    obeys is shown by its number.
 */
import { createInterface } from "node:readline";
import { toPrintable } from "../host/render.js";
import { SluiceError, toMessage } from "../sdk/errors.js";
import { doCommand, HELP, readCommand } from "./commands.js";
import { toLines, toTallyText, toToolLines } from "./lines.js";
const LABEL_COLUMNS = 11;
const MAX_LINES_A_SECOND = 300;
export function openConsole(options) {
    const { inspector, printLine, paint, terminal, isTerminal } = options;
    let { showRaw } = options;
    let prompt;
    const budget = newBudget((count) => write([`… ${count} more lines in this second`]));
    const write = (lines) => {
        if (prompt !== undefined)
            terminal.write("\r\u001B[K");
        for (const text of lines)
            printLine(text);
        prompt?.prompt(true);
    };
    const print = (lines, at) => {
        const texts = lines.flatMap((one, index) => layOut(one, index === 0 ? at : undefined, paint));
        if (isTerminal && at !== undefined && !budget.spend(texts.length))
            return; // CONSOLE-1
        if (texts.length > 0)
            write(texts);
    };
    const say = (text, tone = "plain") => print([{ label: "", tone, text }]);
    const run = async (typed) => {
        const command = readCommand(typed);
        if (await doCommand(inspector, command, options.fixtures))
            return;
        switch (command.do) {
            case "raw":
                showRaw = command.on;
                return say(`raw messages are ${command.on ? "shown" : "hidden"}`, "soft");
            case "tools":
                return print(toToolLines(inspector.tools));
            case "events":
                return print(listEvents(inspector));
            case "show":
                return print(showEvent(inspector, command.event));
            case "count":
                return say(toTallyText(inspector.tally));
            case "help":
                return print(HELP.map(([usage, text]) => ({
                    label: "",
                    tone: "plain",
                    text: `${usage.padEnd(26)}${text}`,
                })));
            case "quit":
                return options.onQuit();
            default:
        }
    };
    prompt = isTerminal
        ? createInterface({ input: options.input, output: terminal, prompt: "> ", terminal: true })
        : undefined;
    const lines = prompt ?? createInterface({ input: options.input, terminal: false });
    lines.on("line", (typed) => {
        run(typed).catch((thrown) => {
            if (thrown instanceof SluiceError)
                say(thrown.message, "warn");
            else
                say(`internal fault, please report it: ${toMessage(thrown)}`, "bad");
        });
        prompt?.prompt();
    });
    lines.on("SIGINT", () => options.onQuit());
    // Ctrl-D leaves; a pipe that has no more to say does not.
    lines.on("close", () => {
        if (prompt !== undefined)
            options.onQuit();
        prompt = undefined;
    });
    return {
        show: (happening) => print(toLines(happening, showRaw), happening.at),
        say,
        close() {
            budget.close();
            const open = prompt;
            prompt = undefined;
            if (open !== undefined)
                terminal.write("\r\u001B[K");
            lines.close();
        },
    };
}
/** CONSOLE-2 */
function layOut({ label, tone, text, body }, at, paint) {
    const time = at === undefined ? "" : new Date(at).toTimeString().slice(0, 8);
    const flat = toPrintable(text).replace(/[\r\n]+/g, " ⏎ ");
    const head = `${paint("soft", time.padEnd(8))} ${paint(tone, label.padEnd(LABEL_COLUMNS))} ${tone === "soft" || tone === "stderr" ? paint(tone, flat) : flat}`;
    const rows = toPrintable(body ?? "").split("\n");
    return [
        head.trimEnd(),
        ...(body === undefined
            ? []
            : rows.map((row) => `${" ".repeat(8)} ${paint("soft", "│")} ${row}`)),
    ];
}
function listEvents({ events }) {
    if (events.length === 0)
        return [
            { label: "", tone: "plain", text: "no event has come yet; why says what may be missing" },
        ];
    return events.slice(-20).map(({ event, outcome, params, text }) => ({
        label: `event ${event}`,
        tone: outcome === "read" ? "good" : outcome === "dropped" ? "bad" : "soft",
        text: `${outcome}${outcome === "dropped" ? ` (${text})` : ""}  ${JSON.stringify(params["content"] ?? null).slice(0, 60)}`,
    }));
}
function showEvent(inspector, number) {
    const seen = inspector.findEvent(number);
    if (seen === undefined)
        throw new SluiceError("not_found", `event ${number} is not kept`);
    const { event, outcome, text, params } = seen;
    return [
        { label: `event ${event}`, tone: "plain", text: outcome, body: text },
        { label: "as sent", tone: "plain", text: "", body: JSON.stringify(params, undefined, 2) },
    ];
}
/** CONSOLE-1 */
function newBudget(tell) {
    let left = MAX_LINES_A_SECOND;
    let missed = 0;
    const timer = setInterval(() => {
        left = MAX_LINES_A_SECOND;
        if (missed > 0)
            tell(missed);
        missed = 0;
    }, 1_000).unref();
    return {
        spend(count) {
            if (left <= 0)
                missed += count;
            else
                left -= count;
            return missed === 0;
        },
        close: () => clearInterval(timer),
    };
}
