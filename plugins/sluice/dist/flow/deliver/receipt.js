export function toReceipts(open, signal, findLane) {
    return open.flatMap((delivery) => {
        const outcome = judge(delivery, signal, findLane);
        return outcome === undefined ? [] : [{ delivery, ...outcome }];
    });
}
function judge(delivery, signal, findLane) {
    const offered = delivery.state === "offered";
    switch (signal.kind) {
        case "named":
            return offered && isNamed(delivery, signal.events)
                ? { to: "seen", reason: "a tool call named it" }
                : undefined;
        case "read":
            return offered && isNamed(delivery, signal.events)
                ? { to: "seen", reason: "its host says that it was read" }
                : undefined;
        case "session-end":
            return {
                to: "back",
                reason: offered
                    ? "the session ended before its turn did"
                    : "the session ended without an answer",
            };
        case "lost":
            return offered && signal.deliveries.includes(delivery.id)
                ? { to: "back", reason: signal.reason }
                : undefined;
        default:
            return offered ? findLane(delivery.lane)?.judge(delivery, signal) : undefined;
    }
}
function isNamed({ event, mergedInto, carriedBy }, named) {
    return [event, mergedInto, carriedBy].some((id) => id !== null && named.includes(id));
}
