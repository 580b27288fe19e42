import { findClientByToken, findEventClient } from "../store/clients/event-clients.js";
import { forgetShifts } from "../store/clients/event-feed.js";
import { Callbacks } from "./callbacks.js";
import { CallbackDelivery } from "./deliver-callbacks.js";
import { EVENTS_PATH, listenEvents } from "./listener.js";
import { answerMessage } from "./rpc.js";
import { coverNow, EventsServer, toOccurrenceNow } from "./server.js";
export async function openEvents(options) {
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
    const findClient = (token) => findClientByToken(db, token);
    let listener;
    let fault;
    const listen = async () => {
        try {
            listener ??= await listenEvents({ ...rpc, port, findClient });
        }
        catch (thrown) {
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
            if (client === undefined)
                throw new Error(`no client ${name}`);
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
