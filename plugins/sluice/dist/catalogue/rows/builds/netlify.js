import { THEIRS } from "../../schemes.js";
import { defineSender } from "../../sender.js";
const PLACE = "[, branch {ref:branch}][, commit {sha:commit_ref}]";
/** The body is the deploy, whatever happened to it. */
const DEPLOY = {
    facts: [
        "[context {lower:context}][, commit by {name:committer}][, took {seconds:deploy_time}][, pull request #{count:review_id}]",
        "commit: {link:commit_url}",
    ],
    quotes: {
        error: "error_message",
        title: "title",
        messages: { of: "summary.messages", line: "{title}[: {description}]" },
    },
    meta: { site: "name:name", context: "name:context", ref: "ref:branch", deploy: "id:id" },
    entity: ["{name:name}@{ref:branch}", "{name:name}"],
    stateOf: ["site_id|name", "context", "branch|name"],
    stateName: "deploy",
    running: {
        path: "state",
        words: "new pending_review accepted enqueued building uploading uploaded preparing prepared processing processed retrying".split(" "),
    },
    severity: ["state"],
    severities: { rejected: "warning" },
    links: ["{base:admin_url}/deploys/{exact:id}", "admin_url", "deploy_ssl_url", "ssl_url"],
    at: ["updated_at", "published_at", "created_at"],
};
export const sender = defineSender({
    kind: "netlify",
    title: "Netlify",
    description: "deploys as they start, succeed, fail and wait for approval, and form submissions",
    schemes: ["netlify"],
    ownSchemes: {
        netlify: {
            title: "Netlify",
            algorithm: "jws-hs256",
            encoding: "jws",
            signed: "jws",
            bodyClaim: "sha256",
            claims: { iss: "netlify" },
            timestamp: "none",
            key: THEIRS,
            proof: { header: "x-webhook-signature", prefix: "", separator: "" },
            deliveryId: "none",
        },
    },
    event: ["$header.x-netlify-event|state"],
    action: "state",
    actor: { id: "user_id", name: "committer" },
    repository: ["{commit_url}"],
    common: DEPLOY,
    events: {
        deploy_building: { line: `Deploy of {name:name} started${PLACE}`, low: ["*"] },
        deploy_created: {
            line: `Deploy of {name:name} succeeded${PLACE}`,
            status: { at: "state", closed: ["ready"] },
        },
        deploy_failed: {
            line: `Deploy of {name:name} failed${PLACE}`,
            severity: "error",
            status: { at: "state" },
        },
        deploy_locked: { line: `Site {name:name} locked to a deploy${PLACE}`, stateName: "lock" },
        deploy_unlocked: {
            line: `Site {name:name} unlocked: new deploys go live${PLACE}`,
            stateName: "lock",
        },
        deploy_restored: { line: `Site {name:name} put back to an earlier deploy${PLACE}` },
        deploy_deleted: { line: `Deploy of {name:name} deleted${PLACE}`, low: ["*"] },
        deploy_request_pending: {
            line: `Deploy of {name:name} waits for approval${PLACE}`,
            severity: "warning",
        },
        deploy_request_accepted: { line: `Deploy of {name:name} approved${PLACE}`, low: ["*"] },
        deploy_request_rejected: {
            line: `Deploy of {name:name} rejected${PLACE}`,
            severity: "warning",
        },
        submission_created: {
            line: 'Form "{name:form_name|data.form-name}" submitted[ on {host:site_url}]',
            facts: ["[number {count:number}][, by {name:name}][, {name:company}]"],
            quotes: { title: "title", message: "body|data.message|summary" },
            entity: "form {name:form_name|data.form-name}",
            severity: "info",
            links: ["site_url"],
            at: ["created_at"],
        },
        "*": { line: `Deploy of {name:name}: {did}${PLACE}` },
    },
    setUp: [
        "Expose the port: cloudflared tunnel --url {origin}",
        "Netlify > your project > Project configuration > Notifications > Emails and webhooks > Add notification > HTTP POST request: URL to notify https://<your tunnel>{path}, JWS secret token as above",
        "Add one for each event: Deploy failed, Deploy succeeded, Deploy request pending",
        "Trigger a deploy: sluice tail shows deploy_created",
    ],
    retries: "not documented",
    sources: ["https://docs.netlify.com/site-deploys/notifications/"],
});
