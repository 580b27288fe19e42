/**
 * What a turn has used, from the sums that the SDK tells of a whole conversation.
 *
 * Owns: the difference to what was counted before. Never: decides whether a day has some left.
 */
import { countAt } from "../sdk/json.js";
const TOKENS = [
    "inputTokens",
    "outputTokens",
    "cacheReadInputTokens",
    "cacheCreationInputTokens",
];
/**
 * The sums of a result of the SDK. Both zero: it tells none.
 * @example toSums({ total_cost_usd: 0.5, modelUsage: { opus: { inputTokens: 3 } } }) // { tokens: 3, dollars: 0.5 }
 */
export function toSums(result) {
    const dollars = result["total_cost_usd"];
    const models = result["modelUsage"];
    const tokens = Object.values(models ?? {}).flatMap((model) => TOKENS.map((name) => countAt(model, name) ?? 0));
    return {
        tokens: tokens.reduce((sum, one) => sum + one, 0),
        dollars: typeof dollars === "number" && Number.isFinite(dollars) ? Math.max(0, dollars) : 0,
    };
}
/** A sum that has fallen began anew (the transcript kept none): all of it is new. One of zero tells nothing, and changes nothing. */
export function toNewUse(sums, counted) {
    const tokens = toDifference(sums.tokens, counted.tokens);
    const dollars = toDifference(sums.dollars, counted.dollars);
    return {
        used: { tokens, dollars },
        counted: {
            tokens: sums.tokens === 0 ? counted.tokens : sums.tokens,
            dollars: sums.dollars === 0 ? counted.dollars : sums.dollars,
        },
    };
}
function toDifference(sum, counted) {
    return sum < counted ? sum : sum - counted;
}
