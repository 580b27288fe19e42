/** For "next" in the status: nothing while it is well, or just started. */
export function toTunnelSteps(tunnel) {
    if (tunnel === undefined || tunnel.state === "up" || tunnel.state === "starting")
        return [];
    const { by, state, reason = "unknown" } = tunnel;
    const name = by === "own" ? "your tunnel" : `the tunnel (${by})`;
    return [
        state === "down"
            ? `${name} is down: ${reason}`
            : `${name} was not reached from outside yet: ${reason}`,
    ];
}
