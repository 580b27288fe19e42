import { OWN_CHECK } from "../../ingress/local-program.js";
import { SluiceError } from "../../sdk/errors.js";
import { Secret } from "../../sdk/secret.js";
import { openVerifier } from "../../verify/verifier.js";
import { HANDLED } from "./handled.js";
const BURST_SECONDS = 10;
/** By address. @throws SluiceError `bad_secret`, `bad_config`. */
export function openDoors(needs) {
    const { config, outline, secrets } = needs;
    const doors = new Map();
    for (const source of listWebhooks(outline))
        doors.set(config.name + source.suffix, toDoor(needs, toDefinition(needs, source), toVerifier(needs, source)));
    if (secrets.listen === undefined || doors.has(config.name))
        return doors;
    // The stream alone: what is posted there is refused.
    const closed = {
        maxBodyBytes: 1,
        receive: () => ({ kind: "refuse", status: 400, reason: "nothing is received here" }),
    };
    const verifier = openVerifier({
        scheme: "bearer",
        credentials: [{ keyId: "listen", secret: secrets.listen }],
    });
    return doors.set(config.name, toDoor(needs, closed, verifier));
}
export function listWebhooks({ sources }) {
    return sources.filter((source) => source.type === "webhook");
}
function toDoor({ config, secrets }, definition, verifier) {
    return {
        name: config.name,
        definition,
        options: { name: config.name, twoWay: config.twoWay },
        verifier,
        paused: config.paused,
        ratePerSecond: config.rate,
        burst: Math.max(1, config.rate * BURST_SECONDS),
        ...(secrets.listen === undefined ? {} : { listenToken: secrets.listen }),
    };
}
/** DOOR-1 */
function toVerifier({ config, secrets }, { proof, name }) {
    switch (proof.kind) {
        case "local":
            return "unsigned";
        case "own":
            return OWN_CHECK;
        case "made":
            return openVerifier({
                scheme: "bearer",
                credentials: secrets.keys.map(({ id, secret }) => ({ keyId: id, secret })),
            });
        case "scheme": {
            const credentials = proof.secrets.flatMap((key) => {
                const value = secrets.named?.[key];
                return value === undefined ? [] : [{ keyId: key, secret: new Secret(value) }];
            });
            if (credentials.length === 0)
                throw new SluiceError("bad_secret", `channel ${config.name}: no secret of its webhook ${name} is set (${proof.secrets.join(", ")}); remove the channel and add it again with it`);
            const header = proof.header === undefined ? {} : { header: proof.header };
            return openVerifier({ scheme: proof.scheme, credentials, ...header });
        }
        default:
            return proof;
    }
}
function toDefinition({ channel, take }, source) {
    return {
        maxBodyBytes: source.maxBodyBytes,
        async receive(request) {
            const received = await channel.receive(source.name, request, source.timeoutMs);
            switch (received.kind) {
                case "ignore":
                    return received;
                case "refuse":
                    return received.status === 401
                        ? { kind: "dropped", reason: "own_check" }
                        : { kind: "refuse", status: received.status, reason: received.reason };
                case "arrivals":
                    if (received.arrivals.length === 0)
                        return { kind: "ignore", reason: "nothing came of it" };
                    return toOutcome(await take(received.arrivals));
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
    const reason = dropped?.kind === "dropped" ? dropped.reason : "ignored";
    return reason === HANDLED ? { kind: "handled" } : { kind: "dropped", reason };
}
