/**
 * The hub: everything put together. It owns every port, secret and channel, and outlives its clients.
 *
 * Owns: the order in which things open and close. Never: what they do.
 */
import type { CallerFacts } from "../api/access-wire.ts";
import { createApi } from "../api/app.ts";
import type { Env, Home } from "../api/home.ts";
import { isAlive } from "../api/process.ts";
import { VERSION } from "../api/version.ts";
import {
  type AddChannelRequest,
  type AddedChannel,
  addChannelSchema,
  type HubView,
} from "../api/wire.ts";
import type { AcceptOptions, Accepted } from "../flow/accept.ts";
import type { Caller } from "../flow/access-desk.ts";
import { Delivery } from "../flow/deliver.ts";
import { type Host, openHosts } from "../flow/lanes/host.ts";
import { gate } from "../flow/gate.ts";
import { requireSession } from "../flow/session-book.ts";
import type { Arrival } from "../sdk/event.ts";
import { type Clock, systemClock } from "../sdk/clock.ts";
import { toMessage } from "../sdk/errors.ts";
import type { Logger } from "../sdk/log.ts";
import { readCursor } from "../store/cursors.ts";
import { InboxLimit } from "../store/limit.ts";
import { addCount } from "../store/counters.ts";
import { settleRestored } from "../store/restored.ts";
import { openApiSocket } from "./api-socket.ts";
import { Channels } from "./channels.ts";
import { toChatStatus } from "./chat-status.ts";
import { type Closers, newClosers } from "./closers.ts";
import { readConfig } from "./config.ts";
import { Connections } from "./connections.ts";
import { toEmitted } from "./emit.ts";
import { openAccess } from "./access.ts";
import { listPolicies } from "./access-status.ts";
import { openHome, prepareSocket } from "./home.ts";
import { createIngressApp } from "../ingress/app.ts";
import { IngressPort } from "./ingress-port.ts";
import { HubLock } from "./lock.ts";
import { openInbox } from "./open-inbox.ts";
import { Outbound } from "./outbound.ts";
import { changeNotices, openNotifier, openUpkeep } from "./open-upkeep.ts";
import { Probe } from "./probe.ts";
import { readPolicy } from "./policy.ts";
import { HOSTS } from "./hosts.ts";
import { openPrompts, readProjectCommands } from "./prompts.ts";
import { PromptsOut } from "./prompts-out.ts";
import { Quiet } from "./quiet.ts";
import { toRestoredText } from "./restored.ts";
import { Replies } from "./replies.ts";
import { Routing } from "./routing.ts";
import { readProject } from "./repository.ts";
import { countListening, describeChannels, describeStatus } from "./status.ts";
import { toCaller } from "./terminal.ts";
import { verifyTrust } from "./trust.ts";
import { WaitingNotices } from "./waiting-notices.ts";
import { Web } from "./web/web.ts";

export type HubOptions = {
  env: Env;
  log: Logger;
  /** What to do when a client asks the hub to leave. */
  stop: (reason: string) => void;
  /** A taken ingress port may be replaced by a free one: only for the demo. */
  mayMovePort?: boolean;
  clock?: Clock;
  hosts?: readonly Host[];
};

export type Hub = {
  readonly home: Home;
  readonly socket: string;
  describe(): HubView;
  /** As the owner does. */
  addChannel(request: AddChannelRequest): Promise<AddedChannel>;
  /** Drains and closes everything. */
  close(): Promise<void>;
};

const POLICY_LIFE_MS = 10_000;

/**
 * Opens a hub in this process.
 * @throws SluiceError `hub_running`, `unsafe_home`, `bad_config`, `store_*`: then nothing is left open.
 */
export async function openHub(options: HubOptions): Promise<Hub> {
  const closers = newClosers();
  try {
    return await compose(options, closers);
  } catch (thrown) {
    await closers.close();
    throw thrown;
  }
}

async function compose(options: HubOptions, closers: Closers): Promise<Hub> {
  const { env, log, clock = systemClock, hosts = HOSTS } = options;
  const startedAt = clock.now();
  const home = openHome(env);
  const lock = new HubLock(home, startedAt);
  closers.add(() => lock[Symbol.dispose]());
  const db = openInbox(home.database);
  closers.add(() => db.close());
  const restored = await settleRestored(db, clock.now());
  const connections = new Connections({
    clock,
    log,
    readCursor: (channel) => readCursor(db, channel),
    take: (channel, arrivals, cursor) => outbound.take(channel, arrivals, cursor),
    changed: () => outbound.changed(),
    leftBehind: (channel, count) => outbound.leftBehind(channel, count),
    alarm: (channel, reason) => access.notifyOwner(`Sluice: channel ${channel}: ${reason}`),
    extras: (channel) => ({
      ...web.toExtras(channel),
      admits: (arrival) => gate(arrival, acceptOptions.access(channel)).kind === "admit",
    }),
  });
  const channels = new Channels({
    home,
    log,
    baseUrl: () => ingress.url,
    boundPort: () => ingress.requirePort(),
    isLoopback: () => ingress.isLoopback,
    connections,
  });

  const policy = remember(readPolicy, POLICY_LIFE_MS, clock);
  const quiet = new Quiet(home.config);
  const routing = new Routing(home.config);
  const delivery = new Delivery({
    db,
    clock,
    log,
    isAlive,
    readProject,
    readPolicy: () => (policy().state === "open" ? undefined : policy().detail),
    readQuiet: () => quiet.hours,
    readRules: () => routing.rules,
    lanes: hosts.map(({ lane }) => lane),
    lost: (attachment, reason) => prompts.lost(attachment, reason),
  });
  closers.add(() => delivery.close());

  const replies = new Replies(db, clock);
  const hasChannel = (name: string): boolean =>
    channels.list().some(({ config }) => config.name === name);
  const access = openAccess({
    db,
    clock,
    log,
    isStatic: readConfig(home.config).access === "static",
    readNotices: () => readConfig(home.config).notices,
    hasChannel,
    peopleOf: (name) => (web.toExtras(name).page === undefined ? channels.peopleOf(name) : "page"),
    connections,
    queued: (name) => queued(name),
  });
  const prompts = openPrompts({
    db,
    clock,
    log,
    home,
    delivery,
    book: access.book,
    notifyOwner: access.notifyOwner,
    typed: () => promptsOut.away.noteHere(),
  });
  closers.add(() => prompts.close());
  const acceptOptions: AcceptOptions = {
    db,
    clock,
    access: (channel) =>
      probe.access(
        channel,
        web.toAccess(channel, {
          ...channels.access(channel),
          chat: access.book.toChatRules(channel),
        }),
      ),
    strangers: access.strangers,
    loops: access.loops,
    limit: new InboxLimit(db, clock, { quotaOf: (name) => channels.quotaOf(name) }),
    stored: (id, arrival) => delivery.stored(id, arrival),
  };
  const outbound = new Outbound({
    db,
    clock,
    log,
    home,
    connections,
    accept: acceptOptions,
    delivery,
    connected: () => channels.connected(),
    kindOf: (name) => channels.list().find(({ config }) => config.name === name)?.config.kind,
    isContact: (channel, chatId) => access.book.isContact(channel, chatId),
    isApproverChat: (channel, chatId) => access.book.isApproverChat(channel, chatId),
    hear: (arrival) => promptsOut.hear(arrival),
    toButtons: (row) => promptsOut.toButtons(row),
    notifyOwner: access.notifyOwner,
  });
  closers.add(() => connections.closeAll());
  // Before the connections: what is on its way may still arrive.
  closers.add(() => outbound.close());
  const queued = (name: string): void => {
    replies.notify(name);
    outbound.changed();
  };
  const promptsOut = new PromptsOut({
    db,
    clock,
    log,
    home,
    delivery,
    book: access.book,
    channels,
    connections,
    prompts,
    access: (channel) => acceptOptions.access(channel),
    describe: (channel) => toChatStatus(describeStatus(statusOptions), channel),
    sending: () => outbound.sending,
    queued,
    outlets: () => [web.outlet],
  });
  closers.add(() => promptsOut.close());
  const take = (arrival: Arrival, receivedAt: number): Promise<Accepted> =>
    outbound.accept(arrival, receivedAt);
  const web = new Web({
    db,
    clock,
    log,
    env,
    home,
    take: (arrival) => take(arrival, clock.now()),
    findKind: (name) => channels.list().find(({ config }) => config.name === name)?.config.kind,
    addChannel: (kind) => channels.add({ kind, twoWay: false, allowUnsigned: false }),
    countListening: () => countListening(delivery),
    describeStatus: () => describeStatus(statusOptions),
    prompts,
    away: promptsOut.away,
    delivery,
    note: (actor, action, detail) => access.book.note(actor, action, detail),
    notifyOwner: access.notifyOwner,
  });
  closers.add(() => web.close());
  const probe = new Probe({ db, clock, log, delivery, ingress: () => ingress });
  const count = (channel: string, reason: string): void => {
    // A count that cannot be written is not worth a request: the disk's trouble is told by the next event.
    db.write(() => addCount(db, channel, reason, clock.now())).catch((thrown: unknown) => {
      log.warn({ channel, reason, error: toMessage(thrown) }, "a refusal could not be counted");
    });
  };
  const app = createIngressApp({
    channels: (name) => probe.find(name) ?? channels.find(name),
    accept: (arrival, receivedAt) => outbound.receive(arrival, receivedAt),
    count,
    replies: (channel, afterId, signal) => replies.stream(channel, afterId, signal),
    log,
    clock: () => clock.now(),
  });
  const ingress = new IngressPort(app, {
    home,
    env,
    log,
    clock,
    count,
    mayMovePort: options.mayMovePort ?? false,
  });

  const socket = prepareSocket(home, env, lock);
  const describeHub = (): HubView => ({
    pid: process.pid,
    version: VERSION,
    uptimeMs: clock.now() - startedAt,
    home: home.path,
    socket,
    ingress: ingress.view,
    web: web.view,
  });
  const statusOptions = {
    db,
    clock,
    delivery,
    channels,
    connections,
    access,
    describeHub,
    readPolicy: policy,
    readQuiet: () => quiet.describe(clock.now()),
    listOverdue: () => waitingNotices.list(),
    readAway: () => promptsOut.away.view,
  };
  const waitingNotices = new WaitingNotices({
    db,
    clock,
    log,
    delivery,
    readAfterMinutes: () => routing.noticeAfterMinutes,
    ...openNotifier({ db, log, home, queued }),
  });
  closers.add(() => waitingNotices.close());
  // After all that arrivals need, down to the last name in here, before anybody may ask for a channel: one that is open brings at once
  // what it kept while no hub ran, and what could not be looked at would be left out as a dead letter.
  const untold = await outbound.open();
  await channels.load();
  promptsOut.open();
  for (const text of untold) access.notifyOwner(text);
  if (restored !== undefined) access.notifyOwner(toRestoredText(restored));

  const toHubCaller = (facts: CallerFacts): Caller =>
    toCaller(facts, new Set([...delivery.leases].map(({ client }) => client.pid)));
  const api = createApi({
    db,
    clock,
    delivery,
    canReply: (name) => channels.canReply(name),
    replied: queued,
    outbound: outbound.tools,
    describeHub,
    describeStatus: () => describeStatus(statusOptions),
    stop: options.stop,
    changeQuiet: (hours) => {
      quiet.change(hours);
      delivery.changed();
    },
    probe: (request) => probe.run(request),
    readNotices: () => readConfig(home.config).notices,
    changeNotices: (notices) => changeNotices(home, channels, notices),
    changeIngress: (change) => ingress.change(change),
    channels: {
      list: () => describeChannels(statusOptions),
      add: (request) => channels.add(request),
      remove: async (name) => {
        // First who may speak on it: a hub that dies in between leaves a channel that admits nobody, not people for a later one of
        // that name, which may be another bot.
        if (hasChannel(name)) await access.book.forget(name);
        const removed = await channels.remove(name);
        await outbound.forget(name);
        return removed;
      },
      pause: (name, paused) => channels.pause(name, paused),
    },
    web,
    access: {
      book: access.book,
      desk: access.desk,
      notifyOwner: access.notifyOwner,
      listPolicies: () => listPolicies(access, channels),
      toCaller: toHubCaller,
    },
    prompts,
    away: promptsOut.away,
    readProjectCommands: () => readProjectCommands(home),
    toCaller: toHubCaller,
    routing,
    emit: async (request) => {
      const arrival = toEmitted(request, channels);
      // A script should hear of a name that nobody has. Who gets it is found when it is stored, and again when sessions come.
      if (arrival.session !== undefined) requireSession(arrival.session, { db, delivery });
      return take(arrival, clock.now());
    },
  });
  closers.add(await openApiSocket(api, socket));
  closers.add(await openHosts(hosts, { db, clock, delivery, prompts }));

  closers.add(() => ingress.close());
  await ingress.open();
  await web.open();

  closers.add(verifyTrust({ db, clock, log, stop: options.stop }));
  const openSessions = (): string[] => [...delivery.leases].map(({ session }) => session);
  closers.add(openUpkeep({ db, clock, log, home, channels, queued, openSessions }));

  log.info(
    { socket, ingress: ingress.view, version: VERSION, channels: channels.list().length },
    "hub is up",
  );
  return {
    home,
    socket,
    describe: describeHub,
    addChannel: (request) => channels.add(addChannelSchema.parse(request)),
    close: closers.close,
  };
}

function remember<T>(read: () => T, lifeMs: number, clock: Clock): () => T {
  let kept: { value: T; until: number } | undefined;
  return () => {
    const now = clock.now();
    if (kept === undefined || now >= kept.until) kept = { value: read(), until: now + lifeMs };
    return kept.value;
  };
}
