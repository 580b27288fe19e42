/**
 * `sluice add` as a conversation, for a person at a terminal who typed no flags.
 *
 * Owns: what is asked, and in which order. Never: does what a flag could not: each answer is the value of one, so that a script can do the
 * same. Ctrl-C ends it before anything was made.
 *
 * Questions go to stderr: stdout may be somebody's JSON.
 */
import {
  autocomplete,
  confirm,
  intro,
  isCancel,
  log,
  password,
  select,
  spinner,
  text,
} from "@clack/prompts";
import { loadSender, SENDER_KINDS } from "../../catalogue/senders.ts";
import type { AddedChannel } from "../../api/wire/wire.ts";
import { CHANNEL_KINDS, loadDefinition } from "../../hub/channels/catalogue.ts";
import { TUNNEL_TOOLS, toInstallLine } from "../../hub/tunnel/tools.ts";
import { findProgram } from "../../local/find-program.ts";
import type { ChannelDefinition, ChannelSetting } from "../../sdk/channel.ts";
import { isSluiceError, SluiceError, toMessage } from "../../sdk/errors.ts";
import { ask } from "../hub.ts";
import { sanitize, toLine } from "../output/print.ts";
import { dropTypedAhead } from "../questions.ts";
import { findOwnTarget, type HookFlags } from "../reach/hook-flags.ts";
import type { TunnelFlags } from "../reach/tunnel-flags.ts";
import { type First, toItWorks, waitForFirst } from "./first-event.ts";

/** What was answered, as the flags would say it. */
export type AddAnswers = {
  secret?: string;
  settings?: Record<string, string>;
  words?: string[];
  reach?: TunnelFlags & HookFlags;
  targets?: string[];
};

/** Not for people to add by hand: they are there, or come by another command. */
const OWN = new Set(["chat", "jobs"]);
/** What each watcher watches, in one line. */
const WATCHED: Readonly<Record<string, string>> = {
  file: "Which file or folder?",
  process: "Which process? A pid, a port such as :5432, or a name",
  page: "Which page? Its address",
  feed: "Which feed? Its address",
};
const TRIES = 3;
const COLUMNS = 80;
const ROWS = 24;

export class Talk {
  #tries = 0;
  #hasBegun = false;

  async askKind(): Promise<string> {
    await this.#begin();
    const kinds = CHANNEL_KINDS.filter((kind) => !OWN.has(kind) && !needsFlags(kind));
    const options = await Promise.all(
      kinds.map(async (kind) => {
        const { title, description } = await loadDefinition(kind);
        return {
          value: kind,
          label: title === kind ? kind : `${title} (${kind})`,
          hint: description,
        };
      }),
    );
    return answered(
      await autocomplete({
        ...OUT,
        message: "What should reach your session? Type to search",
        options,
        maxItems: 8,
      }),
    );
  }

  /** All that a channel of this kind still needs. */
  async askRest(kind: string): Promise<AddAnswers> {
    await this.#begin();
    const definition = await loadDefinition(kind);
    const words = await askWatched(kind);
    const reach = definition.receive === undefined ? {} : await askReach(kind, definition);
    const settings = words === undefined ? await askSettings(definition) : {};
    const secret = await askSecret(definition);
    return {
      ...reach,
      ...(words === undefined ? {} : { words: [words] }),
      settings,
      ...(secret === undefined ? {} : { secret }),
    };
  }

  /** Another one in place of one that was refused; undefined where nothing like that was wrong. */
  async askSecretAgain(kind: string, thrown: unknown): Promise<string | undefined> {
    const isRefused = isSluiceError(thrown, "bad_secret") || isSluiceError(thrown, "unauthorized");
    if (!isRefused || ++this.#tries >= TRIES) return undefined;
    const definition = await loadDefinition(kind);
    if (definition.secretPrompt === undefined) return undefined;
    log.error(sanitize(toMessage(thrown)), OUT);
    return askSecret(definition);
  }

  /** Waits for the first event, as long as the person likes. */
  async finish({ name, kind }: AddedChannel): Promise<void> {
    const definition = await loadDefinition(kind);
    if (definition.open !== undefined && definition.canReply) return this.#invite(name);
    if (definition.receive === undefined) return;
    const first = await waitWithSpinner(name);
    if (first !== undefined) log.success(toItWorks(first), OUT);
  }

  /** People have to be let in first. */
  async #invite(channel: string): Promise<void> {
    const isWanted = answered(
      await confirm({ ...OUT, message: `Let yourself in on ${channel} now?`, initialValue: true }),
    );
    if (!isWanted) return;
    const { inviteOnChannel } = await import("./invite-on-channel.ts");
    await inviteOnChannel(channel);
    const first = await waitWithSpinner(channel);
    if (first !== undefined) log.success(toItWorks(first), OUT);
  }

  async #begin(): Promise<void> {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    // One that does not say how large it is would get a letter a line, and nothing drawn anew.
    if (!(process.stderr.columns > 0)) process.stderr.columns = COLUMNS;
    if (!(process.stderr.rows > 0)) process.stderr.rows = ROWS;
    // What was pasted behind the command answers nothing here.
    await dropTypedAhead();
    intro("sluice add", OUT);
  }
}

const OUT = { output: process.stderr };

/** @throws SluiceError `bad_input` once Ctrl-C was pressed: nothing was made yet. */
function answered<T>(answer: T): Exclude<T, symbol> {
  if (isCancel(answer))
    throw new SluiceError("bad_input", "stopped; nothing was added and nothing was changed");
  // The library's one symbol is the one that was just refused.
  return answer as Exclude<T, symbol>;
}

/** Two or more words, or a time: better typed than asked. */
function needsFlags(kind: string): boolean {
  return kind === "command" || kind === "timer";
}

async function askWatched(kind: string): Promise<string | undefined> {
  const message = Object.hasOwn(WATCHED, kind) ? WATCHED[kind] : undefined;
  if (message === undefined) return undefined;
  return answered(await text({ ...OUT, message, validate: requireSome }));
}

/** Those that every channel of this kind needs, as its author says. */
async function askSettings({ settings = [] }: ChannelDefinition): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const setting of settings.filter(({ isRequired }) => isRequired === true)) {
    const { name, description } = setting;
    const validate = (value: string | undefined) => checkSetting(setting, value);
    const value = await text({ ...OUT, message: `${name}: ${description}`, validate });
    values[name] = answered(value);
  }
  return values;
}

function checkSetting({ pattern }: ChannelSetting, value = ""): string | undefined {
  return pattern.test(value) ? undefined : `That does not match ${pattern.source}`;
}

async function askSecret({ secretPrompt }: ChannelDefinition): Promise<string | undefined> {
  if (secretPrompt === undefined) return undefined;
  const message = `Paste the ${secretPrompt}`;
  return answered(await password({ ...OUT, message, validate: requireSome })).trim();
}

function requireSome(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === "" ? "Type something, or press Ctrl-C" : undefined;
}

/** How its senders come here. A program of this machine needs nothing. */
async function askReach(
  kind: string,
  { title, hooks }: ChannelDefinition,
): Promise<Pick<AddAnswers, "reach" | "targets">> {
  const known = await ask((api) => api.tunnel.$get());
  if (known?.url === undefined) {
    const way = await askWay(kind, title);
    if (way === "local" || way === "later") return {};
    const reach = way === "own" ? await askOwnAddress() : { tunnel: way };
    return { reach, ...(await askRepository(await hooks?.())) };
  }
  log.info(`${title} reaches this machine at ${toLine(known.url)}.`, OUT);
  return { reach: { tunnel: "auto" }, ...(await askRepository(await hooks?.())) };
}

async function askWay(kind: string, title: string): Promise<string> {
  const tools = TUNNEL_TOOLS.map((tool) => ({
    tool,
    isThere: findProgram(tool.name, process.env, tool.places) !== undefined,
  }));
  const isAnySender = !SENDER_KINDS.includes(kind) || (await loadSender(kind)) === undefined;
  const answer = await select({
    ...OUT,
    message: `How does ${title} reach this machine?`,
    options: [
      ...(isAnySender && kind === "webhook"
        ? [{ value: "local", label: "It runs on this machine" }]
        : []),
      ...tools
        .filter(({ isThere }) => isThere)
        .map(({ tool }) => ({ value: `${tool.name}`, label: `Open a tunnel with ${tool.name}` })),
      { value: "own", label: "By a tunnel or proxy of my own" },
      { value: "later", label: "I set that up later" },
    ],
  });
  const way = answered(answer);
  if (way === "later" && !tools.some(({ isThere }) => isThere))
    log.info(
      `A tunnel needs one of these:\n${tools.map(({ tool }) => `${tool.name}: ${toInstallLine(tool)}`).join("\n")}\nThen: sluice up --tunnel`,
      OUT,
    );
  return way;
}

async function askOwnAddress(): Promise<TunnelFlags> {
  const message = "At which address? Such as https://hooks.example.com";
  const validate = (value = ""): string | undefined =>
    /^https:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?\/?$/.test(value.trim())
      ? undefined
      : "An https address without a path";
  const url = answered(await text({ ...OUT, message, validate }));
  return { "tunnel-url": url.trim() };
}

/** The platform's end is made where its own program can do it. */
async function askRepository(
  hooks: Awaited<ReturnType<NonNullable<ChannelDefinition["hooks"]>>> | undefined,
): Promise<Pick<AddAnswers, "targets">> {
  if (hooks === undefined || findProgram(hooks.program, process.env) === undefined) return {};
  const [own] = findOwnTarget(hooks);
  const validate = (value = ""): string | undefined => {
    if (value.trim() === "") return undefined;
    try {
      hooks.parseTarget(value);
      return undefined;
    } catch (thrown) {
      return toMessage(thrown);
    }
  };
  const typed = await text({
    ...OUT,
    message: `Where is the webhook made? ${hooks.example}; empty for nowhere`,
    ...(own === undefined ? {} : { initialValue: own }),
    validate,
  });
  const target = (answered(typed) ?? "").trim();
  return target === "" ? {} : { targets: [target] };
}

/** Until it has come, or Ctrl-C. */
async function waitWithSpinner(name: string): Promise<First | undefined> {
  const stop = new AbortController();
  const cancelMessage = `Nothing yet; the channel stays. "sluice tail --channel ${name}" shows what comes.`;
  const wait = spinner({ ...OUT, cancelMessage, onCancel: () => stop.abort() });
  wait.start(`Waiting for the first event on ${name} (Ctrl-C ends the waiting)`);
  const first = await waitForFirst(name, stop.signal);
  if (first !== undefined) wait.stop("The first event is here");
  return first;
}
