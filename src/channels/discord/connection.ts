/**
 * A live bot: its gateway, what comes in by it, its way out.
 *
 * Owns: how the parts work together. Never: a wire.
 */
import {
  type Account,
  type ChannelConnection,
  type ChannelContext,
  onChange,
} from "../../sdk/channel.ts";
import type { Clock } from "../../sdk/clock.ts";
import type { RequestTimings } from "../../sdk/net/request.ts";
import { DiscordApi, toFault } from "./api.ts";
import { registerCommands } from "./commands.ts";
import { downloadFile, MAX_REQUEST_BYTES } from "./files.ts";
import {
  Gateway,
  type GatewayTimings,
  readGateway,
  TIMINGS as GATEWAY_TIMINGS,
} from "./gateway.ts";
import { Intake, type IntakeTimings } from "./intake.ts";
import { Places } from "./places.ts";
import { Progress } from "./progress.ts";
import { Reactions } from "./reactions.ts";
import { Recent } from "./recent.ts";
import { DiscordSender } from "./send.ts";
import { Twin } from "./twin.ts";
import { type BotIdentity, readMe, toIntents } from "./wire.ts";

export const API_ROOT_SETTING = "api-root";
export const GATEWAY_SETTING = "gateway";
export const PREVIEWS = "link-previews";

export type DiscordTimings = GatewayTimings & IntakeTimings & { againMs: readonly number[] };

export const TIMINGS: DiscordTimings = {
  ...GATEWAY_TIMINGS,
  keepMs: [1_000, 30_000],
  idleMs: 30_000,
  againMs: [1_000, 3_000, 8_000],
};

const OPEN_MS = 15_000;
const TYPING_EVERY_MS = 8_000;
const MAX_TYPED = 500;

/** Opens the connection; the gateway goes on by itself. @throws SluiceError where Discord cannot be asked who the bot is. */
export async function openConnection(
  context: ChannelContext,
  timings: DiscordTimings = TIMINGS,
  requestTimings: RequestTimings = {},
): Promise<ChannelConnection> {
  const { secret, settings, clock, log, name } = context;
  const closing = new AbortController();
  const signal = AbortSignal.any([context.signal, closing.signal]);
  const root = settings[API_ROOT_SETTING];
  const api = new DiscordApi(secret, { root, clock, timings: requestTimings });
  const me = await askWhoWeAre(api, signal);
  const places = new Places(api, signal);
  const recent = new Recent();
  const twin = new Twin(context, me);
  const report = onChange((state) => {
    if (!signal.aborted) context.report(state);
  });
  const first = Promise.withResolvers<void>();
  const sender = new DiscordSender({
    api,
    places,
    clock,
    signal,
    hasPreviews: settings[PREVIEWS] === "on",
    noncePrefix: twin.noncePrefix,
    sent: (id) => recent.noteOurs(id),
    againMs: timings.againMs,
  });
  const progress = Progress.open(me.id, context.cursor);
  const shared = { timings, clock, log, signal, report };
  const intake = new Intake({
    ...shared,
    api,
    read: { channel: name, me, places, recent },
    progress,
    take: (arrivals, cursor) => context.take(arrivals, cursor),
    admits: (arrival) => context.admits?.(arrival) ?? true,
    leftBehind: (count) => context.leftBehind?.(count),
  });
  const gateway = new Gateway({
    ...shared,
    token: secret,
    intents: toIntents(me),
    session: progress.session,
    seq: progress.seq,
    find: () => findGateway(api, settings[GATEWAY_SETTING], signal),
    isTrusted: (url) => isTrusted(url, settings),
    begun: (session, isResumed) => {
      if (!isResumed) intake.begun(session);
    },
    dispatch: (event) => {
      twin.look(event);
      intake.push(event);
    },
    report: (state) => {
      report(state);
      first.resolve();
    },
  });
  const running = gateway.run();
  void announce(api, me, context, signal);
  await Promise.race([first.promise, running]);
  return {
    account: { name: `@${me.name}` } satisfies Account,
    maxFileBytes: MAX_REQUEST_BYTES,
    hasForms: true,
    ...toWayOut({ api, sender, clock, root, signal }),
    async close() {
      closing.abort();
      await running;
      await intake.close();
    },
  };
}

type WayOut = Pick<
  Required<ChannelConnection>,
  "send" | "edit" | "react" | "mark" | "typing" | "download"
>;

function toWayOut({
  api,
  sender,
  clock,
  root,
  signal,
}: {
  api: DiscordApi;
  sender: DiscordSender;
  clock: Clock;
  root: string | undefined;
  signal: AbortSignal;
}): WayOut {
  const reactions = new Reactions(sender);
  const typed = new Map<string, number>();
  return {
    send: (message) => sender.send(message),
    edit: (chatId, messageId, text, buttons) => sender.edit(chatId, messageId, text, buttons),
    react: (chatId, messageId, reaction) => reactions.react(chatId, messageId, reaction),
    mark: (chatId, messageId, sign) => reactions.mark(chatId, messageId, sign),
    typing: async (chatId, activity, threadId) => {
      const chat = threadId ?? chatId;
      const now = clock.now();
      // Nobody types while a person is asked. One call shows it for ten seconds.
      if (activity === "approval" || now - (typed.get(chat) ?? 0) < TYPING_EVERY_MS) return;
      if (typed.size >= MAX_TYPED) typed.clear();
      typed.set(chat, now);
      await api.call("POST", `/channels/${chat}/typing`, { signal });
    },
    download: (reference, maxBytes) => {
      const ownOrigin = root === undefined ? undefined : new URL(root).host;
      return downloadFile(api, reference, { maxBytes, ownOrigin, signal });
    },
  };
}

/** @throws SluiceError `unauthorized` where the token is refused. */
export async function askWhoWeAre(api: DiscordApi, signal?: AbortSignal): Promise<BotIdentity> {
  const limits = { timeoutMs: OPEN_MS, ...(signal === undefined ? {} : { signal }) };
  const outcome = await api.call("GET", "/applications/@me", limits);
  if (outcome.kind !== "ok") throw toFault("asking who the bot is", outcome);
  return readMe(outcome.result);
}

async function findGateway(api: DiscordApi, own: string | undefined, signal: AbortSignal) {
  const outcome = await api.call("GET", "/gateway/bot", { timeoutMs: OPEN_MS, signal });
  if (outcome.kind !== "ok") throw toFault("looking for the gateway", outcome);
  const found = readGateway(outcome.result);
  return own === undefined ? found : { ...found, url: own };
}

/** Discord's own hosts; with a server of the owner's own, that one, or the gateway that the owner has named. */
export function isTrusted(url: URL, settings: Readonly<Record<string, string>>): boolean {
  const { [API_ROOT_SETTING]: root, [GATEWAY_SETTING]: gateway } = settings;
  if (url.username !== "" || url.password !== "") return false;
  if (root === undefined && gateway === undefined)
    return (
      url.protocol === "wss:" &&
      (url.hostname === "discord.gg" || url.hostname.endsWith(".discord.gg")) &&
      url.port === ""
    );
  if (url.protocol !== "wss:" && url.protocol !== "ws:") return false;
  return [root, gateway].some(
    (own) => own !== undefined && URL.canParse(own) && new URL(own).hostname === url.hostname,
  );
}

async function announce(
  api: DiscordApi,
  me: BotIdentity,
  { log }: ChannelContext,
  signal: AbortSignal,
): Promise<void> {
  if (!me.hasContent)
    log.warn(
      { bot: me.name },
      "the Message Content Intent is off: in servers only what names the bot can be read",
    );
  if (me.hasEndpoint)
    log.warn(
      { bot: me.name },
      "an Interactions Endpoint URL is set, so no press and no command comes to the bot",
    );
  const fault = await registerCommands(api, me.application, signal);
  if (fault !== undefined && !signal.aborted)
    log.warn({ fault }, "the slash commands of the bot may not be there");
}
