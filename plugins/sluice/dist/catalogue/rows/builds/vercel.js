/**
 * Vercel's webhooks of teams and integrations, as data.
 */
import { BODY_HEX } from "../../schemes.js";
import { defineSender } from "../../sender.js";
const META = "payload.deployment.meta";
const REF = `${META}.githubCommitRef|${META}.gitlabCommitRef|${META}.bitbucketCommitRef|${META}.gitCommitRef`;
const SHA = `${META}.githubCommitSha|${META}.gitlabCommitSha|${META}.bitbucketCommitSha|${META}.gitCommitSha`;
const AUTHOR = `${META}.githubCommitAuthorLogin|${META}.githubCommitAuthorName|${META}.gitlabCommitAuthorLogin|${META}.gitlabCommitAuthorName|${META}.bitbucketCommitAuthorName|${META}.gitCommitAuthorName`;
const PROJECT = "payload.name|payload.deployment.name|payload.project.name|payload.project.id";
export const sender = defineSender({
    kind: "vercel",
    title: "Vercel",
    description: "deployments as they fail, become ready and are promoted, attacks, alerts, projects",
    schemes: ["vercel"],
    ownSchemes: {
        vercel: {
            ...BODY_HEX,
            title: "Vercel",
            // SHA-1 is all that it signs with.
            algorithm: "hmac-sha1",
            proof: { header: "x-vercel-signature", prefix: "", separator: "" },
            deliveryId: "none",
        },
    },
    secretPrompt: "the webhook's secret (Vercel shows it once, when the webhook is created under your team > Settings > Webhooks; its endpoint is https://<your tunnel>/in/vercel)",
    id: "id",
    event: ["type"],
    actor: { id: "payload.user.id", name: `payload.user.username|payload.user.name|${AUTHOR}` },
    repository: [
        `{${META}.githubOrg}/{${META}.githubRepo}`,
        `{${META}.githubCommitOrg}/{${META}.githubCommitRepo}`,
        `{${META}.gitlabProjectPath}`,
        `{${META}.bitbucketRepoOwner}/{${META}.bitbucketRepoSlug}`,
    ],
    common: { at: ["createdAt"] },
    events: {
        deployment: {
            line: {
                error: `Deployment of {name:${PROJECT}} failed[, target {lower:payload.target}][, branch {ref:${REF}}][ at {short:${SHA}}]`,
                "*": `Deployment of {name:${PROJECT}} {did}[, target {lower:payload.target}][, branch {ref:${REF}}][ at {short:${SHA}}]`,
            },
            facts: [
                `[commit by {name:${AUTHOR}}][, at {name:payload.url|payload.deployment.url}][, aliases {name:payload.alias.*}]`,
            ],
            quotes: {
                error: "payload.deployment.errorMessage|payload.errorMessage|payload.deployment.error.message|payload.error.message",
                commit: `${META}.githubCommitMessage|${META}.gitlabCommitMessage|${META}.bitbucketCommitMessage|${META}.gitCommitMessage`,
                check: "payload.check.name",
            },
            meta: {
                project: `name:${PROJECT}`,
                target: "name:payload.target",
                ref: `ref:${REF}`,
                deployment: "id:payload.deployment.id",
            },
            entity: [
                `{name:${PROJECT}} {lower:payload.target}`,
                `{name:${PROJECT}}@{ref:${REF}}`,
                `{name:${PROJECT}}`,
            ],
            // What is no production has no target: there the branch is what is deployed.
            stateOf: [
                `payload.project.id|payload.projectId|${PROJECT}`,
                "payload.target|payload.type|payload.deployment.name",
                `${REF}|payload.deployment.name|payload.name`,
            ],
            running: {
                path: "type",
                words: [
                    "deployment.created",
                    "deployment.ready",
                    "deployment.check-rerequested",
                    "deployment.integration.action.start",
                    "deployment.integration.action.cancel",
                    "deployment.integration.action.cleanup",
                    "deployment.cleanup",
                ],
            },
            severity: ["type"],
            severities: {
                "deployment.error": "error",
                "deployment.checks.failed": "error",
                "deployment.canceled": "warning",
                "deployment.rollback": "warning",
            },
            low: ["created", "ready", "cleanup", "check-rerequested", "integration.action.start"],
            links: [
                "payload.links.deployment",
                "payload.deployment.inspectorUrl",
                "payload.links.project",
                "https://{exact:payload.url|payload.deployment.url}",
            ],
        },
        firewall: {
            line: "Firewall: {did}[ on {name:payload.project.name|payload.projectName|payload.projectId}]",
            severity: "warning",
        },
        attack: {
            line: "Attack {did}[ on {name:payload.project.name|payload.projectName|payload.projectId}]",
            severity: "warning",
        },
        alerts: {
            line: "Alert {did}[: {name:payload.alert.title|payload.alert.name|payload.title}][ on {name:payload.project.name|payload.projectName|payload.projectId}]",
            severity: "warning",
        },
        budget: {
            line: "Budget {did}[: {number:payload.currentSpend} of {number:payload.budgetAmount}]",
            severity: "warning",
        },
        project: {
            line: "Project {name:payload.project.name|payload.name|payload.project.id} {did}",
            facts: [
                "[by {name:payload.user.username|payload.user.name}][, team {name:payload.team.name}]",
            ],
            entity: "project {name:payload.project.name|payload.name|payload.project.id}",
            links: ["payload.links.project"],
            low: ["*"],
        },
        domain: {
            line: "Domain {name:payload.domain.name|payload.name} {did}",
            entity: "domain {name:payload.domain.name|payload.name}",
            low: ["created", "renewal"],
        },
    },
    setUp: [
        "Expose the port: cloudflared tunnel --url {origin}",
        "Vercel > your team > Settings > Webhooks (Pro or Enterprise): Endpoint URL https://<your tunnel>{path}, choose the projects",
        "Events: Deployment Error, Deployment Succeeded, Deployment Promoted, Deployment Canceled (and Attack Detected)",
        "Create Webhook, copy the secret that is shown once, and give it to sluice add",
        "Deploy any branch: sluice tail shows deployment.created",
    ],
    retries: "30 s for an answer; without a 2xx again for up to 24 h, with the same id",
    sources: ["https://vercel.com/docs/webhooks", "https://vercel.com/docs/webhooks/webhooks-api"],
});
