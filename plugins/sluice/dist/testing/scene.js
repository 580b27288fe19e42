/**
 * What a claim of the channel contract acts in: one channel on a fake platform, and a hub that records.
 *
 * Owns: keeping what the channel takes, reports and logs. Never: claims (channel-contract.ts).
 */
import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { systemClock } from "../sdk/clock.js";
import { isSluiceError } from "../sdk/errors.js";
import { Secret } from "../sdk/secret.js";
const PATIENCE_MS = 8_000;
/** Long enough for a repetition to show. */
export const QUIET_MS = 300;
/** A hub that keeps what it is given, by delivery id, as the real one does. */
export class Scene {
    rig;
    kept = [];
    /** With repetitions. */
    raw = [];
    #said = [];
    state;
    reports = 0;
    /** Takes that fail before one succeeds. */
    refuseTakes = 0;
    #cursor;
    #before;
    #connection;
    #abort = new AbortController();
    constructor(rig) {
        this.rig = rig;
    }
    async open() {
        const abort = new AbortController();
        this.#abort = abort;
        const log = (facts, message) => void this.#said.push(`${message} ${JSON.stringify(facts)}`);
        const context = {
            name: "contract",
            secret: new Secret(this.rig.secret),
            settings: this.rig.settings,
            cursor: this.#cursor,
            take: async (arrivals, cursor) => {
                assert.ok(!abort.signal.aborted, "nothing is taken after the end");
                // A commit takes a while; who does not wait for it is found out.
                await wait(5);
                if (arrivals.length > 0 && this.refuseTakes > 0) {
                    this.refuseTakes--;
                    throw new Error("the disk is full");
                }
                this.raw.push(...arrivals);
                for (const arrival of arrivals)
                    if (!this.kept.some((one) => one.deliveryId === arrival.deliveryId))
                        this.kept.push(arrival);
                this.#before = this.#cursor;
                this.#cursor = cursor;
            },
            admits: () => true,
            report: (state) => this.report(state),
            clock: systemClock,
            log: { debug: log, info: log, warn: log, error: log },
            signal: abort.signal,
        };
        this.#connection = await this.rig.open(context);
        return this.#connection;
    }
    report(state) {
        this.reports++;
        this.state = state;
        this.#said.push(JSON.stringify(state));
    }
    async close() {
        const connection = this.#connection;
        this.#connection = undefined;
        this.#abort.abort();
        await connection?.close();
    }
    /** The last commit is lost, as by a death just before it. */
    forgetLast() {
        this.#cursor = this.#before;
    }
    texts() {
        return this.kept.map(({ text, quotes }) => quotes.map((one) => one.text).join("\n") || text);
    }
    async sendFault(connection, text) {
        try {
            await connection.send({ chatId: this.rig.chatId, text });
            return undefined;
        }
        catch (thrown) {
            assert.ok(isSluiceError(thrown), `a SluiceError, not ${String(thrown)}`);
            this.#said.push(thrown.message, String(thrown.cause));
            return thrown;
        }
    }
    async until(what, name) {
        const end = Date.now() + PATIENCE_MS;
        while (!what()) {
            if (Date.now() > end)
                assert.fail(`${name} did not come; kept ${JSON.stringify(this.texts())}, state ${JSON.stringify(this.state)}`);
            await wait(5);
        }
    }
    assertNoSecret() {
        const leak = this.#said.find((line) => line.includes(this.rig.secret));
        assert.equal(leak, undefined, "the credential stands in a log line, a state or an error");
    }
    async end() {
        await this.close();
        await this.rig.close();
    }
}
