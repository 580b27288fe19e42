/**
 * A channel of `defineChannel` as the channel contract opens one: run in this process, as the hub runs it in one of its own.
 *
 * Owns: what of the contract's hub such a channel sees. Never: a claim (channel-contract.ts).
 */
import { readFile } from "node:fs/promises";
import { openActs } from "../author/chat-acts.js";
import { runChannel } from "../author/run.js";
import { describeChannel } from "../sdk/author/describe.js";
import { newEventId } from "../sdk/id.js";
/** For `open` of a ContractRig. The rig's `secret` is the value of `env(secretName)`; `others` are those of further names. */
export function openDefined(channel, secretName, others = {}) {
    return (context) => openRunning(channel, context, (key) => key === secretName
        ? context.secret.reveal()
        : Object.hasOwn(others, key)
            ? others[key]
            : undefined);
}
async function openRunning(channel, context, secret) {
    const { name, settings, clock, log, signal } = context;
    let { cursor } = context;
    const silent = new Set(channel.sources.flatMap((source) => source.type === "service" || source.type === "observe" ? [source.name] : []));
    const begun = Promise.withResolvers();
    if (silent.size === 0)
        begun.resolve();
    const running = runChannel(channel, {
        name,
        settings,
        cursor,
        async take(arrivals, next = cursor) {
            const answers = (await context.take(arrivals, next ?? "")) ?? [];
            cursor = next;
            return arrivals.map((_, index) => {
                const answer = answers[index];
                const stored = { kind: "stored", id: newEventId(clock.now()) };
                return answer === undefined ? stored : { ...stored, answer };
            });
        },
        secret,
        undelivered: async (id, reason) => context.undelivered?.(id, reason),
        readFile: (file) => readFile(file.path),
        report(source, state) {
            if (!signal.aborted)
                context.report(state);
            // What it finds before that is no news: a claim may only begin now.
            if (silent.delete(source) && silent.size === 0)
                begun.resolve();
        },
        leftBehind: (count) => context.leftBehind?.(count),
        clock,
        log,
        signal,
    });
    await begun.promise;
    return {
        account: { name },
        send: (message) => running.reply(message),
        ...openActs(describeChannel(channel).chat, ({ act, input }) => running.act(act, input)),
        close: () => running.close(),
    };
}
