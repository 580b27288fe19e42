/**
 * A channel of `defineChannel` as the channel contract opens one: run in this process, as the hub runs it in one of its own.
 *
 * Owns: what of the contract's hub such a channel sees. Never: a claim (channel-contract.ts).
 */
import { runChannel } from "../author/run.js";
import { newEventId } from "../sdk/id.js";
/** For `open` of a ContractRig. The rig's `secret` is the value of `env(secretName)`. */
export function openDefined(channel, secretName) {
    return (context) => openRunning(channel, secretName, context);
}
async function openRunning(channel, secretName, context) {
    const { name, settings, secret, clock, log, signal } = context;
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
            await context.take(arrivals, next ?? "");
            cursor = next;
            return arrivals.map(() => ({ kind: "stored", id: newEventId(clock.now()) }));
        },
        secret: (key) => (key === secretName ? secret.reveal() : undefined),
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
        close: () => running.close(),
    };
}
