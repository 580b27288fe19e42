/**
 * `sluice access client`: programs that take events by MCP Events.
 *
 * Owns: its words, and what is printed. Never: makes a token (hub/event-clients.ts).
 */
import { read } from "../api/client/client.ts";
import type { EventClientsView, EventTokenView } from "../api/wire/event-client-wire.ts";
import { readCallerFacts } from "./access-terminal.ts";
import { toUsageFault } from "./exit.ts";
import { ask, withHub } from "./hub.ts";
import { printJson, printLine, printLines, renderTable, toAgo, toLine } from "./output/print.ts";

export type EventClientWords = {
  /** What follows `client`. */
  words: readonly string[];
  channels: readonly string[];
  unverified: boolean;
  loopback: boolean;
  isJson: boolean;
};

export async function changeClient(given: EventClientWords): Promise<void> {
  const [action = "list", name, ...extra] = given.words;
  const takesChannels = action === "add";
  if (!takesChannels && (given.channels.length > 0 || given.unverified || given.loopback))
    throw toUsageFault("--channel, --unverified and --loopback belong to sluice access client add");
  if (action === "list" && name === undefined) return list(given.isJson);
  if (!["add", "rotate", "remove"].includes(action) || name === undefined || extra.length > 0)
    throw toUsageFault(
      "sluice access client takes add <name>, rotate <name>, remove <name> or list",
    );
  if (action === "add") return add(name, given);
  if (action === "rotate") {
    const json = { caller: readCallerFacts() };
    const param = { name };
    return printToken(
      await ask((api) => api.clients.events[":name"].token.$post({ param, json })),
      given.isJson,
    );
  }
  const removed = await ask((api) => api.clients.events[":name"].$delete({ param: { name } }));
  if (given.isJson) printJson(removed);
  else
    printLine(
      `removed ${toLine(removed.name)}: its token counts no longer, its subscriptions ended`,
    );
}

async function add(name: string, { channels, unverified, loopback, isJson }: EventClientWords) {
  if (channels.length === 0)
    throw toUsageFault(
      `say which events ${name} may read: --channel <name>, as often as needed, or --channel '*' for every channel`,
    );
  const json = { name, channels: [...channels], unverified, loopback, caller: readCallerFacts() };
  const { token, view } = await withHub(async (api) => ({
    token: await read(api.clients.events.$post({ json })),
    view: await read(api.clients.events.$get()),
  }));
  printToken(token, isJson);
  if (!isJson && view.state !== "up")
    printLine(`it cannot connect yet: ${view.reason ?? view.state}`);
}

function printToken({ name, url, token }: EventTokenView, isJson: boolean): void {
  if (isJson) return printJson({ name, url, token });
  printLines([
    `${name} may take events by MCP Events`,
    `  URL     ${url}`,
    `  token   ${token}  (shown once; in each request: Authorization: Bearer <token>)`,
    `  stdio   sluice mcp --events --client ${name}`,
  ]);
}

async function list(isJson: boolean): Promise<void> {
  const view = await ask((api) => api.clients.events.$get());
  if (isJson) return printJson(view);
  printLines(renderClients(view, Date.now()));
}

function renderClients({ clients, state, url, reason }: EventClientsView, now: number): string[] {
  if (clients.length === 0)
    return [
      'no MCP client takes events; "sluice access client add <name> --channel <channel>" makes one',
    ];
  const rows = clients.map((one) => [
    one.name,
    one.channels.map((name) => (name === "*" ? "every channel" : name)).join(", "),
    one.unverified ? "also unproved" : "proved only",
    toAgo(one.createdAt, now),
  ]);
  const taken = clients.flatMap((client) =>
    client.subscriptions.map((one) => [
      client.name,
      toLine(one.name),
      one.callback === undefined ? "asks" : toLine(one.callback.host),
      one.takenAt === undefined ? "-" : toAgo(one.takenAt, now),
      toState(one.callback, now),
    ]),
  );
  return [
    `${url}: ${state}${reason === undefined ? "" : `, ${reason}`}`,
    "",
    ...renderTable(["CLIENT", "CHANNELS", "EVENTS", "ADDED"], rows),
    ...(taken.length === 0
      ? []
      : ["", ...renderTable(["CLIENT", "SUBSCRIPTION", "BY", "LAST TAKEN", "CALLBACK"], taken)]),
  ];
}

type Callback = EventClientsView["clients"][number]["subscriptions"][number]["callback"];

function toState(callback: Callback, now: number): string {
  if (callback === undefined) return "-";
  const { active, lastError, expiresAt } = callback;
  if (expiresAt <= now) return "over";
  const failed = lastError === null ? "" : ` (${lastError})`;
  return active ? `active${failed}` : `suspended${failed} until its client renews it`;
}
