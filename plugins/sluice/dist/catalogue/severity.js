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
/** Words that say that nothing is bad. */
const CALM = "info information informational notice debug trace log low lowest none normal trivial p4 p5 sev4 sev5 ok okay up success successful succeeded completed complete passed pass healthy green resolved recovered closed active ready open opened created pending running started queued in_progress paid approved merged unknown";
const SEVERITIES = new Map([
    ...ERRORS.split(" ").map((word) => [word, "error"]),
    ...WARNINGS.split(" ").map((word) => [word, "warning"]),
    ...CALM.split(" ").map((word) => [word, "info"]),
]);
/** A word that is not known here says nothing. */
export function toSeverity(word, own = {}) {
    return findSeverity(word, own) ?? "info";
}
/** Undefined for a word that is not known here. */
export function findSeverity(word, own = {}) {
    if (word === undefined || word.length > 64)
        return undefined;
    const key = toKey(word);
    return Object.hasOwn(own, key) ? own[key] : SEVERITIES.get(key);
}
const BAD_NAMES = /^(?:fail(?:ed|s|ure|ing)?|error(?:ed|s)?|unsuccessful|crash(?:ed)?|unhealthy|fatal|critical|exhausted|bounced|timeout|degraded|expired)$/;
const WARNING_NAMES = /^(?:bounced|timeout|degraded|expired)$/;
const CALM_NAMES = /^(?:resolved?|recover(?:ed|y)|fixed|cleared|succeeded|success(?:ful)?|closed?|ok|passed|healthy|restored|deleted|removed|dismissed|no|un\w{3,}ed)$/;
/** Of an event's name: `setup_intent.setup_failed`, `ResourceWriteFailure`. What takes back says that nothing is bad any more. */
export function toNameSeverity(event) {
    const words = event
        .slice(0, 200)
        .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
        .toLowerCase()
        .split(/[^a-z]+/);
    if (words.some((word) => CALM_NAMES.test(word)))
        return "info";
    const bad = words.filter((word) => BAD_NAMES.test(word));
    if (bad.length === 0)
        return "info";
    return bad.every((word) => WARNING_NAMES.test(word)) ? "warning" : "error";
}
/** `Timed Out`, `TIMED_OUT` and `timed-out` are one word. */
export function toKey(word) {
    return word.trim().toLowerCase().replaceAll(" ", "_");
}
