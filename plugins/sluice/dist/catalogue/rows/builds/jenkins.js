import { defineSender } from "../../sender.js";
const REF = "build.scm.branch|build.parameters.branch|build.parameters.BRANCH";
const PLACE = `[ on {ref:${REF}}][ at {sha:build.scm.commit}][ in {repository}]`;
const JOB = "{name:display_name|name}";
const OWN_JOB = "job_name|jobName|JOB_NAME|job|name|project|projectName";
const OWN_NUMBER = "build_number|buildNumber|BUILD_NUMBER|number|build_id";
const OWN_STATUS = "status|result|build_status|buildStatus|currentResult";
/** What has ended, before and after its post-build steps: one state. */
const ENDED = {
    line: `Build #{count:build.number} of ${JOB}: {lower:build.status}${PLACE}`,
    facts: [
        "phase {lower:build.phase}[, failed tests {some:build.test_summary.failed} of {count:build.test_summary.total}][, took {ms:build.duration}][, changes by {name:build.scm.culprits.*}]",
        "[parameters {pairs:build.parameters}]",
        "changed files: {path:build.scm.changes.*}",
    ],
    quotes: {
        "failed tests": "build.test_summary.failed_tests.*",
        notes: "build.notes",
        log: { end: "build.log" },
    },
    meta: {
        job: "name:name",
        build: "count:build.number",
        ref: `ref:${REF}`,
        sha: "wholesha:build.scm.commit",
    },
    entity: [`{repository} ${JOB}@{ref:${REF}}`, `${JOB}@{ref:${REF}}`, JOB],
    // Runs with other parameters build another thing.
    stateOf: ["url|name", `${REF}|name`, "build.parameters.*|name"],
    stateName: "build",
    status: { at: "build.status" },
    severity: ["build.status"],
    severities: { aborted: "warning", not_built: "info" },
    links: ["build.full_url"],
    at: ["build.timestamp"],
};
export const sender = defineSender({
    kind: "jenkins",
    title: "Jenkins",
    description: "builds as they start and end, from the Notification plugin",
    // The plugin can set nothing but a URL.
    schemes: ["path", "query"],
    isUnique: true,
    event: ["build.phase", "build.status"],
    repository: ["{build.scm.url}"],
    events: {
        FINALIZED: ENDED,
        COMPLETED: ENDED,
        STARTED: {
            line: `Build #{count:build.number} of ${JOB} started${PLACE}`,
            facts: ["parameters {pairs:build.parameters}", "changed files: {path:build.scm.changes.*}"],
            entity: ENDED.entity ?? JOB,
            low: ["*"],
            links: ["build.full_url"],
            at: ["build.timestamp"],
        },
        QUEUED: {
            line: `Build #{count:build.number} of ${JOB} queued${PLACE}`,
            facts: ["parameters {pairs:build.parameters}"],
            entity: ENDED.entity ?? JOB,
            low: ["*"],
            links: ["build.full_url"],
            at: ["build.timestamp"],
        },
        // What a Jenkinsfile or another plugin posts.
        "*": {
            line: `Build[ #{name:${OWN_NUMBER}}] of {name:${OWN_JOB}}: {lower:${OWN_STATUS}}`,
            rest: { fields: "" },
            entity: `{name:${OWN_JOB}}`,
            severity: OWN_STATUS.split("|"),
            severities: { aborted: "warning", not_built: "info" },
            links: ["url", "build_url", "buildUrl", "BUILD_URL", "full_url"],
        },
        NONE: {
            ...ENDED,
            line: `Build #{count:build.number} of ${JOB}: a step notified[, {lower:build.status}]${PLACE}`,
        },
    },
    setUp: [
        "Where Jenkins runs elsewhere, expose the port: cloudflared tunnel --url {origin} (on this machine use {url}/<the secret above>)",
        "Jenkins > Manage Jenkins > Plugins: install Notification",
        "Your job > Configure > Job Notifications > Add Endpoint: Format JSON, Protocol HTTP, Event Job Finalized, URL https://<your tunnel>{path}/<the secret above> (better kept as a Secret text: URL Source > Secret), Log 10",
        "In a Jenkinsfile: options { notifyEndpoint or properties([[$class: 'HudsonNotificationProperty', endpoints: [[protocol: 'HTTP', format: 'JSON', event: 'finalized', loglines: 10, urlInfo: [urlType: 'SECRET', urlOrId: 'sluice-url']]]]]) }",
        "Build Now: sluice tail shows FINALIZED",
    ],
    retries: "as often as Retries of the endpoint says (none by default), at once",
    sources: [
        "https://plugins.jenkins.io/notification/",
        "https://github.com/jenkinsci/notification-plugin/tree/master/src/main/java/com/tikal/hudson/plugins/notification",
    ],
});
