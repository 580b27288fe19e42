/**
 * `sluice access`.
 *
 * Owns: sending a change from the command line to the hub. Never: makes one by itself: without a person at the terminal the hub
 * writes it down for its owner.
 */
import { read } from "../../api/client/client.ts";
import { renderAccess, renderAudit, renderOutcome } from "../output/access-lines.ts";
import { changeClient } from "../access-client.ts";
import { type AccessWords, toChange, toRoleList } from "../access-change.ts";
import { askLastFour, askYes, isAtTerminal, readCallerFacts } from "../access-terminal.ts";
import {
  defineCommand,
  flag,
  JSON_ARG,
  option,
  optionalPositional,
  parseLimit,
} from "../command.ts";
import { EXIT_FAILED, toUsageFault } from "../exit.ts";
import { ask, withHub } from "../hub.ts";
import { printInviteCode } from "../output/qr-code.ts";
import { printJson, printLine, printLines, toLine } from "../output/print.ts";
import { toHint } from "../suggest.ts";

const ACTIONS = [
  "list",
  "pair",
  "invite",
  "allow",
  "revoke",
  "role",
  "policy",
  "group",
  "contact",
  "person",
  "confirm",
  "reject",
  "restore",
  "client",
  "log",
];

type Output = { isJson: boolean };

export const access = defineCommand({
  description:
    "Shows and changes who may write to a channel. Actions: list; pair <code> (lets in the person who was given this code in a chat); invite <channel> (prints a code that a person sends to get in); allow, revoke or role <channel> <id>; policy <channel> <pairing|invite|allowlist|disabled>; group add|remove <channel> <group>; contact add|remove <channel> <chat>; person link <channel/id> <channel/id> (they are one person: each place may do what the other may), person unlink or prefer <channel/id> (where they are told); confirm or reject <n>; restore; client add|rotate|remove <name> (a program that takes events by MCP Events; add prints its token once) and client list; log. Changes need a person at a terminal: a change that a script or a session's shell asks for waits until somebody confirms it in a terminal.",
  args: {
    action: optionalPositional("What to do (default: list)"),
    role: option(
      "role",
      "chatter (may write), approver (answers prompts), owner (is notified of changes); no role includes another",
    ),
    id: option("id", "The id, if it begins with a dash: --id=-100123"),
    account: option("id", "Only on this account of the channel (default: any account)"),
    name: option("name", "A name to show; never used to identify the person"),
    sender: option("id", 'Who may write in the group; "*" is every member'),
    pattern: option("word", "A word that counts as a mention in the group, taken literally"),
    "without-mention": flag("Also take the group's messages that do not mention the bot"),
    block: flag("With revoke: also keep them out of open groups"),
    channel: option(
      "name",
      'With client add: a channel whose events it may read; "*" is every one',
    ),
    unverified: flag("With client add: also events that came without a proof"),
    loopback: flag("With client add: it may have events posted to this machine"),
    limit: option("n", "Rows of the log (default: 50)"),
    json: JSON_ARG,
  },
  rest: "[<argument>...]",
  repeatable: ["role", "sender", "pattern", "channel"],
  examples: [
    "sluice access invite telegram --role chatter",
    "sluice access client add ci-agent --channel github",
    "sluice access group add telegram --id=-1001234567890 --sender 4242",
  ],
  async run({ args, positionals, repeated }) {
    const action = args.action ?? "list";
    const output = { isJson: args.json === true };
    const given: AccessWords = {
      words: positionals.slice(1),
      id: args.id,
      account: args.account,
      name: args.name,
      roles: repeated("role"),
      senders: repeated("sender"),
      patterns: repeated("pattern"),
      block: args.block === true,
      withoutMention: args["without-mention"] === true,
    };
    switch (action) {
      case "list":
        return list(output);
      case "client":
        return changeClient({
          words: given.words,
          channels: repeated("channel"),
          unverified: args.unverified === true,
          loopback: args.loopback === true,
          isJson: output.isJson,
        });
      case "log":
        return showLog(args.limit, output);
      case "pair":
        return pair(given, output);
      case "confirm":
        return confirm(toNumber(given, action), output);
      case "reject":
        return reject(toNumber(given, action), output);
      default:
        return change(action, given, output);
    }
  },
});

async function list({ isJson }: Output): Promise<void> {
  const view = await ask((api) => api.access.$get());
  if (isJson) printJson(view);
  else printLines(renderAccess(view, Date.now()));
}

async function showLog(limit: string | undefined, { isJson }: Output): Promise<void> {
  const rows = await ask((api) =>
    api.access.log.$get({ query: { limit: parseLimit(limit ?? "50", 10_000) } }),
  );
  if (isJson) printJson(rows);
  else printLines(renderAudit(rows));
}

async function change(action: string, given: AccessWords, output: Output): Promise<void> {
  const wanted = toChange(action, given);
  if (wanted === undefined)
    throw toUsageFault(
      `"${action}" is not an action of access${toHint(action, ACTIONS)}; "sluice access --help" lists the actions`,
    );
  const caller = readCallerFacts();
  // What it grants is read before it is made.
  if (wanted.kind === "person" && isAtTerminal(caller)) {
    const { summary } = await ask((api) => api.access.explain.$post({ json: { change: wanted } }));
    await askYes(toLine(summary));
  }
  const outcome = await ask((api) =>
    api.access.changes.$post({ json: { change: wanted, caller } }),
  );
  printOutcome(outcome, output);
  if (!output.isJson) await printInviteCode(outcome);
}

async function pair(given: AccessWords, output: Output): Promise<void> {
  const [code, ...extra] = given.words;
  if (code === undefined || extra.length > 0)
    throw toUsageFault(
      "give the one code that the person was sent: sluice access pair <code>; none is ever picked for you",
    );
  const caller = readCallerFacts();
  const roles = toRoleList(given.roles);
  const outcome = await withHub(async (api) => {
    let lastFour: string | undefined;
    if (isAtTerminal(caller)) {
      const person = await read(api.access.pairings.find.$post({ json: { code, caller } }));
      const { defaultRoles } = await read(api.access.$get());
      lastFour = await askLastFour(person, roles.roles ?? defaultRoles);
    }
    const json = {
      change: { kind: "pair-code" as const, code, ...roles },
      caller,
      lastFour,
    };
    return read(api.access.changes.$post({ json }));
  });
  printOutcome(outcome, output);
}

async function confirm(number: number, output: Output): Promise<void> {
  const caller = readCallerFacts();
  const outcome = await withHub(async (api) => {
    let lastFour: string | undefined;
    if (isAtTerminal(caller)) {
      const view = await read(api.access.$get());
      const request = view.requests.find((one) => one.number === number);
      if (request?.person !== undefined)
        lastFour = await askLastFour(request.person, [request.summary]);
      else if (request !== undefined) await askYes(`${request.origin} asked: ${request.summary}`);
    }
    const json = { caller, lastFour };
    const param = { number: String(number) };
    return read(api.access.requests[":number"].confirm.$post({ param, json }));
  });
  printOutcome(outcome, output);
}

async function reject(number: number, { isJson }: Output): Promise<void> {
  const param = { number: String(number) };
  const answer = await ask((api) =>
    api.access.requests[":number"].reject.$post({ param, json: { caller: readCallerFacts() } }),
  );
  if (isJson) printJson(answer);
  else printLine(`rejected ${answer.number}; nothing was changed`);
}

function printOutcome(outcome: Parameters<typeof renderOutcome>[0], { isJson }: Output): void {
  if (isJson) printJson(outcome);
  else printLines(renderOutcome(outcome, Date.now()));
  // A script must not take a request for a change that was made.
  if (outcome.kind === "pending") process.exitCode = EXIT_FAILED;
}

function toNumber({ words }: AccessWords, action: string): number {
  const number = Number(words[0]);
  if (words.length === 1 && Number.isSafeInteger(number) && number > 0) return number;
  throw toUsageFault(
    `give the number that "sluice access list" shows: sluice access ${action} <n>`,
  );
}
