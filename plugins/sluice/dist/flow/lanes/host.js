import { toMessage } from "../../sdk/errors.js";
import { saveSession } from "../../store/sessions/sessions.js";
import { beginTurn, noteFailure, noteSign, noteStop, toSessionRecord, } from "../session/attachment.js";
import { listOut, withdrawSent } from "../deliver/attempts.js";
import { toRelayKey } from "../prompt/create-prompt.js";
import { AgentBudget } from "../agent/budget.js";
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
            const budget = found.agent && new AgentBudget(options, found.agent.limits);
            const client = toClientFacts(host, found, budget);
            const nothing = { session: undefined, promptId: undefined, stops: 0 };
            const push = budget === undefined ? found.send : toCounted(budget, found.send, () => session);
            const link = { plugin: false, push };
            const save = () => {
                // For people only, and the next turn writes it again: nothing waits for it.
                db.write(() => saveSession(db, toSessionRecord(attachment, clock.now()))).catch(() => { });
            };
            const { attachment, end } = delivery.leases.attach(client, nothing, link, host.lane);
            noteSign(attachment, clock.now());
            save();
            prompts.attached(attachment);
            const giveBack = async (events, reason) => {
                const out = listOut(db, attachment).filter(({ carriedBy }) => events.includes(carriedBy));
                const deliveries = out.map(({ id }) => id);
                await delivery.receive(attachment, { kind: "lost", deliveries, reason });
            };
            const session = {
                attachment: attachment.id,
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
                    noteFailure(attachment, clock.now());
                    await giveBack(events, reason);
                },
                lost: giveBack,
                async spent(use) {
                    await budget?.spend(use);
                },
                asked: (ask) => prompts.relay(attachment, { ...ask, session: attachment.session }),
                resolved: (requestId) => prompts.cancel(toRelayKey(attachment.id, attachment.session, requestId)),
                gone: end,
            };
            return session;
        },
    };
}
function toClientFacts({ name }, { pid, version, id, cwd, agent }, budget) {
    const facts = {
        host: name,
        name,
        version,
        pid,
        startTime: "",
        argv: [],
        plugin: false,
        interactive: true,
        session: id,
        cwd,
        forcedLane: undefined,
    };
    if (agent === undefined || budget === undefined)
        return facts;
    const { channels } = agent;
    return { ...facts, agent: { channels, hold: (now) => budget.hold(now) } };
}
/** BUDGET-1. Each message with events begins a turn; one that may not begin waits again, as if it had never left. */
function toCounted(budget, send, session) {
    return (message) => {
        if (message.kind !== "channel")
            return send(message);
        const withhold = (reason) => session().missed([message.meta["event_id"] ?? ""], reason);
        budget
            .begin()
            .then((held) => (held === undefined ? send(message) : withhold(held.reason)), (thrown) => withhold(`its turn could not be counted: ${toMessage(thrown)}`))
            // The store fails: what is out stays so, and goes back with the session.
            .catch(() => { });
    };
}
