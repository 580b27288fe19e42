/**
 * `sluice add`.
 *
 * Owns: sending a channel's settings from the command line to the hub. Never: keeps or checks a secret; argv never holds one.
 */
import type { AddedChannel } from "../../api/wire/wire.ts";
import { addCode, isCode } from "../authored/add-code.ts";
import { readCallerFacts } from "../access-terminal.ts";
import { defineCommand, flag, JSON_ARG, option, positional } from "../command.ts";
import { requireKind } from "../channel-kind.ts";
import { parseDuration } from "../duration.ts";
import { toUsageFault } from "../exit.ts";
import { SENDER_KINDS } from "../../catalogue/senders.ts";
import { loadDefinition, settleSettings } from "../../hub/channels/catalogue.ts";
import { ask } from "../hub.ts";
import { type ImportedRule, importRules } from "../claude/import-official.ts";
import {
  locateOfficialFolder,
  OFFICIAL_KINDS,
  type OfficialFolder,
  readOfficialFolder,
} from "../claude/official-folder.ts";
import { paint, printJson, printLine, printLines, toLine } from "../output/print.ts";
import { findOwnLogin } from "../own-login.ts";
import { GITHUB_ARGS, readGithub } from "../github-args.ts";
import { MAX_SECRET_BYTES, readGivenSecrets, readSecret } from "../read-input.ts";
import { spreadLines } from "../requests/secret-lines.ts";
import { PROOF_FLAGS, readProof, readTemplate, TEMPLATE_FLAGS } from "../requests/request-flags.ts";
import { readWatcher, WATCHER_ARGS } from "../watchers/watcher-args.ts";

export const add = defineCommand({
  description:
    "Adds a channel: the address where one outside system delivers its events, and the way it proves who it is. Kinds: webhook (any program that can POST), github, telegram and discord (a bot of yours), ntfy (a topic, with --set topic=NAME), and the senders that Sluice knows: " +
    SENDER_KINDS.join(", ") +
    ". Sluice makes a secret and prints it once, unless you give one; where the sender makes it, it asks for that one. Steps for the sender's side follow. A file (./sentry.ts) or a package (npm:name@version) is a channel of your own: in a terminal you are shown what it will be able to do, and asked.",
  args: {
    kind: positional(
      "webhook, github, telegram, discord, ntfy or a sender that Sluice knows; or code of your own: ./channel.ts, npm:package@version",
    ),
    name: option("name", "What to call it (default: its kind)"),
    "secret-env": option(
      "variable",
      "Take the secret from this environment variable; name=variable for a second one, as token=GITHUB_TOKEN",
    ),
    "secret-stdin": flag("Read the secret from stdin"),
    manifest: flag("For slack: print the app's manifest, ready to paste, and add nothing"),
    verify: {
      type: "string",
      alias: "scheme",
      valueHint: "scheme",
      description:
        "How requests prove themselves: bearer, token-header, standard, standard-v1a, github; for a sender, the schemes that it has",
    },
    header: option("name", "The header that holds the token, such as X-Sentry-Token"),
    ...PROOF_FLAGS,
    ...TEMPLATE_FLAGS,
    learn: flag("For webhook: wait for the first request, propose how it is told, and ask"),
    "two-way": flag(
      "Send replies back on a stream that has its own listen token; senders prove themselves with a token, not a signature",
    ),
    listener: option(
      "id",
      "With --two-way: the sender allowed to listen; if they are an approver, prompts are sent on this stream",
    ),
    rate: option("n", "Accepted events per second; 0 means no limit (default: 50)"),
    ttl: option(
      "time",
      "How long an event may wait before it expires, such as 90m, 36h or 2d; 0 means for ever (default: 24h, chats 7d)",
    ),
    quota: option(
      "n",
      "How many events may wait at once; further ones are answered 429 (default: 10000)",
    ),
    "allow-target": flag("Let senders name the session that gets an event (X-Sluice-Session)"),
    "ignore-sender": option(
      "login",
      "For github: leave out what this account does by hand, such as the one your session comments with",
    ),
    "dangerously-allow-unsigned": flag(
      "Accept requests without any proof: every program on this machine can then write to your session",
    ),
    set: option(
      "name=value",
      "A setting of the channel, such as api-root=http://127.0.0.1:8081 for telegram",
    ),
    import: flag(
      "For telegram and discord: take over the bot token and the allowed people from Claude Code's own plugin",
    ),
    ...WATCHER_ARGS,
    ...GITHUB_ARGS,
    json: JSON_ARG,
  },
  rest: "[what a watcher watches]",
  repeatable: ["set", "ignore-sender", "ignore", "meta", "secret-env"],
  examples: [
    "sluice add github --name ci --secret-env GITHUB_WEBHOOK_SECRET",
    "sluice add telegram",
    "sluice add webhook --name sentry --header X-Sentry-Token --secret-stdin < token.txt",
  ],
  async run({ args, positionals, repeated }) {
    if (isCode(args.kind)) {
      if (positionals[1] !== undefined)
        throw toUsageFault(`unexpected argument "${positionals[1]}"`);
      const added = await addFromCode(args, repeated("set"));
      return args.json === true ? printJson(added) : printLines(renderAdded(added));
    }
    const kind = await requireKind(args.kind);
    if (args.learn === true && (kind !== "webhook" || args.json === true))
      throw toUsageFault("--learn is for webhook, at a terminal: it shows a request and asks");
    if (args.manifest === true) return printManifest(kind, parseSettings(repeated("set")));
    const official = args.import === true ? readOfficial(kind) : undefined;
    const given = spreadLines(
      kind,
      await readGivenSecrets(repeated("secret-env"), args["secret-stdin"] === true),
      (await loadDefinition(kind, parseSettings(repeated("set")))).moreSecrets ?? [],
    );
    const github = await readGithub(kind, args, given);
    const set = mergeSettings(parseSettings(repeated("set")), github.settings);
    const secret = official?.token ?? given.secret ?? (await askForSecret(kind, set));
    const settled =
      given.secret === undefined ? set : { ...(await settleSettings(kind, set, given)) };
    const secrets = await askForSecrets(kind, settled, { ...given.secrets, ...github.secrets });
    const [, ...words] = positionals;
    const ignore = repeated("ignore");
    const asked = { kind, name: args.name, flags: args, words, ignore, settings: set };
    const { name, settings } = (await readWatcher(asked)) ?? { name: args.name, settings: set };
    const template = readTemplate(args, repeated("meta"));
    const ignored = repeated("ignore-sender").map((login) => login.replace(/^@/, ""));
    const request = {
      kind,
      twoWay: args["two-way"] === true,
      allowUnsigned: args["dangerously-allow-unsigned"] === true,
      ...(args["allow-target"] === true ? { allowTarget: true } : {}),
      name,
      secret,
      ...(Object.keys(secrets).length === 0 ? {} : { secrets }),
      ...readProof(args),
      ...(template === undefined ? {} : { template }),
      listener: args.listener,
      ...(args.rate === undefined ? {} : { rate: parseRate(args.rate) }),
      settings,
      ...(ignored.length === 0 ? {} : { ignoreSenders: ignored }),
      ...(args.ttl === undefined ? {} : { ttlMs: parseDuration("--ttl", args.ttl) }),
      ...(args.quota === undefined ? {} : { quota: parseQuota(args.quota) }),
    };
    const json = { caller: readCallerFacts(), ...request };
    const added = await ask((api) => api.channels.$post({ json }));
    const rules = official === undefined ? [] : await importRules(added.name, official);
    if (args.json === true) printJson(official === undefined ? added : { ...added, rules });
    else {
      printLines(renderAdded(added));
      if (added.kind === "github" && ignored.length === 0 && added.url !== undefined)
        printLines(await renderOwnAccount(added));
    }
    if (official !== undefined && args.json !== true) printLines(renderImport(official, rules));
    if (args.learn === true)
      await (await import("../requests/learn-request.ts")).learnRequest(added.name);
  },
});

const FOR_KINDS = [
  "secret-env",
  "secret-stdin",
  "verify",
  "header",
  "two-way",
  "allow-target",
  "dangerously-allow-unsigned",
  "import",
  "manifest",
  "hmac",
  "basic",
  "query-secret",
  "path-secret",
  "text",
  "meta",
  "entity",
  "severity",
  "id",
  "learn",
  "repo",
  "poll",
  "token",
] as const;

/** What the code says of itself is not said again here. */
async function addFromCode(
  args: {
    kind: string;
    name?: string | undefined;
    listener?: string | undefined;
    rate?: string | undefined;
    ttl?: string | undefined;
    quota?: string | undefined;
  } & Partial<Record<(typeof FOR_KINDS)[number], string | boolean | undefined>>,
  set: readonly string[],
): Promise<AddedChannel> {
  const stray = FOR_KINDS.find((name) => args[name] !== undefined && args[name] !== false);
  if (stray !== undefined)
    throw toUsageFault(`--${stray} is for built-in kinds: the code of ${args.kind} says it itself`);
  const { name, listener, rate, ttl, quota } = args;
  const settings = parseSettings(set);
  return addCode(args.kind, {
    ...(name === undefined ? {} : { name }),
    ...(listener === undefined ? {} : { listener }),
    ...(rate === undefined ? {} : { rate: parseRate(rate) }),
    ...(ttl === undefined ? {} : { ttlMs: parseDuration("--ttl", ttl) }),
    ...(quota === undefined ? {} : { quota: parseQuota(quota) }),
    ...(settings === undefined ? {} : { settings }),
  });
}

/** What the platform gave the user, where its channel asks for that and there is somebody to ask. */
async function askForSecret(
  kind: string,
  settings: Record<string, string> | undefined,
): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined;
  const { secretPrompt } = await loadDefinition(kind, settings);
  return secretPrompt === undefined ? undefined : readSecret(MAX_SECRET_BYTES, secretPrompt);
}

/** Those besides the first that it cannot do without. */
async function askForSecrets(
  kind: string,
  settings: Record<string, string> | undefined,
  given: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const secrets = { ...given };
  if (!process.stdin.isTTY) return secrets;
  const { moreSecrets = [] } = await loadDefinition(kind, settings);
  for (const { name, prompt, isOptional = false } of moreSecrets)
    if (!isOptional && !Object.hasOwn(secrets, name))
      secrets[name] = await readSecret(MAX_SECRET_BYTES, prompt);
  return secrets;
}

function mergeSettings(
  set: Record<string, string> | undefined,
  more: Record<string, string>,
): Record<string, string> | undefined {
  return set === undefined && Object.keys(more).length === 0 ? undefined : { ...set, ...more };
}

async function printManifest(
  kind: string,
  settings: Record<string, string> | undefined,
): Promise<void> {
  const { manifest } = await loadDefinition(kind, settings);
  if (manifest === undefined)
    throw toUsageFault(`--manifest is for slack; ${kind} has no form to paste one into`);
  printLine(manifest(settings ?? {}));
}

function readOfficial(kind: string): OfficialFolder {
  const known = OFFICIAL_KINDS.find((one) => one === kind);
  if (known === undefined) throw toUsageFault("--import is for telegram and discord");
  return readOfficialFolder(locateOfficialFolder(process.env, known), known);
}

function parseSettings(given: readonly string[]): Record<string, string> | undefined {
  if (given.length === 0) return undefined;
  const pairs = given.map((text) => {
    const at = text.indexOf("=");
    if (at < 1) throw toUsageFault(`--set ${text} is not name=value`);
    return [text.slice(0, at), text.slice(at + 1)] as const;
  });
  return Object.fromEntries(pairs);
}

function parseRate(text: string): number {
  const rate = Number(text);
  if (!Number.isFinite(rate) || rate < 0)
    throw toUsageFault(`--rate ${text} is not a number from 0`);
  return rate;
}

function parseQuota(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text))
    throw toUsageFault(`--quota ${text} is not a whole number from 1 to 9999999`);
  return Number(text);
}

function renderImport(official: OfficialFolder, rules: readonly ImportedRule[]): string[] {
  const words = { done: "taken over", waits: "waits for sluice access confirm", failed: "failed" };
  return [
    "",
    `From ${toLine(official.path)}:`,
    ...rules.map(({ summary, state }) => `  ${words[state]}: ${toLine(summary)}`),
    ...official.left.map((what) => `  not taken over: ${toLine(what)}`),
    "Remove that plugin now: with two programs on one bot, people are not answered, or twice.",
  ];
}

function renderAdded(added: AddedChannel): string[] {
  const { name, kind, scheme, account, url, token, listenToken, warning, nextStep } = added;
  // What is shown in a header is a token; what signs, and is never sent, is called a secret by every platform.
  const what = scheme === "bearer" || scheme === "token-header" ? "token " : "secret";
  const once = paint("yellow", "(shown only now)");
  return [
    `added ${paint("bold", toLine(name))} (${toLine(kind)})`,
    ...(account === undefined ? [] : [`  account       ${toLine(account)}`]),
    ...(url === undefined ? [] : [`  url           ${toLine(url)}`]),
    ...(token === undefined ? [] : [`  ${what}        ${toLine(token)}  ${once}`]),
    ...(listenToken === undefined ? [] : [`  listen token  ${toLine(listenToken)}  ${once}`]),
    ...(warning === undefined ? [] : [paint("yellow", `  warning: ${toLine(warning)}`)]),
    "",
    ...renderNextStep(nextStep),
  ];
}

/** Only suggested: the session may work with another account than the user's own. */
async function renderOwnAccount({ name }: AddedChannel): Promise<string[]> {
  const login = await findOwnLogin();
  return [
    "",
    "So that comments of your session do not wake it, leave out the account that it writes with:",
    `  sluice ignore ${toLine(name)} ${login === undefined ? "<login>" : toLine(login)}`,
  ];
}

/** One step stands beside the word; several stand below it. */
function renderNextStep(nextStep: string): string[] {
  const [first = "", ...others] = nextStep.split("\n").map(toLine);
  return others.length === 0
    ? [`Next: ${first}`]
    : ["Next:", ...[first, ...others].map((step) => `  ${step}`)];
}
