/**
 * The hub: everything put together. It owns every port, secret and channel, and outlives its clients.
 *
 * Owns: the order in which things open and close. Never: what they do.
 */
import { chmodSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { createApi } from "../api/app.ts";
import type { Env, Home } from "../api/home.ts";
import { isAlive } from "../api/process.ts";
import { VERSION } from "../api/version.ts";
import type { HubView, ListenerView } from "../api/wire.ts";
import { accept, type AcceptOptions, type Accepted } from "../flow/accept.ts";
import { Delivery } from "../flow/deliver.ts";
import type { Arrival } from "../sdk/event.ts";
import { type Clock, systemClock } from "../sdk/clock.ts";
import { SluiceError, toMessage } from "../sdk/errors.ts";
import type { Logger } from "../sdk/log.ts";
import { Database } from "../store/database.ts";
import { addCount, purgeDeliveryIds } from "../store/inbox.ts";
import { Channels } from "./channels.ts";
import { type HubConfig, readConfig } from "./config.ts";
import { toEmitted } from "./emit.ts";
import { openHome, prepareSocket } from "./home.ts";
import { createIngressApp } from "./ingress.ts";
import { type IngressListener, listenIngress } from "./ingress-listener.ts";
import { HubLock } from "./lock.ts";
import { readPolicy } from "./policy.ts";
import { Replies } from "./replies.ts";
import { readProject } from "./repository.ts";
import { describeChannels, describeStatus } from "./status.ts";

export type HubOptions = {
  env: Env;
  log: Logger;
  /** What to do when a client asks the hub to leave. */
  stop: (reason: string) => void;
  /** A taken ingress port may be replaced by a free one: only for the demo. */
  mayMovePort?: boolean;
  clock?: Clock;
};

export type Hub = {
  readonly home: Home;
  readonly socket: string;
  describe(): HubView;
  /** Drains and closes everything. */
  close(): Promise<void>;
};

const PURGE_EVERY_MS = 3_600_000;
const POLICY_LIFE_MS = 10_000;
const INGRESS_GRACE_MS = 2_000;

/**
 * Opens a hub in this process.
 * @throws SluiceError `hub_running`, `unsafe_home`, `bad_config`, `store_*`: then nothing is left open.
 */
export async function openHub(options: HubOptions): Promise<Hub> {
  const closers: (() => unknown)[] = [];
  const close = async (): Promise<void> => {
    for (let closer = closers.pop(); closer !== undefined; closer = closers.pop()) await closer();
  };
  try {
    return await compose(options, closers, close);
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

async function compose(
  options: HubOptions,
  closers: (() => unknown)[],
  close: () => Promise<void>,
): Promise<Hub> {
  const { env, log, clock = systemClock } = options;
  const startedAt = clock.now();
  const home = openHome(env);
  const lock = new HubLock(home, startedAt);
  closers.push(() => lock[Symbol.dispose]());
  const db = new Database(home.database);
  closers.push(() => db.close());
  const config = readConfig(home.config);

  let ingress: ListenerView = toListenerView(config, env);
  const channels = new Channels({
    home,
    log,
    baseUrl: () =>
      `${config.ingress.tls === undefined ? "http" : "https"}://${ingress.host}:${ingress.port}`,
    boundPort: () => ingress.port,
    isLoopback: () => ingress.host === "127.0.0.1" || ingress.host === "::1",
  });
  await channels.load();

  const policy = remember(readPolicy, POLICY_LIFE_MS, clock);
  const delivery = new Delivery({
    db,
    clock,
    log,
    isAlive,
    readProject,
    readPolicy: () => (policy().state === "open" ? undefined : policy().detail),
  });
  closers.push(() => delivery.close());

  const replies = new Replies(db, clock);
  const acceptOptions: AcceptOptions = {
    db,
    clock,
    access: (channel) => channels.access(channel),
    stored: () => delivery.changed(),
  };
  const take = (arrival: Arrival, receivedAt: number): Promise<Accepted> =>
    accept(arrival, receivedAt, acceptOptions);

  const socket = prepareSocket(home, env, lock);
  const describeHub = (): HubView => ({
    pid: process.pid,
    version: VERSION,
    uptimeMs: clock.now() - startedAt,
    home: home.path,
    socket,
    ingress,
    web: null,
  });
  const statusOptions = { db, clock, delivery, channels, describeHub, readPolicy: policy };
  const api = createApi({
    db,
    clock,
    delivery,
    canReply: (name) => channels.find(name)?.options.twoWay ?? false,
    replied: (name) => replies.notify(name),
    describeHub,
    describeStatus: () => describeStatus(statusOptions),
    stop: options.stop,
    channels: {
      list: () => describeChannels(statusOptions),
      add: (request) => channels.add(request),
      remove: async (name) => channels.remove(name),
      pause: (name, paused) => channels.pause(name, paused),
    },
    emit: async (request) => take(toEmitted(request, channels), clock.now()),
  });
  const server = await listenOnSocket(createServer(getRequestListener(api.fetch)), socket);
  closers.push(() => closeServer(server, socket));

  const app = createIngressApp({
    channels: (name) => channels.find(name),
    accept: take,
    count: (channel, reason) => {
      // A count that cannot be written is not worth a request: the disk's trouble is told by the next event.
      db.write(() => addCount(db, channel, reason, clock.now())).catch((thrown: unknown) => {
        log.warn({ channel, reason, error: toMessage(thrown) }, "a refusal could not be counted");
      });
    },
    replies: (channel, afterId, signal) => replies.stream(channel, afterId, signal),
    log,
    clock: () => clock.now(),
  });
  const listener = await openIngress(app, config, ingress, options);
  ingress = listener.view;
  if (listener.open !== undefined) {
    const opened = listener.open;
    closers.push(() => opened.close(INGRESS_GRACE_MS));
  }

  const purge = setInterval(() => {
    db.write(() => purgeDeliveryIds(db, clock.now())).catch((thrown: unknown) => {
      log.warn(
        { error: toMessage(thrown) },
        "old delivery ids could not be purged; trying again in an hour",
      );
    });
  }, PURGE_EVERY_MS);
  purge.unref();
  closers.push(() => clearInterval(purge));

  log.info({ socket, ingress, version: VERSION, channels: channels.list().length }, "hub is up");
  return { home, socket, describe: describeHub, close };
}

function toListenerView(config: HubConfig, env: Env): ListenerView {
  const { host, port, frozen } = config.ingress;
  const wanted = env["SLUICE_INGRESS_PORT"];
  // Senders know a frozen port: the environment of whoever starts the hub does not move it.
  if (frozen || wanted === undefined || wanted === "") return { state: "off", host, port };
  const number = Number(wanted);
  if (!Number.isSafeInteger(number) || number < 0 || number > 65_535) {
    throw new SluiceError(
      "bad_config",
      `SLUICE_INGRESS_PORT is "${wanted}"; give a port from 0 to 65535`,
    );
  }
  return { state: "off", host, port: number };
}

async function openIngress(
  app: ReturnType<typeof createIngressApp>,
  config: HubConfig,
  wanted: ListenerView,
  { log, mayMovePort = false }: HubOptions,
): Promise<{ view: ListenerView; open: IngressListener | undefined }> {
  const { tls, clientCa } = config.ingress;
  const listen = (port: number): Promise<IngressListener> =>
    listenIngress(app, {
      host: wanted.host,
      port,
      ...(tls === undefined
        ? {}
        : { tls: { cert: readFileSync(tls.cert), key: readFileSync(tls.key) } }),
      ...(clientCa === undefined ? {} : { clientCa: readFileSync(clientCa) }),
    });
  try {
    const open = await listen(wanted.port);
    return { view: { state: "up", host: wanted.host, port: open.port }, open };
  } catch (thrown) {
    if (mayMovePort) {
      const open = await listen(0);
      return { view: { state: "up", host: wanted.host, port: open.port }, open };
    }
    // The hub goes on: what is stored is delivered, and status names what holds the port.
    const reason = toMessage(thrown);
    log.error({ port: wanted.port, reason }, "ingress is down");
    return { view: { ...wanted, state: "down", reason }, open: undefined };
  }
}

function listenOnSocket(server: Server, socket: string): Promise<Server> {
  // Streams are leases: they live as long as their client.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 60_000;
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(socket, () => {
      chmodSync(socket, 0o600);
      resolve(server);
    });
  });
}

async function closeServer(server: Server, socket: string): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
  rmSync(socket, { force: true });
}

function remember<T>(read: () => T, lifeMs: number, clock: Clock): () => T {
  let kept: { value: T; until: number } | undefined;
  return () => {
    const now = clock.now();
    if (kept === undefined || now >= kept.until) kept = { value: read(), until: now + lifeMs };
    return kept.value;
  };
}
