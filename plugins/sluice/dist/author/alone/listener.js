/**
 * The webhook port of a channel that runs alone, on loopback: the hub's own ingress with this one channel.
 *
 * Owns: its proofs and its stream. Never: what a request becomes (receive.ts).
 */
import { listenIngress } from "../../ingress/listener.js";
import { UNSIGNED } from "../../ingress/local-program.js";
import { createIngressApp } from "../../ingress/receive.js";
import { Secret } from "../../sdk/secret.js";
import { SluiceError } from "../../sdk/errors.js";
import { openVerifier } from "../../verify/verifier.js";
import { ANSWERED } from "./answered.js";
import { readToken } from "./folder.js";
const RATE = { ratePerSecond: 50, burst: 500 };
const PAGE = 100;
/** @throws SluiceError `port_taken`, `bad_secret`, `bad_config`. */
export async function openWebhookPort(options) {
    const { authorPort, inbox, untilOutgoing, port } = options;
    const channels = new Map(toChannels(options).map((channel) => [channel.name, channel]));
    const app = createIngressApp({
        channels,
        accept: () => Promise.reject(new SluiceError("internal", "an arrival came past its channel")),
        count: (channel, reason) => authorPort.log.debug({ channel, reason }, "a request was not kept"),
        async *replies(_channel, afterId, signal) {
            let after = afterId;
            while (!signal.aborted) {
                const page = inbox.listOutgoing(after, PAGE);
                yield* page;
                after = page.at(-1)?.id ?? after;
                if (page.length === 0)
                    await untilOutgoing(signal);
            }
        },
        log: authorPort.log,
        clock: () => authorPort.clock.now(),
    });
    return listenIngress(app, { port });
}
function toChannels(options) {
    const { name, webhooks, hasStream, folder } = options;
    const listenToken = hasStream ? { listenToken: readToken(folder.listenToken) } : {};
    const made = webhooks.map((webhook) => {
        const isNamed = webhook.source.name !== undefined;
        return {
            name: isNamed ? `${name}.${webhook.name}` : name,
            definition: toDefinition(options, webhook),
            options: { name, twoWay: hasStream },
            verifier: toVerifier(options, webhook.proof),
            paused: false,
            ...RATE,
            ...(isNamed ? {} : listenToken),
        };
    });
    if (!hasStream || made.some((channel) => channel.name === name))
        return made;
    // The stream alone: what is posted there is refused.
    const definition = {
        maxBodyBytes: 1,
        receive: () => ({ kind: "refuse", status: 400, reason: "nothing is received here" }),
    };
    const verifier = openVerifier({
        scheme: "bearer",
        credentials: [{ keyId: "listen", secret: readToken(folder.listenToken) }],
    });
    return [
        ...made,
        {
            name,
            definition,
            options: { name, twoWay: true },
            verifier,
            paused: false,
            ...RATE,
            ...listenToken,
        },
    ];
}
function toVerifier({ folder, authorPort, name }, proof) {
    switch (proof.kind) {
        case "local":
            return "unsigned";
        case "own":
            // The check itself is the author's, once the body is in (receive.ts).
            return { begin: () => ({ kind: "begun", check: UNSIGNED }) };
        case "made":
            return openVerifier({
                scheme: "bearer",
                credentials: [{ keyId: "token", secret: readToken(folder.token) }],
            });
        case "scheme":
            return openVerifier({
                scheme: proof.scheme,
                ...(proof.header === undefined ? {} : { header: proof.header }),
                credentials: proof.secrets.map((ref) => ({
                    keyId: ref.env,
                    secret: toSecret(name, authorPort, ref.env),
                })),
            });
        default:
            return proof;
    }
}
function toSecret(name, { secret }, of) {
    const value = secret(of);
    if (value !== undefined && value !== "")
        return new Secret(value);
    throw new SluiceError("bad_secret", `channel ${name}: the secret ${of} is not set; set the environment variable ${of} where the client starts this server`);
}
function toDefinition({ running, authorPort }, { name, maxBodyBytes }) {
    return {
        maxBodyBytes,
        async receive(request) {
            const received = await running.receive(name, request);
            switch (received.kind) {
                case "ignore":
                    return received;
                case "refuse":
                    return received.status === 401
                        ? { kind: "dropped", reason: "own_check" }
                        : { kind: "refuse", status: received.status, reason: received.reason };
                case "arrivals":
                    return toOutcome(await authorPort.take(received.arrivals));
                default:
                    return received;
            }
        },
    };
}
/** Of several events of one request the first stands for all. */
function toOutcome(results) {
    const kept = results.filter((result) => result.kind !== "dropped");
    const first = kept.find(({ kind }) => kind === "stored") ?? kept[0];
    if (first !== undefined)
        return { kind: "stored", id: first.id, duplicate: first.kind === "duplicate" };
    const [dropped] = results;
    const reason = dropped?.kind === "dropped" ? dropped.reason : "nothing";
    return reason === ANSWERED ? { kind: "handled" } : { kind: "dropped", reason };
}
