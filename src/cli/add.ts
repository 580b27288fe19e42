/**
 * `sluice add`.
 *
 * Owns: the way of a channel's settings from the command line to the hub. Never: keeps or checks a secret; argv never holds one.
 */
import { read } from "../api/client.ts";
import type { AddedChannel } from "../api/wire.ts";
import { defineCommand, JSON_ARG } from "./command.ts";
import { toUsageFault } from "./exit.ts";
import { withHub } from "./hub.ts";
import { paint, printJson, printLine, toLine } from "./print.ts";
import { readSecret } from "./read-input.ts";

const MAX_SECRET_BYTES = 4_096;

export const add = defineCommand({
  meta: {
    name: "add",
    description:
      "Adds a channel: a URL to which one outside system posts, and the proof that it is that system. Kinds: webhook (any program that can POST) and github. Without --secret-env or --secret-stdin a secret is made and printed once.",
  },
  args: {
    kind: { type: "positional", description: "webhook or github" },
    name: { type: "string", valueHint: "name", description: "What to call it (default: its kind)" },
    "secret-env": {
      type: "string",
      valueHint: "variable",
      description: "Take the secret from this environment variable",
    },
    "secret-stdin": { type: "boolean", description: "Read the secret from stdin" },
    verify: {
      type: "string",
      alias: "scheme",
      valueHint: "scheme",
      description:
        "How requests prove themselves: bearer, token-header, standard, standard-v1a, github",
    },
    header: {
      type: "string",
      valueHint: "name",
      description: "Which header holds the token, as X-Sentry-Token",
    },
    "two-way": {
      type: "boolean",
      description: "Carry replies back on a stream, with a listen token of its own",
    },
    rate: {
      type: "string",
      valueHint: "n",
      description: "Events per second that are let in; 0 is no limit (default: 50)",
    },
    "dangerously-allow-unsigned": {
    ttl: {
      type: "string",
      valueHint: "time",
      description:
        "How long an event may wait before it expires, as 90m, 36h or 2d; 0 is for ever (default: 24h, chats 7d)",
    },
    quota: {
      type: "string",
      valueHint: "n",
      description: "How many events may wait at once; more are answered 429 (default: 10000)",
    },
      type: "boolean",
      description:
        "Take requests without any proof: anybody on this machine can then talk to your session",
    },
    json: JSON_ARG,
  },
  examples: [
    "sluice add github --name ci --secret-env GITHUB_WEBHOOK_SECRET",
    "sluice add webhook --name alerts",
    "sluice add webhook --name sentry --header X-Sentry-Token --secret-stdin < token.txt",
  ],
  async run({ args }) {
    const secret = await readGivenSecret(args["secret-env"], args["secret-stdin"] === true);
    const request = {
      kind: args.kind,
      twoWay: args["two-way"] === true,
      allowUnsigned: args["dangerously-allow-unsigned"] === true,
      ...(args.name === undefined ? {} : { name: args.name }),
      ...(secret === undefined ? {} : { secret }),
      ...(args.verify === undefined ? {} : { scheme: args.verify }),
      ...(args.header === undefined ? {} : { header: args.header }),
      ...(args.rate === undefined ? {} : { rate: parseRate(args.rate) }),
    };
      ...(args.ttl === undefined ? {} : { ttlMs: parseDuration("--ttl", args.ttl) }),
      ...(args.quota === undefined ? {} : { quota: parseQuota(args.quota) }),
    const added = await withHub((api) => read(api.channels.$post({ json: request })));
    if (args.json === true) printJson(added);
    else for (const line of renderAdded(added)) printLine(line);
  },
});

async function readGivenSecret(
  variable: string | undefined,
  fromStdin: boolean,
): Promise<string | undefined> {
  if (variable !== undefined && fromStdin)
    throw toUsageFault("give --secret-env or --secret-stdin, not both");
  if (variable === undefined && !fromStdin) return undefined;
  const secret =
    variable === undefined ? await readSecret(MAX_SECRET_BYTES) : process.env[variable]?.trim();
  if (secret !== undefined && secret !== "") return secret;
  throw toUsageFault(
    variable === undefined
      ? "--secret-stdin: stdin is empty"
      : `--secret-env: the variable "${variable}" is not set; give its name, not the secret itself`,
  );
}

function parseRate(text: string): number {
  const rate = Number(text);
  if (!Number.isFinite(rate) || rate < 0)
    throw toUsageFault(`--rate ${text} is not a number from 0`);
  return rate;
}

function renderAdded({ name, kind, url, token, listenToken, nextStep }: AddedChannel): string[] {
function parseQuota(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text))
    throw toUsageFault(`--quota ${text} is not a whole number from 1 to 9999999`);
  return Number(text);
}

  const once = paint("yellow", "(shown only now)");
  return [
    `added ${paint("bold", toLine(name))} (${toLine(kind)})`,
    ...(url === undefined ? [] : [`  url           ${toLine(url)}`]),
    ...(token === undefined ? [] : [`  token         ${toLine(token)}  ${once}`]),
    ...(listenToken === undefined ? [] : [`  listen token  ${toLine(listenToken)}  ${once}`]),
    "",
    `Next: ${toLine(nextStep)}`,
  ];
}
