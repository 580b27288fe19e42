/**
 * `sluice add`.
 *
 * Owns: the order of its steps: what is asked, the public address, the channel, the platform's end, the first event. Never: keeps or checks
 * a secret; argv never holds one.
 */
import { addFromCode } from "../add/add-from-code.ts";
import { ADD_ARGS, type AddArgs, parseSettings, toAddRequest } from "../add/add-args.ts";
import { awaitFirst } from "../add/first-event.ts";
import { toKindsLine } from "../add/kinds-line.ts";
import { prepareReach } from "../add/prepare-reach.ts";
import { renderAdded, renderImport, renderOwnAccount } from "../add/render-added.ts";
import type { Talk } from "../add/talk.ts";
import { isAtTerminal, readCallerFacts } from "../access-terminal.ts";
import { isCode } from "../authored/add-code.ts";
import { defineCommand } from "../command.ts";
import { requireKind } from "../channel-kind.ts";
import { EXIT_FAILED, toUsageFault } from "../exit.ts";
import { loadDefinition, settleSettings } from "../../hub/channels/catalogue.ts";
import { importRules } from "../claude/import-official.ts";
import {
  locateOfficialFolder,
  OFFICIAL_KINDS,
  type OfficialFolder,
  readOfficialFolder,
} from "../claude/official-folder.ts";
import { ask } from "../hub.ts";
import { makeHooks } from "../reach/hook-flags.ts";
import { renderTunnel } from "../reach/tunnel-flags.ts";
import { printJson, printLines } from "../output/print.ts";
import { readGithub } from "../github-args.ts";
import { readGivenSecrets } from "../read-input.ts";
import { spreadLines } from "../requests/secret-lines.ts";
import { askForSecret, askForSecrets, mergeSettings, printManifest } from "../add/add-secrets.ts";

export const add = defineCommand({
  description:
    `Adds a channel: the address where one outside system delivers its events, and the way it proves who it is. Kinds: ${toKindsLine()}` +
    ". Sluice makes a secret and prints it once, unless you give one; where the sender makes it, it asks for that one. Steps for the sender's side follow. A file (./sentry.ts) or a package (npm:name@version) is a channel of your own: in a terminal you are shown what it will be able to do, and asked.",
  args: ADD_ARGS,
  rest: "[what a watcher watches]",
  repeatable: ["set", "ignore-sender", "ignore", "meta", "secret-env", "hook"],
  examples: [
    "sluice add",
    "sluice add github --tunnel",
    "sluice add webhook --name sentry --header X-Sentry-Token --secret-stdin < token.txt",
  ],
  async run({ args, positionals, repeated }) {
    if (args.kind !== undefined && isCode(args.kind)) {
      if (positionals[1] !== undefined)
        throw toUsageFault(`unexpected argument "${positionals[1]}"`);
      const added = await addFromCode(args.kind, args, repeated("set"));
      return args.json === true ? printJson(added) : printLines(renderAdded(added));
    }
    const talk = await openTalk(args, positionals);
    const kind = await requireKind(args.kind ?? (await talk?.askKind()) ?? missKind());
    if (args.learn === true && (kind !== "webhook" || args.json === true))
      throw toUsageFault("--learn is for webhook, at a terminal: it shows a request and asks");
    const typed = parseSettings(repeated("set"));
    if (args.manifest === true) return printManifest(kind, typed);
    const official = args.import === true ? readOfficial(kind) : undefined;
    const answers = (await talk?.askRest(kind)) ?? {};
    const fromStdin = args["secret-stdin"] === true;
    const given = await readGivenSecrets(repeated("secret-env"), fromStdin);
    const { moreSecrets = [] } = await loadDefinition(kind, typed);
    const spread = spreadLines(kind, given, moreSecrets);
    const github = await readGithub(kind, args, spread);
    const set = mergeSettings(typed, { ...github.settings, ...answers.settings });
    const secret =
      official?.token ?? spread.secret ?? answers.secret ?? (await askForSecret(kind, set));
    const settled =
      spread.secret === undefined ? set : { ...(await settleSettings(kind, set, spread)) };
    const secrets = await askForSecrets(kind, settled, { ...spread.secrets, ...github.secrets });
    const ignoreSenders = repeated("ignore-sender");
    const request = await toAddRequest(
      kind,
      args,
      { secret, secrets },
      {
        words: answers.words ?? positionals.slice(1),
        set,
        meta: repeated("meta"),
        ignore: repeated("ignore"),
        ignoreSenders,
      },
    );
    const flags = { ...args, ...answers.reach };
    const reach = await prepareReach(kind, flags, answers.targets ?? repeated("hook"));
    const added = await reach.unlessFailed(() => addChannel(request, talk));
    const hooks = reach.hooks === undefined ? undefined : await makeHooks(added.name, reach.hooks);
    const rules = official === undefined ? [] : await importRules(added.name, official);
    if (args.json === true) {
      const { tunnel } = reach;
      printJson({
        ...added,
        ...(official === undefined ? {} : { rules }),
        ...(tunnel === undefined ? {} : { tunnel }),
        ...(hooks === undefined ? {} : { hooks }),
      });
    } else {
      if (reach.tunnel !== undefined) printLines(renderTunnel(reach.tunnel));
      printLines(renderAdded(added, hooks));
      if (added.kind === "github" && ignoreSenders.length === 0 && added.url !== undefined)
        printLines(await renderOwnAccount(added));
      if (official !== undefined) printLines(renderImport(official, rules));
    }
    if ((hooks?.faults.length ?? 0) > 0) process.exitCode = EXIT_FAILED;
    if (args.learn === true)
      await (await import("../requests/learn-request.ts")).learnRequest(added.name);
    await (talk === undefined ? awaitFirst(added, args) : talk.finish(added));
  },
});

/** In a terminal of a person, with nothing but a kind and a name typed: what is missing is asked. Flags are the other way to say all. */
async function openTalk(args: AddArgs, positionals: readonly string[]): Promise<Talk | undefined> {
  const hasFlags = Object.entries(args).some(
    ([name, value]) => name !== "kind" && name !== "name" && value !== undefined,
  );
  if (hasFlags || positionals.length > 1 || !isAtTerminal(readCallerFacts())) return undefined;
  if (process.stderr.isTTY !== true) return undefined;
  const { Talk: Conversation } = await import("../add/talk.ts");
  return new Conversation();
}

function missKind(): never {
  throw toUsageFault('<kind> is missing; "sluice add --help" explains it');
}

/** A credential that the platform refuses is asked for again, where somebody answers. */
async function addChannel(
  request: Awaited<ReturnType<typeof toAddRequest>>,
  talk: Talk | undefined,
) {
  for (let secret = request.secret; ;) {
    const json = { caller: readCallerFacts(), ...request, secret };
    try {
      return await ask((api) => api.channels.$post({ json }));
    } catch (thrown) {
      secret = await talk?.askSecretAgain(request.kind, thrown);
      if (secret === undefined) throw thrown;
    }
  }
}

function readOfficial(kind: string): OfficialFolder {
  const known = OFFICIAL_KINDS.find((one) => one === kind);
  if (known === undefined) throw toUsageFault("--import is for telegram and discord");
  return readOfficialFolder(locateOfficialFolder(process.env, known), known);
}
