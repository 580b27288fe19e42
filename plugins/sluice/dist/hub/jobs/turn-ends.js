/**
 * Ends of turns and of subagents, for sessions that asked to hear of another session's.
 *
 * Owns: whom an end is told, and that two sessions do not wake each other for ever. Never: subscribes anybody.
 *
 * TURNS-1 Only a session that subscribed to the channel `turns` hears of one (`sluice watch turns`), and never of its own.
 * TURNS-2 A turn that brought its session the end of another's turn is itself told to nobody: A that waits for B, and B that waits for A,
 *    stop after one round, and so does every longer circle.
 */
import { toTurnArrival } from "../../channels/jobs/arrival.js";
import { covers } from "../../flow/route/match.js";
import { toLabel } from "../../flow/session/attachment.js";
import { toMessage } from "../../sdk/errors.js";
import { findEvent, listEvents } from "../../store/events/inbox.js";
import { ensureChannel } from "./own-channel.js";
export const TURNS_CHANNEL = "turns";
/** Of one session; older ones were over long ago. */
const KEPT_MAX = 200;
const READ_BACK = 1_000;
export class TurnEnds {
    #core;
    #needs;
    /** Ends that were told, by the session that they were told to, until it is through with them (TURNS-2). */
    #told = new Map();
    constructor(core, needs) {
        this.#core = core;
        this.#needs = needs;
    }
    /** From now on, with what was told before this start. */
    open() {
        for (const state of ["stored", "offered", "seen"])
            for (const event of listEvents(this.#core.db, {
                channel: TURNS_CHANNEL,
                state,
                limit: READ_BACK,
            }))
                this.#keep(event.deliveryId?.split("/").at(-1) ?? "", event.id);
        this.#needs.delivery.onTurn((attachment, end) => void this.#note(attachment, end));
    }
    async #note(attachment, end) {
        const { clock, log } = this.#core;
        const { session } = attachment;
        try {
            if (this.#isEcho(session))
                return;
            const facts = {
                session,
                label: toLabel(attachment),
                cwd: attachment.client.cwd,
                how: end.how,
                at: clock.now(),
            };
            for (const asker of this.#findAskers(facts)) {
                const id = `${session}/${end.how}/${end.id === "" ? facts.at : end.id}/${asker}`;
                const arrival = toTurnArrival(TURNS_CHANNEL, { ...facts, asker, id });
                await ensureChannel(this.#needs.channels, "jobs", TURNS_CHANNEL);
                const accepted = await this.#needs.inbound.accept(arrival, facts.at);
                if (accepted.kind === "stored")
                    this.#keep(asker, accepted.id);
            }
        }
        catch (thrown) {
            log.warn({ session, error: toMessage(thrown) }, "the end of a turn could not be told");
        }
    }
    /** TURNS-1 */
    #findAskers(facts) {
        const { session } = facts;
        const named = toTurnArrival(TURNS_CHANNEL, { ...facts, asker: "", id: "" });
        // A session may be asked for by its name or by its id.
        const ways = [
            named,
            { ...named, entity: session },
        ];
        const askers = this.#needs.delivery.watchers
            .list()
            .filter((one) => one.session !== session && ways.some((way) => covers(one, way)));
        return [...new Set(askers.map((one) => one.session))];
    }
    /** TURNS-2: since its last turn it was given the end of another's. */
    #isEcho(session) {
        const told = this.#told.get(session);
        if (told === undefined)
            return false;
        let isEcho = false;
        for (const id of told) {
            const state = findEvent(this.#core.db, id)?.state;
            if (state === "stored")
                continue;
            const isGiven = state === "offered" || state === "seen";
            isEcho ||= isGiven || state === "done";
            // One that was given in the middle of this turn is read in the next.
            if (!isGiven)
                told.delete(id);
        }
        if (told.size === 0)
            this.#told.delete(session);
        return isEcho;
    }
    #keep(session, id) {
        const told = this.#told.get(session) ?? new Set();
        this.#told.set(session, told.add(id));
        for (const oldest of told) {
            if (told.size <= KEPT_MAX)
                return;
            told.delete(oldest);
        }
    }
}
