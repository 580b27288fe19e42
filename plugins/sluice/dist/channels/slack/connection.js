/**
 * A live bot in a workspace: what comes in, and its way out.
 *
 * Owns: how its parts work together, and what ends them. Never: the wire (api.ts, socket-mode.ts), or what a message means.
 */
import { onChange, } from "../../sdk/channel.js";
import { SluiceError } from "../../sdk/errors.js";
import { textAt } from "../../sdk/json.js";
import { isCredentialRefused, SlackApi, toFault, toFaultLine } from "./api.js";
import { Cursor } from "./cursor.js";
import { download } from "./files.js";
import { lookBack } from "./history.js";
import { SlackIntake } from "./intake.js";
import { Marks } from "./marks.js";
import { SlackPeople } from "./people.js";
import { SlackPlaces } from "./places.js";
import { answerRequest } from "./requests.js";
import { SlackSender } from "./send.js";
import { idAt } from "./wire.js";
export const TIMINGS = {
    helloMs: 20_000,
    pingMs: 10_000,
    deadMs: 35_000,
    faultMs: [1_000, 60_000],
    drainMs: 20_000,
    recountMs: 90_000,
    holdMs: 20_000,
    missedMs: 90_000,
};
/** A setting of the channel: `on` shows what a link leads to below a message. */
export const PREVIEWS = "link-previews";
const ASK_MS = 15_000;
/** Resolves once Slack has answered, or has not: `report` says which. @throws SluiceError. */
export async function openConnection(context, tokens, timings = TIMINGS, requestTimings = {}) {
    const { settings, log } = context;
    const closing = new AbortController();
    const signal = AbortSignal.any([context.signal, closing.signal]);
    const root = settings["api-root"];
    const api = new SlackApi(tokens.bot, root, requestTimings);
    const me = await askWho(api, signal);
    log.info({ bot: me.name, team: me.teamName }, "is a bot of Slack");
    const report = onChange((state) => {
        if (!signal.aborted)
            context.report(state);
    });
    // Reported before everything ends: afterwards nothing is.
    const refuse = (reason) => {
        report({ kind: "paused", reason });
        closing.abort();
    };
    api.look = (method, outcome) => {
        if (outcome.kind === "refused" && isCredentialRefused(outcome))
            refuse(toFaultLine(method, outcome));
    };
    const parts = await openParts({ context, api, me, timings, signal });
    const { intake, sender } = parts;
    const marks = new Marks(sender, me.user);
    const running = await start({
        tokens,
        context,
        timings,
        requestTimings,
        intake,
        signal,
        isNew: parts.isNew,
        fill: parts.fill,
        report,
    });
    await running.first;
    const account = { name: `@${me.name} in ${me.teamName}` };
    return {
        account,
        hasForms: true,
        send: (message) => sender.send(message),
        edit: (chatId, messageId, text, buttons) => sender.edit(chatId, messageId, text, buttons),
        react: (chatId, messageId, reaction) => marks.react(chatId, messageId, reaction),
        mark: (chatId, messageId, sign) => marks.mark(chatId, messageId, sign),
        typing: async (chatId, activity, threadId) => {
            // Nobody works while a person is asked: the mark at the message says so.
            if (activity !== "approval")
                await marks.typing(chatId, threadId);
        },
        download: (reference, maxBytes) => download(reference, maxBytes, {
            api,
            token: tokens.bot,
            ownOrigin: root === undefined ? undefined : new URL(root).host,
            signal,
        }),
        receive: (request) => answerRequest(request, (envelope) => intake.take(envelope)),
        async close() {
            closing.abort();
            await running.over;
        },
    };
}
/** `fill`: looks up what was said while nobody listened. `isNew`: there is nothing to look up. */
async function openParts({ context, api, me, timings, signal }) {
    const { settings, clock, log } = context;
    const { faultMs, holdMs } = timings;
    const { cursor, isNew } = Cursor.read(context.cursor, me.team, clock.now());
    // What is said from now on is found, also after an end before the first message.
    if (isNew)
        await context.take([], cursor.with(undefined, undefined));
    const fill = () => {
        const { since, threads } = cursor;
        const found = (event, isShared) => intake.found(event, isShared);
        intake.hold(lookBack({ api, clock, log, signal, since, threads, faultMs, found }));
    };
    const intake = new SlackIntake({
        context,
        signal,
        api,
        me,
        people: new SlackPeople({ api, clock, log, signal }),
        places: new SlackPlaces({ api, clock, signal }),
        cursor,
        faultMs,
        holdMs,
        doubted: () => void api.call("auth.test", {}, { signal, timeoutMs: ASK_MS }),
        missed: () => {
            log.warn({}, "Slack leaves out events of this minute; they are looked up");
            clock.after(timings.missedMs, () => !signal.aborted && fill());
        },
    });
    const sender = new SlackSender({
        api,
        clock,
        signal,
        hasPreviews: settings[PREVIEWS] === "on",
        noteThread: (channel, thread) => cursor.noteThread(channel, thread),
    });
    return { intake, sender, isNew, fill };
}
/** `first`: Slack has answered, or has not. `over`: nothing runs any more. */
async function start(options) {
    const { tokens, context, timings, requestTimings, intake, signal, isNew, fill, report } = options;
    if (tokens.app === undefined) {
        if (!isNew)
            fill();
        report({ kind: "connected" });
        return { first: Promise.resolve(), over: Promise.resolve() };
    }
    // Requests need none of it.
    const { SocketMode } = await import("./socket-mode.js");
    const first = Promise.withResolvers();
    let isFirst = true;
    const mode = new SocketMode({
        api: new SlackApi(tokens.app, context.settings["api-root"], requestTimings),
        timings,
        take: (envelope) => intake.take(envelope),
        gap: () => {
            if (!isFirst || !isNew)
                fill();
            isFirst = false;
        },
        report: (state) => {
            report(state);
            first.resolve();
        },
        clock: context.clock,
        log: context.log,
        signal,
    });
    const over = mode.run();
    return { first: Promise.race([first.promise, over]), over };
}
/** @throws SluiceError `unauthorized` for a token that is refused. */
async function askWho(api, signal) {
    const outcome = await api.call("auth.test", {}, { signal, timeoutMs: ASK_MS });
    if (outcome.kind !== "ok")
        throw toFault("auth.test", outcome);
    const { body } = outcome;
    const [team, user] = [idAt(body, "team_id"), idAt(body, "user_id")];
    if (team === undefined || user === undefined)
        throw new SluiceError("send_failed", "slack: auth.test named no workspace and bot", {
            retryable: true,
        });
    return {
        team,
        user,
        teamName: textAt(body, "team") ?? team,
        name: textAt(body, "user") ?? user,
        bot: textAt(body, "bot_id"),
        enterprise: textAt(body, "enterprise_id"),
    };
}
