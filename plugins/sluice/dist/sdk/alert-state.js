/**
 * Whether an event whose sender names no `stateOf` tells the state of an alert all the same.
 *
 * Owns: the words that only an alert uses of itself. Never: `success` and `failure`: several builds say them of one pull request, and
 * one's success would end another's failure.
 */
export const OF_ALERTS = /^(firing|alerting|triggered|resolved|recovered|closed|ok|fixed)$/i;
/** The alert itself, which is the entity; undefined where the event is no state of it. */
export function toAlertState(entity, status) {
    return OF_ALERTS.test(status ?? "") ? entity : undefined;
}
