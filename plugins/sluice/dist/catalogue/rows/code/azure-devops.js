import { defineSender } from "../../sender.js";
const PROJECT = "resource.repository.project.name|resource.pullRequest.repository.project.name|resource.project.name|resource.run.pipeline.project.name";
const MESSAGE = "message.text|detailedMessage.text";
// Builds and runs of pipelines.
const PIPELINE = "resource.definition.name|resource.pipeline.name|resource.run.pipeline.name";
const BUILD_REF = "resource.sourceBranch|resource.run.resources.repositories.self.refName|resource.repositories.0.refName";
const PR = "resource.pullRequest.pullRequestId|resource.pullRequestId";
const REPO = "resource.pullRequest.repository.name|resource.repository.name";
const PR_NAME = [
    `{name:${PROJECT}}/{name:${REPO}} pull request #{count:${PR}}`,
    `{name:${REPO}} pull request #{count:${PR}}`,
];
const toPull = (did) => ({
    line: `Pull request #{count:${PR}} ${did} in {name:${REPO}}[ by {name:resource.createdBy.displayName}]: {ref:resource.sourceRefName} into {ref:resource.targetRefName}`,
    facts: [
        "[status {lower:resource.status}][, merge {name:resource.mergeStatus}][, reviewers {name:resource.reviewers.*.displayName}]",
        "approved by {name:resource.reviewers.*(vote=10,5).displayName}",
        "waits for or was rejected by {name:resource.reviewers.*(vote=-5,-10).displayName}",
        "merged as {short:*(status=completed).lastMergeCommit.commitId}",
    ],
    // The message says what was changed, without anybody's address.
    quotes: { title: "resource.title", message: MESSAGE, description: "resource.description" },
    meta: {
        number: `count:${PR}`,
        ref: "ref:resource.sourceRefName",
        base: "ref:resource.targetRefName",
        project: `name:${PROJECT}`,
    },
    entity: PR_NAME,
    severity: ["resource.mergeStatus"],
    severities: { conflicts: "warning", failure: "error", rejectedbypolicy: "warning" },
    links: [
        "resource._links.web.href",
        `{base:resource.repository.remoteUrl|resource.repository.webUrl}/pullrequest/{count:${PR}}`,
    ],
    at: ["createdDate"],
});
// Of a work item the fields stand in `fields`, after a change in `revision.fields`.
const toField = (name) => ["resource.revision.fields", "resource.fields"].map((at) => `${at}.${name}`).join("|");
const ITEM = "resource.workItemId|resource.id";
const TYPE = `{name:${toField("System\\.WorkItemType")}|=Work item}`;
const toItem = (did) => ({
    line: `${TYPE} #{count:${ITEM}} ${did}[ by {name:resource.revisedBy.displayName|resource.revisedBy.name}]`,
    facts: [
        "state {name:resource.fields.System\\.State.oldValue} to {name:resource.fields.System\\.State.newValue}",
        `[state {name:${toField("System\\.State")}}][, reason {name:${toField("System\\.Reason")}}][, severity {name:${toField("Microsoft\\.VSTS\\.Common\\.Severity")}}][, priority {count:${toField("Microsoft\\.VSTS\\.Common\\.Priority")}}][, project {name:${toField("System\\.TeamProject")}}]`,
    ],
    quotes: {
        title: toField("System\\.Title"),
        comment: toField("System\\.History"),
        "comment after": "resource.fields.System\\.History.newValue",
        message: MESSAGE,
        description: toField("System\\.Description"),
    },
    meta: { item: `count:${ITEM}`, item_state: `name:${toField("System\\.State")}` },
    entity: `work item #{count:${ITEM}}`,
    links: [
        "resource._links.html.href",
        "resource.revision._links.html.href",
        `{base:resource.revision.url}/../../../../../../_workitems/edit/{count:${ITEM}}`,
        `{base:resource.url}/../../../../_workitems/edit/{count:${ITEM}}`,
    ],
    at: ["createdDate"],
});
const RELEASE = {
    line: "Deployment of {name:resource.deployment.release.name|resource.environment.release.name|resource.release.name} to {name:resource.environment.name|resource.deployment.releaseEnvironment.name}: {name:resource.environment.status|resource.deployment.deploymentStatus}",
    facts: [
        "[project {name:resource.project.name}][, pipeline {name:resource.environment.releaseDefinition.name|resource.deployment.releaseDefinition.name|resource.release.releaseDefinition.name}][, by {name:resource.deployment.requestedFor.displayName|resource.environment.owner.displayName}]",
    ],
    quotes: { comment: "resource.comment" },
    entity: "{name:resource.environment.releaseDefinition.name|resource.project.name} in {name:resource.environment.name}",
    stateOf: [
        "resource.project.id|resourceContainers.project.id",
        "resource.environment.releaseDefinition.id|resource.environment.releaseDefinition.name|resource.deployment.releaseDefinition.id",
        "resource.environment.name",
    ],
    stateName: "deployment",
    status: { at: "resource.environment.status|resource.deployment.deploymentStatus" },
    severity: ["resource.environment.status", "resource.deployment.deploymentStatus"],
    links: ["resource.environment.release._links.web.href", "resource.release._links.web.href"],
    at: ["createdDate"],
};
export const sender = defineSender({
    kind: "azure-devops",
    title: "Azure DevOps",
    description: "builds, pipeline runs, deployments, approvals, pull requests, pushes and work items",
    aliases: ["azuredevops", "ado", "tfs"],
    schemes: ["basic", "bearer"],
    id: "id",
    isUnique: true,
    event: ["eventType"],
    actor: {
        id: "resource.createdBy.id|resource.pushedBy.id|resource.requestedFor.id|resource.revisedBy.id|resource.comment.author.id",
        name: "resource.createdBy.displayName|resource.pushedBy.displayName|resource.requestedFor.displayName|resource.revisedBy.displayName|resource.comment.author.displayName",
    },
    repository: [
        "{resource.repository.project.name}/{resource.repository.name}",
        "{resource.pullRequest.repository.project.name}/{resource.pullRequest.repository.name}",
    ],
    common: { at: ["createdDate"], quotes: { message: MESSAGE } },
    events: {
        "build.complete": {
            line: `Build {name:resource.buildNumber} of {name:${PIPELINE}}: {name:resource.result|resource.status}[ on {ref:resource.sourceBranch}][ at {short:resource.sourceVersion}]`,
            facts: [
                "[requested by {name:resource.requestedFor.displayName|resource.requests.0.requestedFor.displayName|resource.lastChangedBy.displayName}][, reason {name:resource.reason}][, project {name:resource.project.name|resource.definition.project.name}][, finished {time:resource.finishTime}]",
                "source {name:resource.sourceGetVersion}",
            ],
            quotes: {},
            meta: {
                pipeline: `name:${PIPELINE}`,
                ref: "ref:resource.sourceBranch",
                sha: "wholesha:resource.sourceVersion",
            },
            entity: [`{name:${PIPELINE}}@{ref:resource.sourceBranch}`, `{name:${PIPELINE}}`],
            stateOf: [
                "resource.project.id|resourceContainers.project.id|resource.definition.name",
                "resource.definition.id|resource.definition.name",
                "resource.sourceBranch|resource.definition.name",
            ],
            status: { at: "resource.result|resource.status" },
            severity: ["resource.result", "resource.status"],
            severities: { stopped: "warning" },
            links: [
                "resource._links.web.href",
                "{base:resource.url}/../../../../_build/results?buildId={count:resource.id}",
                "resource.url",
            ],
            at: ["resource.finishTime", "createdDate"],
        },
        "ms.vss-pipelines.run-state-changed-event": {
            line: `Run {name:resource.run.name|resource.run.id} of {name:${PIPELINE}}: {name:resource.run.result|resource.run.state}[ on {ref:${BUILD_REF}}]`,
            facts: [
                "[finished {time:resource.run.finishedDate}][, by {name:resource.requestedBy.displayName}]",
            ],
            quotes: {},
            meta: { pipeline: `name:${PIPELINE}`, ref: `ref:${BUILD_REF}` },
            entity: [`{name:${PIPELINE}}@{ref:${BUILD_REF}}`, `{name:${PIPELINE}}`],
            stateOf: [
                "resourceContainers.project.id|resource.projectId",
                "resource.run.pipeline.id|resource.pipeline.id",
                `${BUILD_REF}|resource.run.pipeline.name|resource.pipeline.name`,
            ],
            stateName: "run",
            status: { at: "resource.run.result|resource.run.state" },
            running: {
                path: "resource.run.result|resource.run.state",
                words: ["inProgress", "canceling", "unknown"],
            },
            severity: ["resource.run.result"],
            low: ["inprogress", "canceling"],
            links: ["resource.run._links.web.href", "resource._links.web.href", "resource.runUrl"],
        },
        "ms.vss-pipelines.stage-state-changed-event": {
            line: `Stage {name:resource.stage.displayName|resource.stage.name} of {name:${PIPELINE}}: {name:resource.stage.result|resource.stage.state}[, run {name:resource.run.name|resource.run.id}]`,
            facts: ["[attempt {count:resource.stage.attempt}]"],
            quotes: {},
            entity: [`{name:${PIPELINE}}@{ref:${BUILD_REF}}`, `{name:${PIPELINE}}`],
            stateOf: [
                "resourceContainers.project.id|resource.projectId",
                "resource.run.pipeline.id|resource.pipeline.id",
                `${BUILD_REF}|resource.run.pipeline.name|resource.pipeline.name`,
                "resource.stage.name|resource.stage.id",
            ],
            status: { at: "resource.stage.result|resource.stage.state" },
            running: {
                path: "resource.stage.result|resource.stage.state",
                words: [
                    "pending",
                    "running",
                    "notStarted",
                    "waiting",
                    "inProgress",
                    "skipped",
                    "canceling",
                ],
            },
            severity: ["resource.stage.result"],
            normal: ["bad", "waiting"],
            low: ["*"],
            links: ["resource.run._links.web.href", "resource.stage._links.web.href"],
        },
        "ms.vss-pipelinechecks-events.approval-pending": {
            line: `Run {name:resource.run.name|resource.run.id|resource.pipeline.name|=} waits for approval[ of stage {name:resource.stage.name|resource.stageName}][ of {name:${PIPELINE}}]`,
            facts: ["[approvers {name:resource.approval.steps.*.assignedApprover.displayName}]"],
            quotes: { message: MESSAGE, instructions: "resource.approval.instructions" },
            severity: "warning",
            links: ["resource.run._links.web.href", "resource.runUrl"],
        },
        "ms.vss-release.deployment-completed-event": RELEASE,
        "ms.vss-release.deployment-started-event": {
            ...RELEASE,
            severity: "info",
            low: ["*"],
            running: { path: "eventType", words: ["ms.vss-release.deployment-started-event"] },
        },
        "ms.vss-release.deployment-approval-pending-event": {
            line: "Deployment of {name:resource.release.name|resource.approval.release.name} waits for approval[ to {name:resource.approval.releaseEnvironment.name|resource.environment.name}]",
            facts: [
                "[approver {name:resource.approval.approver.displayName}][, {lower:resource.approval.approvalType}][, project {name:resource.project.name}]",
            ],
            quotes: { message: MESSAGE },
            severity: "warning",
            links: ["resource.release._links.web.href"],
        },
        "git.push": {
            line: "Push to {ref:resource.refUpdates.*.name} of {name:resource.repository.name}[: {size:resource.commits} commits][ by {name:resource.pushedBy.displayName}]",
            facts: [
                "[from {short:resource.refUpdates.0.oldObjectId} ]to {short:resource.refUpdates.0.newObjectId}",
            ],
            quotes: { commits: { of: "resource.commits", line: "{comment}" } },
            meta: {
                ref: "ref:resource.refUpdates.0.name",
                sha: "wholesha:resource.refUpdates.0.newObjectId",
            },
            entity: "{name:resource.repository.name}@{ref:resource.refUpdates.0.name}",
            low: ["*"],
            links: [
                "{base:resource.repository.remoteUrl|resource.repository.webUrl}/commit/{exact:resource.refUpdates.0.newObjectId}",
            ],
            at: ["resource.date", "createdDate"],
        },
        "git.pullrequest.created": toPull("created"),
        "git.pullrequest.updated": toPull("updated"),
        "git.pullrequest.merged": { ...toPull("merge attempted"), low: ["succeeded"] },
        "ms.vss-code.git-pullrequest-comment-event": {
            line: `Comment on pull request #{count:${PR}} in {name:${REPO}}[ by {name:resource.comment.author.displayName}]`,
            quotes: {
                comment: "resource.comment.content",
                on: "resource.pullRequest.title",
                message: MESSAGE,
            },
            meta: { number: `count:${PR}` },
            entity: PR_NAME,
            links: [
                "resource.pullRequest._links.web.href",
                `{base:resource.pullRequest.repository.remoteUrl|resource.pullRequest.repository.webUrl}/pullrequest/{count:${PR}}`,
            ],
        },
        "workitem.created": toItem("created"),
        "workitem.updated": { ...toItem("updated"), low: ["*"] },
        "workitem.commented": toItem("commented"),
        "workitem.deleted": { ...toItem("deleted"), low: ["*"] },
        "workitem.restored": { ...toItem("restored"), low: ["*"] },
        "tfvc.checkin": {
            line: "Changeset {count:resource.changesetId} checked in[ by {name:resource.author.displayName}]",
            quotes: { comment: "resource.comment", message: MESSAGE },
            entity: "changeset {count:resource.changesetId}",
            low: ["*"],
        },
    },
    setUp: [
        "Expose the port: cloudflared tunnel --url {origin}",
        "Azure DevOps > Project settings > Service hooks > + > Web Hooks > Next: trigger Build completed (or Run state changed), filters as you like",
        "Action: URL https://<your tunnel>{path}, Basic authentication username and password: what stands before and behind the colon of the credential above; Resource details to send All, Messages to send All",
        "Test: sluice tail shows build.complete; then Finish, and add one for each further event (Pull request created, updated, commented on; Work item created)",
    ],
    retries: "tried again up to eight times within some hours after 408, 502, 503, 504 and timeouts, with the same id; a hook that fails on is put on probation",
    sources: [
        "https://learn.microsoft.com/en-us/azure/devops/service-hooks/events",
        "https://learn.microsoft.com/en-us/azure/devops/service-hooks/services/webhooks",
        "https://learn.microsoft.com/en-us/azure/devops/service-hooks/troubleshoot",
    ],
});
