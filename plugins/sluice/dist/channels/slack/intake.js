import { sleep, within } from "../../sdk/clock.js";
import { isSluiceError, toMessage } from "../../sdk/errors.js";
import { textAt } from "../../sdk/json.js";
import { toFaultLine } from "./api.js";
import { escapeMrkdwn } from "./escape.js";
import { HELP, isOfOtherTeam, readActions, readCommand, readCommandWords, readSubmission, } from "./interaction.js";
import { receive } from "./receive.js";
import { loadTexts, MAX_TEXT_CHARS } from "./texts.js";
import { MalformedEvent } from "./wire.js";
export class SlackIntake {
    #options;
    /** The last of each way's work, by the way. */
    #ways = new Map();
    #taking = new Map();
    #held;
    /** Look backs that go on. */
    #looking = 0;
    constructor(options) {
        this.#options = options;
    }
    /** SLACKINTAKE-3 */
    hold(work) {
        this.#held = work;
        this.#looking++;
        void work.catch(() => undefined).then(() => this.#looking--);
    }
    /** Resolves after COMMIT with the answer, if there is one. Rejects where it could not be kept. */
    async take({ type, payload }) {
        switch (type) {
            case "events_api":
                return this.#event(payload);
            case "interactive":
                return this.#interactive(payload);
            case "slash_commands":
                return this.#command(payload);
            default:
                return undefined;
        }
    }
    /** A message that was looked up. */
    found(event, isShared) {
        const { team } = this.#options.me;
        const payload = { team_id: team, event, is_ext_shared_channel: isShared };
        // Not behind the messages that wait for it.
        return this.#say(payload, true);
    }
    async #event(payload) {
        const { doubted, missed } = this.#options;
        if (textAt(payload, "type") === "app_rate_limited")
            return void missed();
        const type = textAt(payload, "event.type");
        if (type === "tokens_revoked" || type === "app_uninstalled")
            return void doubted();
        const channel = textAt(payload, "event.channel") ?? textAt(payload, "event.item.channel");
        await this.#inOrder(`said ${channel}`, async () => {
            if (this.#held !== undefined)
                await within(this.#options.holdMs, this.#held, undefined);
            await this.#say(payload);
        });
    }
    async #say(payload, isFound = false) {
        const { context } = this.#options;
        const reading = await this.#asking(() => receive(payload, this.#around));
        if (reading.kind === "arrival") {
            const { ts: _ts, ...placeless } = reading;
            await this.#keep(isFound || this.#looking === 0 ? reading : placeless);
        }
        else if (reading.kind === "malformed") {
            context.leftBehind?.(1);
            context.log.warn({ reason: reading.reason }, "an event that cannot be read is left behind");
        }
        else
            context.log.debug({ reason: reading.reason }, "an event is ignored");
    }
    async #interactive(payload) {
        if (isOfOtherTeam(payload, this.#options.me))
            return undefined;
        const user = textAt(payload, "user.id");
        const reading = await this.#inOrder(`tap ${user}`, () => this.#readTap(payload));
        if (reading.kind === "form") {
            const { trigger, view } = reading;
            const outcome = await this.#call("views.open", { trigger_id: trigger, view });
            if (outcome.kind !== "ok")
                this.#courtesy("views.open", outcome);
        }
        if (reading.kind === "tap") {
            const answer = await this.#inOrder(`tap ${user}`, () => this.#keep(reading.tap));
            // A stranger's tap gets no sign that anybody is here.
            if (answer !== undefined)
                void this.#tell(reading.tap, answer);
        }
        return undefined;
    }
    async #readTap(payload) {
        const acting = this.#around;
        try {
            switch (textAt(payload, "type")) {
                case "block_actions":
                    return await this.#asking(() => readActions(payload, acting));
                case "view_submission":
                    return await this.#asking(() => readSubmission(payload, acting));
                default:
                    return { kind: "ignore", reason: "an interaction of no kind that is read" };
            }
        }
        catch (thrown) {
            return this.#orMalformed(thrown);
        }
    }
    async #command(payload) {
        const { me, places, context, signal } = this.#options;
        if (isOfOtherTeam(payload, me))
            return undefined;
        const words = readCommandWords(payload);
        if (words === undefined)
            return { response_type: "ephemeral", text: HELP };
        const acting = {
            ...this.#around,
            directWith: (user) => places.directWith(user),
            now: context.clock.now(),
        };
        const user = textAt(payload, "user_id");
        try {
            return await this.#inOrder(`tap ${user}`, async () => {
                const kept = await this.#asking(() => readCommand(payload, words, acting));
                const isHeard = context.admits?.(kept.arrival) !== false;
                const answer = (await this.#keep(kept)) ?? (isHeard ? "Passed on to the session." : undefined);
                if (answer === undefined)
                    return undefined;
                const { toPieces } = await loadTexts();
                return { response_type: "ephemeral", text: toPieces(answer, MAX_TEXT_CHARS)[0] ?? answer };
            });
        }
        catch (thrown) {
            // Slack would show that it does not answer; what is wrong says more.
            if (isSluiceError(thrown, "send_failed") && !signal.aborted)
                return { response_type: "ephemeral", text: escapeMrkdwn(thrown.message) };
            this.#orMalformed(thrown);
            return undefined;
        }
    }
    /** What is of no form that Slack sends is left behind. @throws all else. */
    #orMalformed(thrown) {
        if (!(thrown instanceof MalformedEvent))
            throw thrown;
        this.#options.context.leftBehind?.(1);
        return { kind: "ignore", reason: thrown.message };
    }
    get #around() {
        const { context, me, people, places, cursor } = this.#options;
        return {
            channel: context.name,
            me,
            findPerson: (id) => people.find(id, me),
            nameOf: (id) => people.nameOf(id),
            titleOf: (channel) => places.nameOf(channel),
            isOurs: (channel, thread) => cursor.isOurs(channel, thread),
            noteThread: (channel, thread) => cursor.noteThread(channel, thread),
        };
    }
    /** SlackReading may have to ask who somebody is: while Slack cannot say it, nothing is decided. */
    async #asking(read) {
        const { context, signal } = this.#options;
        for (let faults = 0;; faults++) {
            try {
                return await read();
            }
            catch (thrown) {
                if (!isSluiceError(thrown) || !thrown.retryable || signal.aborted)
                    throw thrown;
                context.log.debug({ error: thrown.message }, "Slack is asked again");
                await this.#pause(faults, thrown.retryAfterMs);
            }
        }
    }
    /** SLACKINTAKE-1. Resolves with what is to be told to who tapped or typed a command. */
    #keep({ arrival, key, ts }) {
        const { cursor } = this.#options;
        if (cursor.has(key))
            return Promise.resolve(undefined);
        // The same in two envelopes at once is one.
        const taking = this.#taking.get(key);
        if (taking !== undefined)
            return taking.then(() => undefined);
        const work = this.#commit({ arrival, key, ...(ts === undefined ? {} : { ts }) }).finally(() => this.#taking.delete(key));
        this.#taking.set(key, work);
        return work;
    }
    async #commit({ arrival, key, ts }) {
        const { context, cursor, signal } = this.#options;
        for (let faults = 0;; faults++) {
            try {
                const answers = await context.take([arrival], cursor.with(key, ts));
                cursor.note(key, ts);
                return answers?.[0];
            }
            catch (thrown) {
                if (signal.aborted)
                    throw thrown;
                // Not answered, so Slack sends it again as well.
                context.log.warn({ error: toMessage(thrown) }, "an event could not be kept; trying again");
                await this.#pause(faults);
                if (signal.aborted)
                    throw thrown;
            }
        }
    }
    async #pause(faults, askedMs) {
        const { context, signal, faultMs } = this.#options;
        const delayMs = Math.min(faultMs[1], faultMs[0] * 2 ** Math.min(faults, 16));
        await sleep(askedMs ?? delayMs, context.clock, signal);
    }
    /** A line for who tapped alone; it is not worth a second try. */
    async #tell({ user, chatId }, text) {
        const { toPieces } = await loadTexts();
        const [piece = text] = toPieces(text, MAX_TEXT_CHARS);
        const outcome = await this.#call("chat.postEphemeral", { channel: chatId, user, text: piece });
        if (outcome.kind !== "ok")
            this.#courtesy("chat.postEphemeral", outcome);
    }
    #call(method, args) {
        const { api, signal } = this.#options;
        return api.call(method, args, { signal });
    }
    #courtesy(method, outcome) {
        const { context } = this.#options;
        context.log.warn({ error: toFaultLine(method, outcome) }, "a courtesy to Slack failed");
    }
    /** SLACKINTAKE-2 */
    #inOrder(way, work) {
        const before = this.#ways.get(way) ?? Promise.resolve();
        const mine = before.then(work, work);
        const settled = mine.then(() => undefined, () => undefined);
        this.#ways.set(way, settled);
        void settled.then(() => {
            if (this.#ways.get(way) === settled)
                this.#ways.delete(way);
        });
        return mine;
    }
}
