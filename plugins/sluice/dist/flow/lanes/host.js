import { saveSession } from "../../store/sessions/sessions.js";
import { beginTurn, noteFailure, noteSign, noteStop, toSessionRecord, } from "../session/attachment.js";
import { listOut, withdrawSent } from "../deliver/attempts.js";
import { toRelayKey } from "../prompt/create-prompt.js";
/** Opens the hosts; resolves with how to close them. */
export async function openHosts(hosts, options) {
    const closers = [];
    const close = async () => {
        await Promise.all(closers.map((one) => one()));
    };
    try {
        for (const host of hosts)
            closers.push(await host.open(openDoor(host, options)));
    }
    catch (thrown) {
        await close();
        throw thrown;
    }
    return close;
}
function openDoor(host, options) {
    const { db, clock, delivery, prompts } = options;
    return {
        attach(found) {
            const client = {
                host: host.name,
                name: host.name,
                version: found.version,
                pid: found.pid,
                startTime: "",
                argv: [],
                plugin: false,
                interactive: true,
                session: found.id,
                cwd: found.cwd,
                forcedLane: undefined,
            };
            const nothing = { session: undefined, promptId: undefined, stops: 0 };
            const link = { plugin: false, push: found.send };
            const save = () => {
                // For people only, and the next turn writes it again: nothing waits for it.
                db.write(() => saveSession(db, toSessionRecord(attachment, clock.now()))).catch(() => { });
            };
            const { attachment, end } = delivery.leases.attach(client, nothing, link, host.lane);
            noteSign(attachment, clock.now());
            save();
            prompts.attached(attachment);
            return {
                turnBegan(turn) {
                    noteSign(attachment, clock.now());
                    save();
                    beginTurn(attachment, turn, clock.now());
                    delivery.changed(attachment);
                },
                async turnEnded(turn) {
                    const { turn: ended } = attachment;
                    const turnSince = ended.kind === "busy" ? ended.since : 0;
                    noteStop(attachment, clock.now());
                    await delivery.ended(attachment, turn, turnSince);
                },
                async turnFailed(turn) {
                    noteFailure(attachment, clock.now());
                    await delivery.receive(attachment, { kind: "stop-failure", promptId: turn });
                },
                out: () => listOut(db, attachment).flatMap(({ carriedBy }) => carriedBy),
                async carried(turn, events) {
                    await delivery.receive(attachment, { kind: "carried", promptId: turn, events });
                },
                async read(events) {
                    await delivery.receive(attachment, { kind: "read", events });
                },
                async missed(events, reason) {
                    await db.write(() => withdrawSent({ db, clock }, attachment, events, reason));
                    delivery.changed();
                },
                async refused(events, reason) {
                    const out = listOut(db, attachment).filter(({ carriedBy }) => events.includes(carriedBy));
                    const deliveries = out.map(({ id }) => id);
                    noteFailure(attachment, clock.now());
                    await delivery.receive(attachment, { kind: "lost", deliveries, reason });
                },
                asked: (ask) => prompts.relay(attachment, { ...ask, session: attachment.session }),
                resolved: (requestId) => prompts.cancel(toRelayKey(attachment.id, attachment.session, requestId)),
                gone: end,
            };
        },
    };
}
