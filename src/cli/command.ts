/**
 * The shape of a command, and its arguments.
 *
 * Owns: the shape of a command file's export, reading what was typed, and the refusal of what it does not take. Never: which commands there
 * are (commands.ts).
 */
import { parseArgs } from "node:util";
import { toUsageFault } from "./exit.ts";
import { toHint } from "./suggest.ts";

type AnyArg = { description?: string; required?: boolean };
export type ArgDef =
  | (AnyArg & { type: "boolean" })
  | (AnyArg & { type: "positional" })
  | (AnyArg & { type: "string"; valueHint?: string; alias?: string; default?: string })
  /** `bare`: what it is where it stands without a value. */
  | (AnyArg & { type: "enum"; options: string[]; default?: string; bare?: string });
export type ArgsDef = Readonly<Record<string, ArgDef>>;

type ValueOf<A extends ArgDef> = A extends { type: "boolean" }
  ? boolean | undefined
  : A extends { type: "enum"; options: (infer Option)[] }
    ? Option | undefined
    : A extends { type: "positional"; required: false }
      ? string | undefined
      : A extends { type: "positional" }
        ? string
        : string | undefined;

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

/** Arguments differ from command to command; the table of commands needs one type for all. */
export type Command = CommandHelp & {
  description: string;
  args: ArgsDef;
  run(typed: Typed): Promise<void> | void;
  /** Runs it as it was typed. @throws SluiceError `bad_input` for arguments that it does not take. */
  start(name: string, rawArgs: readonly string[]): Promise<void>;
};

/** What was typed, checked. */
type Typed = {
  /** The last value of each option, and the positional arguments that have a name. */
  values: Readonly<Record<string, string | boolean>>;
  positionals: readonly string[];
  repeated(name: string): readonly string[];
};

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

export function defineCommand<const T extends ArgsDef>({ run, ...rest }: Definition<T>): Command {
  const command: Command = {
    ...rest,
    run: ({ values, positionals, repeated }) =>
      // The checks before have made them what the definition says.
      run({ args: values as Args<T>, positionals, repeated }),
    start: async (name, rawArgs) => command.run(checkArgs(name, command, rawArgs)),
  };
  return command;
}

/** @throws SluiceError `bad_input` for arguments that the command does not take. */
export function checkArgs(name: string, command: Command, rawArgs: readonly string[]): Typed {
  const { args } = command;
  const refuse = (what: string, hint = ""): never => {
    throw toUsageFault(`${what}${hint === "" ? `; "sluice ${name} --help" explains it` : hint}`);
  };
  const { tokens, names } = tokenize(rawArgs, args);
  const options = new Map<string, (string | boolean)[]>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const key = names.get(token.name);
    const arg = key === undefined ? undefined : args[key];
    if (key === undefined || arg === undefined)
      return refuse(
        `unknown flag ${token.rawName}`,
        toHint(token.name, ["help", ...names.keys()], "--"),
      );
    checkValue(token.rawName, token.value, token.inlineValue, arg, refuse);
    const given = options.get(key) ?? [];
    if (given.length > 0 && arg.type !== "boolean" && command.repeatable?.includes(key) !== true)
      refuse(`${token.rawName} is given twice`);
    options.set(key, [...given, token.value ?? true]);
  }
  const named = Object.entries(args).filter(([, arg]) => arg.type === "positional");
  const missing = named.filter(([, arg]) => arg.required !== false)[positionals.length];
  if (missing !== undefined) refuse(`<${missing[0]}> is missing`);
  const extra = positionals[named.length];
  if (extra !== undefined && command.rest === undefined) refuse(`unexpected argument "${extra}"`);
  return {
    values: toValues(args, options, positionals),
    positionals,
    repeated: (key) => (options.get(key) ?? []).filter((value) => typeof value === "string"),
  };
}

function toValues(
  args: ArgsDef,
  options: ReadonlyMap<string, readonly (string | boolean)[]>,
  positionals: readonly string[],
): Typed["values"] {
  const values: Record<string, string | boolean> = {};
  let position = 0;
  for (const [key, arg] of Object.entries(args)) {
    const value = arg.type === "positional" ? positionals[position++] : options.get(key)?.at(-1);
    const usual = "default" in arg ? arg.default : undefined;
    const known = value ?? usual;
    if (known !== undefined) values[key] = known;
  }
  return values;
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
    refuse(
      `${flag} needs a value; one that begins with "-" is written ${flag}=${toShellWord(value)}`,
    );
  } else if (arg.type === "enum" && !arg.options.includes(value)) {
    refuse(`${flag} ${value} is not one of ${arg.options.join(", ")}`, toHint(value, arg.options));
  }
}

/** The tokens as the parser reads them, and which argument each flag, an alias included, stands for. */
function tokenize(rawArgs: readonly string[], args: ArgsDef) {
  const names = new Map<string, string>();
  const options: Record<string, { type: "boolean" | "string" }> = {};
  for (const [key, arg] of Object.entries(args)) {
    if (arg.type === "positional") continue;
    for (const flag of [key, "alias" in arg ? arg.alias : undefined]) {
      if (flag === undefined) continue;
      names.set(flag, key);
      options[flag] = { type: arg.type === "boolean" ? "boolean" : "string" };
    }
  }
  const { tokens } = parseArgs({
    args: fillBare(rawArgs, args),
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  return { tokens, names };
}

/** `--tunnel` alone, before another flag or a word that is none of its values. */
function fillBare(rawArgs: readonly string[], args: ArgsDef): string[] {
  const end = rawArgs.indexOf("--");
  return rawArgs.map((word, index) => {
    const arg = word.startsWith("--") ? args[word.slice(2)] : undefined;
    const isBefore = end === -1 || index < end;
    if (arg?.type !== "enum" || arg.bare === undefined || !isBefore) return word;
    const next = rawArgs[index + 1];
    return next !== undefined && arg.options.includes(next) ? word : `${word}=${arg.bare}`;
  });
}

/** For a query. @throws SluiceError `bad_input`. */
export function parseLimit(text: string, max: number): string {
  if (!/^[1-9]\d{0,5}$/.test(text) || Number(text) > max)
    throw toUsageFault(`--limit ${text} is not a number from 1 to ${max}`);
  return text;
}

function toShellWord(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
