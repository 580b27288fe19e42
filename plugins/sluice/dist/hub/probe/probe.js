/**
 * The probe: sends one marked event through every hop, and names the first hop that it did not pass.
 *
 * Owns: its channel with a secret of its own, made for this one event and removed after it. Never: asks a model for anything: the event
 * says that it is a probe, and ends with its receipt.
 *
 * PROBE-1 A probe goes the way of any sender's event: over the listener's port, signed, through gate, inbox, routing and pace.
 * PROBE-2 It leaves nothing behind: no event, no delivery id, no count; also after a hub that died in the middle of one.
 */
import { randomBytes } from "node:crypto";
import { WAITS_FOR } from "../../flow/route/route.js";
import { defineKind } from "../../sdk/channel.js";
import { SluiceError, toMessage } from "../../sdk/errors.js";
import { Secret } from "../../sdk/secret.js";
import { findEvent, readTrace } from "../../store/events/inbox.js";
import { hasEvents, removeChannelEvents } from "../../store/events/sweep.js";
import { sign } from "../../verify/sign.js";
import { openVerifier } from "../../verify/verifier.js";
import { PROBE_CHANNEL } from "../settings/channel-name.js";
import { postTo } from "./probe-post.js";
const TEXT = 'Sluice probe: a test of the delivery path by "sluice doctor --probe". No action is needed.';
const SCHEME = "standard";
export class Probe {
    #core;
    #needs;
    #isRunning = false;
    constructor(core, needs) {
        this.#core = core;
        this.#needs = needs;
        if (hasEvents(core.db, PROBE_CHANNEL))
            void this.#clear(); // PROBE-2
    }
    /** Walks; takes at most `timeoutMs`. @throws SluiceError `conflict` while another one does. */
    async run(request) {
        if (this.#isRunning)
            throw new SluiceError("conflict", "a probe is on its way already; wait for its end");
        const secret = new Secret(`whsec_${randomBytes(32).toString("base64")}`);
        this.#isRunning = true;
        const takeBack = this.#needs.channels.lend(toChannel(secret, request.session));
        try {
            const entered = await this.#enter(secret);
            if (entered.event === undefined)
                return entered.hops;
            return [...entered.hops, ...(await this.#follow(entered.event, request.timeoutMs))];
        }
        finally {
            this.#isRunning = false;
            takeBack();
            await this.#clear();
        }
    }
    /** From the sender's side to the disk. */
    async #enter(secret) {
        const { db, clock } = this.#core;
        const { view, url, asksForCertificates } = this.#needs.ingress;
        const where = `${view.host}:${view.port}`;
        if (view.state !== "up") {
            const why = view.reason === undefined ? "" : `: ${view.reason}`;
            return { hops: [fail("ingress", `${view.state} on ${where}${why}`, "sluice status")] };
        }
        if (asksForCertificates) {
            const fix = "send an event with a client certificate, and follow it with sluice trace";
            return {
                hops: [fail("ingress", `${where} asks for a certificate, the probe has none`, fix)],
            };
        }
        const id = `probe-${randomBytes(8).toString("hex")}`;
        const body = Buffer.from("{}");
        const headers = sign(SCHEME, { keyId: "probe", secret }, { id, sentAt: clock.now(), body });
        const posted = await postTo(`${url}/in/${PROBE_CHANNEL}`, headers, body);
        const refused = toRefusal(posted, where);
        if (refused !== undefined)
            return { hops: refused };
        const event = posted.id === undefined ? undefined : findEvent(db, posted.id);
        const hops = [
            pass("ingress", `${where} took it`),
            pass("verify", `the signature was checked (${SCHEME})`),
        ];
        if (event === undefined)
            return { hops: [...hops, fail("store", "it is not in the inbox", "see the hub's log")] };
        hops.push(pass("gate", "accepted: signed with the channel's secret"), pass("store", `on disk after ${event.storedAt - event.receivedAt} ms`));
        return { hops, event };
    }
    /** From the disk into a session, and back by its receipt. */
    async #follow({ id, address }, timeoutMs) {
        const { db, clock } = this.#core;
        const { delivery } = this.#needs;
        const startedAt = clock.now();
        const { attachment, why } = delivery.router.owner(address);
        if (attachment === undefined) {
            const open = [...delivery.leases].length;
            const others = open === 0 ? "" : ` (${open} open, none may take it: see the checks above)`;
            const fix = open === 0 ? "start claude in a project, then probe again" : "sluice sessions tells why";
            return [fail("route", `${delivery.readPolicy() ?? WAITS_FOR[why]}${others}`, fix)];
        }
        const route = pass("route", `to session ${attachment.session}`);
        const { probeStop } = attachment.lane;
        if (probeStop !== undefined)
            return [route, fail("lane", probeStop.detail, probeStop.fix)];
        const deadline = startedAt + timeoutMs;
        const left = await this.#wait(id, ({ state }) => state !== "stored", deadline);
        if (left === undefined)
            return [route, fail("lane", "it was removed meanwhile", "probe again")];
        if (left.state === "stored") {
            const fix = attachment.reason ?? "it only needs time; otherwise see the checks above";
            return [route, fail("lane", `still waiting: ${delivery.explain(left)}`, fix)];
        }
        const lane = pass("lane", `by ${attachment.lane.name} after ${left.changedAt - startedAt} ms`);
        const isSeen = ({ state }) => state === "seen" || state === "done";
        const last = await this.#wait(id, isSeen, deadline);
        if (last !== undefined && isSeen(last)) {
            const seen = readTrace(db, last).find(({ stage }) => stage === "seen");
            const tookMs = (seen?.at ?? last.changedAt) - startedAt;
            return [route, lane, pass("receipt", `after ${tookMs} ms: ${seen?.reason ?? last.state}`)];
        }
        const detail = `no sign of it within ${Math.round(timeoutMs / 1_000)} s: its turn has not ended, or the client did not take it`;
        return [
            route,
            lane,
            fail("receipt", detail, "let the turn end and probe again with --wait 5m"),
        ];
    }
    /** The event once `isThere` holds, or as it stands at the deadline; undefined when it is gone. */
    #wait(id, isThere, deadline) {
        const { db, clock } = this.#core;
        return new Promise((resolve) => {
            const look = (isLast) => {
                const event = findEvent(db, id);
                if (event !== undefined && !isThere(event) && !isLast)
                    return;
                stop();
                cancel();
                resolve(event);
            };
            const stop = db.watch((ids) => {
                if (ids.includes(id))
                    look(false);
            });
            const cancel = clock.after(Math.max(0, deadline - clock.now()), () => look(true));
            look(false);
        });
    }
    async #clear() {
        const { db, log } = this.#core;
        try {
            await db.write(() => removeChannelEvents(db, PROBE_CHANNEL));
        }
        catch (thrown) {
            // The next start of the hub clears it.
            log.warn({ error: toMessage(thrown) }, "a probe's event could not be removed");
        }
    }
}
function toChannel(secret, session) {
    const definition = defineKind({
        kind: "probe",
        title: "Probe",
        description: "A test of the delivery path",
        ack: "auto",
        schemes: [SCHEME],
        maxBodyBytes: 1_024,
        canReply: false,
        nextStep: "",
        receive: ({ verified }) => ({ kind: "arrival", arrival: toArrival(verified, session) }),
    });
    return {
        name: PROBE_CHANNEL,
        definition,
        options: { name: PROBE_CHANNEL, twoWay: false },
        verifier: openVerifier({ scheme: SCHEME, credentials: [{ keyId: "probe", secret }] }),
        paused: false,
        ratePerSecond: 0,
        burst: 1,
    };
}
function toArrival(verified, session) {
    return {
        channel: PROBE_CHANNEL,
        kind: "probe",
        sender: { id: "doctor" },
        text: TEXT,
        quotes: [],
        meta: {},
        priority: "normal",
        ack: "auto",
        verified,
        ...(session === undefined ? {} : { session }),
    };
}
/** Which hop an answer of ingress names, or undefined: it was taken. */
function toRefusal(posted, where) {
    const { status, error, fault } = posted;
    if (fault !== undefined) {
        const fix = "check which program listens there, and for a firewall or proxy in between";
        return [fail("ingress", `${where} does not answer (${fault})`, fix)];
    }
    if (status === 202)
        return undefined;
    const detail = `answered ${status}${error === undefined ? "" : ` (${error})`}`;
    const entered = pass("ingress", `${where} answered`);
    if (status === 401) {
        return [entered, fail("verify", detail, "another program may hold the port: sluice status")];
    }
    const fix = "the hub's log and sluice status name the cause";
    return [entered, pass("verify", "the signature was checked"), fail("store", detail, fix)];
}
function pass(hop, detail) {
    return { hop, ok: true, detail };
}
function fail(hop, detail, fix) {
    return { hop, ok: false, detail, fix };
}
