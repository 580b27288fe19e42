/**
 * The shape of a command, and the checks that its parser lacks.
 *
 * Owns: the shape of a command file's export, and the refusal of unknown arguments. Never: which commands there are (commands.ts).
 *
 * citty parses and runs; it takes any flag, drops `--no-<anything>`, keeps the last of a repeated option and turns a missing value into
 * an empty one. So arguments are checked before it sees them, with the same parser below it (node:util), token by token.
 */
import { parseArgs } from "node:util";
import { type ArgDef, type ArgsDef, type CommandDef, runCommand } from "citty";
import { toUsageFault } from "./exit.ts";
import { toHint } from "./suggest.ts";

type ValueOf<A extends ArgDef> = A extends { type: "boolean" }
  ? boolean | undefined
  : A extends { type: "enum"; options: (infer Option)[] }
    ? Option | undefined
    : A extends { type: "positional"; required: false }
      ? string | undefined
      : A extends { type: "positional" }
        ? string
        : string | undefined;

/** citty's own type claims that an absent option is there. */
export type Args<T extends ArgsDef> = { [K in keyof T]: ValueOf<T[K]> };

type CommandContext<T extends ArgsDef> = {
  args: Args<T>;
  /** All positional arguments, those with a name included. */
  positionals: readonly string[];
  /** Every value of an option in `repeatable`. */
  repeated(name: keyof T & string): readonly string[];
};

type CommandHelp = {
  /** Whole command lines, one to three. */
  examples?: readonly string[];
  /** The positional arguments behind the named ones, as help shows them. */
  rest?: string;
  /** Options that may be given more than once. */
  repeatable?: readonly string[];
};

export type Definition<T extends ArgsDef> = CommandHelp & {
  description: string;
  args: T;
  run(context: CommandContext<T>): Promise<void> | void;
};

// Arguments differ from command to command; the table of commands needs one type for all.
// oxlint-disable-next-line typescript/no-explicit-any
export type Command = CommandDef<any> & CommandHelp;

/** An option with a value. */
export function option(valueHint: string, description: string) {
  return { type: "string", valueHint, description } as const;
}

/** An option without a value. */
export function flag(description: string) {
  return { type: "boolean", description } as const;
}

export function positional(description: string) {
  return { type: "positional", description } as const;
}

export function optionalPositional(description: string) {
  return { type: "positional", required: false, description } as const;
}

/** Every command that prints for scripts has it. */
export const JSON_ARG = flag("Print JSON for scripts");
export const CHANNEL_ARG = option("name", "Only events of this channel");
export const LIMIT_ARG = option("n", "How many to list at most (default: 50)");

export function defineCommand<const T extends ArgsDef>(definition: Definition<T>): Command {
  const { description, args, run, examples = [], rest, repeatable = [] } = definition;
  return {
    meta: { description },
    args,
    examples,
    repeatable,
    ...(rest === undefined ? {} : { rest }),
    run: (context) =>
      run({
        // The checks before have made them what the definition says.
        args: context.args as Args<T>,
        positionals: context.args._,
        repeated: (name) => readRepeated(context.rawArgs, args, name),
      }),
  };
}

/**
 * Checks the arguments and runs the command.
 * @throws SluiceError `bad_input` for arguments that it does not take.
 */
export async function runStrictly(
  name: string,
  command: Command,
  rawArgs: readonly string[],
): Promise<void> {
  checkArgs(name, command, rawArgs);
  await runCommand(command, { rawArgs: [...rawArgs] });
}

/** @throws SluiceError `bad_input` for arguments that the command does not take. */
export function checkArgs(name: string, command: Command, rawArgs: readonly string[]): void {
  // Every command file states its arguments as a plain object.
  const args = (command.args as ArgsDef | undefined) ?? {};
  const refuse = (what: string, hint = ""): never => {
    throw toUsageFault(`${what}${hint === "" ? `; "sluice ${name} --help" explains it` : hint}`);
  };
  const { tokens, names } = tokenize(rawArgs, args);
  const seen = new Set<string>();
  let positionals = 0;
  for (const token of tokens) {
    if (token.kind === "positional") positionals += 1;
    if (token.kind !== "option") continue;
    const key = names.get(token.name);
    const arg = key === undefined ? undefined : args[key];
    if (key === undefined || arg === undefined) {
      refuse(`unknown flag ${token.rawName}`, toHint(token.name, ["help", ...names.keys()], "--"));
      continue;
    }
    checkValue(token.rawName, token.value, token.inlineValue, arg, refuse);
    if (seen.has(key) && arg.type !== "boolean" && command.repeatable?.includes(key) !== true) {
      refuse(`${token.rawName} is given twice`);
    }
    seen.add(key);
  }
  const named = Object.entries(args).filter(([, arg]) => arg.type === "positional");
  const missing = named.filter(([, arg]) => arg.required !== false)[positionals];
  if (missing !== undefined) refuse(`<${missing[0]}> is missing`);
  const extra = tokens.filter((token) => token.kind === "positional")[named.length];
  if (extra !== undefined && command.rest === undefined)
    refuse(`unexpected argument "${extra.value}"`);
}

function checkValue(
  flag: string,
  value: string | undefined,
  inline: boolean | undefined,
  arg: ArgDef,
  refuse: (what: string, hint?: string) => never,
): void {
  if (arg.type === "boolean") {
    if (value !== undefined) refuse(`${flag} takes no value`);
    return;
  }
  if (value === undefined || value === "") refuse(`${flag} needs a value`);
  // The parser would take the next flag as the value.
  else if (inline !== true && value.startsWith("-") && value !== "-") {
    refuse(`${flag} needs a value; one that begins with "-" is written ${flag}=${value}`);
  } else if (arg.type === "enum" && arg.options !== undefined && !arg.options.includes(value)) {
    refuse(`${flag} ${value} is not one of ${arg.options.join(", ")}`, toHint(value, arg.options));
  }
}

function readRepeated(rawArgs: readonly string[], args: ArgsDef, name: string): string[] {
  const { tokens, names } = tokenize(rawArgs, args);
  return tokens.flatMap((token) =>
    token.kind === "option" && names.get(token.name) === name && token.value !== undefined
      ? [token.value]
      : [],
  );
}

/** The tokens as the parser reads them, and which argument each flag, an alias included, stands for. */
function tokenize(rawArgs: readonly string[], args: ArgsDef) {
  const names = new Map<string, string>();
  const options: Record<string, { type: "boolean" | "string" }> = {};
  for (const [key, arg] of Object.entries(args)) {
    if (arg.type === "positional") continue;
    for (const flag of [key, ...[("alias" in arg ? arg.alias : undefined) ?? []].flat()]) {
      names.set(flag, key);
      options[flag] = { type: arg.type === "boolean" ? "boolean" : "string" };
    }
  }
  const { tokens } = parseArgs({
    args: [...rawArgs],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  return { tokens, names };
}

/** For a query. @throws SluiceError `bad_input`. */
export function parseLimit(text: string, max: number): string {
  if (!/^[1-9]\d{0,5}$/.test(text) || Number(text) > max)
    throw toUsageFault(`--limit ${text} is not a number from 1 to ${max}`);
  return text;
}
