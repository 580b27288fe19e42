/**
 * Puts the server of MCP Events together: its methods, its port, its callbacks. Loaded by a hub that has a client, and by no other.
 *
 * Owns: that order, and its end. Never: which clients there are (hub/event-clients.ts).
 */
import type { ServerResponse } from "node:http";
import type { Clock } from "../sdk/clock.ts";
import type { Logger } from "../sdk/log.ts";
import { findClientByToken, findEventClient } from "../store/clients/event-clients.ts";
import { forgetShifts } from "../store/clients/event-feed.ts";
import type { Database } from "../store/file/database.ts";
import { Callbacks, type CallbacksOptions } from "./callbacks.ts";
import { CallbackDelivery } from "./deliver-callbacks.ts";
import { EVENTS_PATH, type EventsListener, listenEvents } from "./listener.ts";
import type { OfferOptions } from "./offers.ts";
import { answerMessage } from "./rpc.ts";
import { coverNow, EventsServer, toOccurrenceNow } from "./server.ts";

export type OpenEventsOptions = OfferOptions & {
  db: Database;
  clock: Clock;
  log: Logger;
  version: string;
  port: number;
  serial: CallbacksOptions["serial"];
  onOffersChanged: (changed: () => void) => () => void;
  /** For tests. Default: the system's resolver. */
  resolve?: CallbacksOptions["resolve"];
};

export type OpenEvents = {
  /** Undefined where the port could not be had; `fault` says why. */
  readonly port: number | undefined;
  readonly fault: unknown;
  readonly path: string;
  /** Tries again where the port could not be had. */
  listen(): Promise<void>;
  /** A message of a client on stdio, whom the hub's socket vouches for. */
  answer(client: string, message: unknown, outgoing: ServerResponse): Promise<void>;
  /** Before a client is removed. */
  endClient(name: string): Promise<void>;
  close(): Promise<void>;
};

export async function openEvents(options: OpenEventsOptions): Promise<OpenEvents> {
  const { db, clock, log, port, onOffersChanged, resolve, serial } = options;
  await db.write(() => forgetShifts(db));
  const closing = new AbortController();
  const { signal } = closing;
  const delivery = new CallbackDelivery({
    db,
    clock,
    log,
    cover: (client, subscription) => coverNow(options, client, subscription),
    toOccurrence: (name, event) => toOccurrenceNow(options, name, event),
    ...(resolve === undefined ? {} : { resolve }),
  });
  const stop = onOffersChanged(() => delivery.wakeAll());
  const callbacks = new Callbacks({
    db,
    clock,
    delivery,
    serial,
    signal,
    ...(resolve === undefined ? {} : { resolve }),
  });
  const server = new EventsServer({ ...options, callbacks });
  const rpc = { server, log, closing: signal };
  const findClient = (token: string) => findClientByToken(db, token);
  let listener: EventsListener | undefined;
  let fault: unknown;
  const listen = async (): Promise<void> => {
    try {
      listener ??= await listenEvents({ ...rpc, port, findClient });
    } catch (thrown) {
      fault = thrown;
    }
  };
  await listen();
  return {
    get port() {
      return listener?.port;
    },
    get fault() {
      return fault;
    },
    path: EVENTS_PATH,
    listen,
    async answer(name, message, outgoing) {
      const client = findEventClient(db, name);
      if (client === undefined) throw new Error(`no client ${name}`);
      await answerMessage(rpc, { client, message, outgoing });
    },
    endClient: (name) => delivery.endClient(name),
    async close() {
      closing.abort();
      stop();
      await delivery.close();
      await listener?.close();
    },
  };
}
