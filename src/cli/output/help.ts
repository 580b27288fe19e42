/**
 * `sluice --help` and `sluice <command> --help`.
 *
 * Owns: the layout of help. Never: its words, which stand with each command.
 */
import { VERSION } from "../../local/version.ts";
import type { ArgDef, Command } from "../command.ts";
import { COMMANDS } from "../commands.ts";
import { paint, readColumns } from "./print.ts";

const MAX_COLUMNS = 100;

export function renderHelp(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  const lines = [
    `${paint("bold", "Sluice")} ${VERSION}: events from outside, verified and kept, delivered into a running agent session.`,
    "",
    "Usage: sluice <command> [options]",
  ];
  for (const [group, commands] of Map.groupBy(COMMANDS, (entry) => entry.group)) {
    lines.push("", paint("bold", group));
    for (const { name, summary } of commands) {
      lines.push(...renderItem(name, summary, width));
    }
  }
  lines.push(
    "",
    '"sluice <command> --help" explains a command. State is kept in SLUICE_HOME (default ~/.sluice).',
    "Exit codes: 0 done, 1 failed, 2 wrong use, 78 bad set-up.",
  );
  return lines.join("\n");
}

export function renderCommandHelp(name: string, command: Command): string {
  const args = Object.entries(command.args);
  const positionals = args.filter(([, arg]) => arg.type === "positional");
  const options = args.filter(([, arg]) => arg.type !== "positional" && !isHidden(arg));
  const usage = [
    "sluice",
    name,
    ...positionals.map(([key, arg]) => (arg.required === false ? `[${key}]` : `<${key}>`)),
    ...(command.rest === undefined ? [] : [command.rest]),
    ...(options.length === 0 ? [] : ["[options]"]),
  ];
  const rows = [
    ...options.map(
      ([key, arg]) =>
        [toFlag(key, arg), toDescription(arg, command.repeatable?.includes(key))] as const,
    ),
    ["--help", "Print this"] as const,
  ];
  const heads = positionals.map(([key, arg]) => [`<${key}>`, arg.description ?? ""] as const);
  const width = Math.max(...[...rows, ...heads].map(([flag]) => flag.length));
  return [
    `Usage: ${usage.join(" ")}`,
    "",
    ...wrap(command.description, toColumns()),
    ...toSection("Arguments", heads, width),
    ...toSection("Options", rows, width),
    ...(command.examples === undefined || command.examples.length === 0
      ? []
      : ["", paint("bold", "Examples"), ...command.examples.map((line) => `  ${line}`)]),
  ].join("\n");
}

function toSection(
  title: string,
  rows: readonly (readonly [string, string])[],
  width: number,
): string[] {
  if (rows.length === 0) return [];
  return [
    "",
    paint("bold", title),
    ...rows.flatMap(([flag, text]) => renderItem(flag, text, width)),
  ];
}

/** Flags without a description are for our own processes. */
function isHidden(arg: ArgDef): boolean {
  return arg.description === undefined;
}

function toFlag(key: string, arg: ArgDef): string {
  if (arg.type === "boolean") return `--${key}`;
  const value = arg.type === "enum" ? "one" : "value";
  if (arg.type === "enum" && arg.bare !== undefined) return `--${key} [${value}]`;
  return `--${key} <${("valueHint" in arg ? arg.valueHint : undefined) ?? value}>`;
}

function toDescription(arg: ArgDef, isRepeatable: boolean | undefined): string {
  const alias = "alias" in arg ? arg.alias : undefined;
  const options = arg.type === "enum" ? arg.options : [];
  return [
    arg.description ?? "",
    ...(options.length === 0 ? [] : [`(${options.join(", ")})`]),
    ...(isRepeatable === true ? ["(may be repeated)"] : []),
    ...(alias === undefined ? [] : [`(also --${alias})`]),
  ].join(" ");
}

/** A name and its text beside it, or below it where the terminal is narrow. */
function renderItem(name: string, text: string, width: number): string[] {
  const indent = width + 4;
  const columns = toColumns();
  if (columns - indent < 24) {
    return [`  ${paint("cyan", name)}`, ...wrap(text, columns - 6).map((line) => `      ${line}`)];
  }
  const [first = "", ...others] = wrap(text, columns - indent);
  const head = `  ${paint("cyan", name)}${" ".repeat(width - name.length)}  ${first}`;
  return [head, ...others.map((line) => " ".repeat(indent) + line)];
}

function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= columns)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function toColumns(): number {
  return Math.min(MAX_COLUMNS, readColumns());
}
