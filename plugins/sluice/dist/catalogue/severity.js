/**
 * How bad the word of a sender is: a conclusion, a state, a level, a priority.
 *
 * Owns: one reading for all senders. Never: whether anybody is woken for it.
 */
/**
 * https://docs.github.com/en/rest/checks/runs, https://docs.github.com/en/rest/dependabot/alerts,
 * https://docs.sentry.io/organization/integrations/integration-platform/webhooks/, https://support.pagerduty.com/main/docs/incident-priority,
 * https://support.atlassian.com/opsgenie/docs/what-is-an-opsgenie-alert/, https://docs.datadoghq.com/integrations/webhooks/
 */
const ERRORS = "failure startup_failure error errored failed failing fail critical crit high fatal emergency emerg alert disaster page sev0 sev1 sev-0 sev-1 p0 p1 p2 down broken crashed unhealthy infrastructure_fail alarm firing alerting triggered major major_outage partial_outage highest blocker urgent failed_with_errors degraded_with_errors";
const WARNINGS = "cancelled canceled canceling timed_out timedout timeout unauthorized action_required rejected invalidated off_track medium moderate warning warn p3 sev2 sev3 sev-2 sev-3 minor degraded degraded_performance unstable not_run partially_succeeded partiallysucceeded insufficient_data no_data nodata declined past_due";
const SEVERITIES = new Map([
    ...ERRORS.split(" ").map((word) => [word, "error"]),
    ...WARNINGS.split(" ").map((word) => [word, "warning"]),
]);
/** A word that is not known here says nothing. */
export function toSeverity(word, own = {}) {
    if (word === undefined || word.length > 64)
        return "info";
    const key = toKey(word);
    return (Object.hasOwn(own, key) ? own[key] : SEVERITIES.get(key)) ?? "info";
}
/** `Timed Out`, `TIMED_OUT` and `timed-out` are one word. */
export function toKey(word) {
    return word.trim().toLowerCase().replaceAll(" ", "_");
}
