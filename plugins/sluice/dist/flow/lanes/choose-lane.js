import { channel } from "./channel.js";
import { monitor } from "./monitor.js";
import { pull } from "./pull.js";
/** In the order in which a client is asked whether they suit it. The last suits every client. */
export const LANES = [channel, monitor, pull];
/** Which lane a client starts on. */
export function chooseLane(client) {
    const forced = LANES.find(({ name }) => name === client.forcedLane);
    if (forced !== undefined && forced.refuses(client) === undefined)
        return forced;
    return LANES.find((lane) => lane.suits(client)) ?? pull;
}
/** One line for people: why `SLUICE_LANE` counts for nothing. Undefined where it counts, or is not set. */
export function explainRefusal(client) {
    const forced = LANES.find(({ name }) => name === client.forcedLane);
    const why = forced?.refuses(client);
    if (forced === undefined || why === undefined)
        return undefined;
    const { name, version } = client;
    return `SLUICE_LANE=${forced.name} is refused: ${why}, and this is ${name} ${version}; it goes on by ${chooseLane(client).name}`;
}
/** Where a session goes on whose client does not listen to the lane that it was on. */
export function chooseFallback({ hasBell }) {
    return hasBell ? { lane: monitor, health: "none" } : { lane: pull, health: "unproven" };
}
/** The lane of a client that has lost its hooks and its bell. */
export const WITHOUT_PLUGIN = pull;
