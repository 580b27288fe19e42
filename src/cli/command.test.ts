import { expect, test } from "vitest";
import { isSluiceError } from "../sdk/errors.ts";
import { type Args, defineCommand, JSON_ARG } from "./command.ts";

const ARGS = {
  channel: { type: "positional", description: "" },
  meta: { type: "string", description: "" },
  verify: { type: "string", alias: "scheme", description: "" },
  priority: { type: "enum", options: ["low", "urgent"], description: "" },
  "two-way": { type: "boolean", description: "" },
  json: JSON_ARG,
} as const;

type Seen = { args: object; positionals: readonly string[]; meta: readonly string[] };

async function parse(rawArgs: readonly string[], rest?: string): Promise<Seen> {
  let seen: Seen | undefined;
  const command = defineCommand({
    description: "",
    args: { ...ARGS, priority: { ...ARGS.priority, options: ["low", "urgent"] } },
    repeatable: ["meta"],
    ...(rest === undefined ? {} : { rest }),
    run: ({ args, positionals, repeated }) => {
      const { channel, verify, priority, json } = args;
      seen = {
        args: { channel, verify, priority, json, twoWay: args["two-way"] },
        positionals,
        meta: repeated("meta"),
      };
    },
  });
  await command.start("test", rawArgs);
  if (seen === undefined) throw new Error("the command did not run");
  return seen;
}

async function readFault(rawArgs: readonly string[], rest?: string): Promise<string> {
  const thrown: unknown = await parse(rawArgs, rest).catch((fault: unknown) => fault);
  return isSluiceError(thrown, "bad_input")
    ? thrown.message
    : `no fault: ${JSON.stringify(thrown)}`;
}

test("options stand anywhere, with a blank or an equals sign, and under their other name", async () => {
  const { args } = await parse(["--scheme", "github", "alerts", "--priority=urgent", "--two-way"]);
  expect(args).toEqual({
    channel: "alerts",
    verify: "github",
    priority: "urgent",
    json: undefined,
    twoWay: true,
  });
});

test("every value of a repeated option is kept, in order", async () => {
  const { meta } = await parse(["c", "--meta", "a=1", "--meta=b=--no-x", "--json", "--meta", "c="]);
  expect(meta).toEqual(["a=1", "b=--no-x", "c="]);
});

test("what follows -- is text, whatever it looks like", async () => {
  const { args, positionals } = await parse(["c", "--", "--json", "--no-x"], "[text]");
  expect(args).toMatchObject({ channel: "c", json: undefined });
  expect(positionals).toEqual(["c", "--json", "--no-x"]);
});

test.each([
  [["c", "--jsno"], 'unknown flag --jsno; did you mean "--json"?'],
  [["c", "--no-json"], 'unknown flag --no-json; "sluice test --help" explains it'],
  [["c", "-x"], 'unknown flag -x; "sluice test --help" explains it'],
  [["c", "--twoWay"], 'unknown flag --twoWay; did you mean "--two-way"?'],
  [["c", "--toString"], 'unknown flag --toString; "sluice test --help" explains it'],
  [["c", "--verify"], '--verify needs a value; "sluice test --help" explains it'],
  [["c", "--verify="], '--verify needs a value; "sluice test --help" explains it'],
  [["c", "--json=yes"], '--json takes no value; "sluice test --help" explains it'],
  [
    ["c", "--verify", "a", "--scheme", "b"],
    '--scheme is given twice; "sluice test --help" explains it',
  ],
  [
    ["c", "--priority", "ugent"],
    '--priority ugent is not one of low, urgent; did you mean "urgent"?',
  ],
  [["c", "d"], 'unexpected argument "d"; "sluice test --help" explains it'],
  [[], '<channel> is missing; "sluice test --help" explains it'],
])("%j is refused", async (rawArgs, message) => {
  expect(await readFault(rawArgs)).toBe(message);
});

test("a flag is not swallowed as the value of another", async () => {
  expect(await readFault(["c", "--verify", "--json"])).toBe(
    '--verify needs a value; one that begins with "-" is written --verify=--json; "sluice test --help" explains it',
  );
  // As a shell takes it.
  expect(await readFault(["c", "--verify", "--it's two"])).toContain("--verify='--it'\\''s two'");
});

test("an absent option is undefined in its type too", () => {
  const args: Args<{ name: { type: "string" }; kind: { type: "positional" } }> = {
    name: undefined,
    kind: "webhook",
  };
  expect(args.name).toBeUndefined();
});
