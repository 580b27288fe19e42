/**
 * Argo CD's notifications, by the template of the set-up or a user's own, as data.
 */
import { defineSender } from "../../sender.js";
// The whole Application, or the flat names that people give in templates of their own.
const APP = "app.metadata.name|application.metadata.name|metadata.name|app|application|appName|app_name|name";
const STATUS = "app.status|application.status".split("|").concat("status");
const each = (rest) => STATUS.map((at) => `${at}.${rest}`).join("|");
const SYNC = `${each("sync.status")}|syncStatus|sync_status|sync`;
const HEALTH = `${each("health.status")}|healthStatus|health_status|health`;
const PHASE = `${each("operationState.phase")}|phase|operationPhase|state`;
const REVISION = `${each("operationState.syncResult.revision")}|${each("sync.revision")}|revision|commit|sha`;
const REPO = "app.spec.source.repoURL|app.spec.sources.0.repoURL|repoURL|repo|repository";
const FINISHED = `${each("operationState.finishedAt")}|finishedAt|${each("health.lastTransitionTime")}|${each("operationState.startedAt")}|startedAt`;
/** What is wrong with it comes before how its last operation went. */
const HOW = `${STATUS.map((at) => `${at}.*(status=Degraded,Missing).status`).join("|")}|${PHASE}|${HEALTH}`;
export const sender = defineSender({
    kind: "argocd",
    title: "Argo CD",
    description: "applications as their sync fails or succeeds and their health degrades and recovers",
    aliases: ["argo-cd", "argo"],
    schemes: ["bearer", "token-header"],
    isUnique: FINISHED,
    event: ["=application", HOW],
    repository: [`{${REPO}}`],
    events: {
        application: {
            line: `Application {name:${APP}}: [last sync {name:${PHASE}}, ]now [{name:${SYNC}} and ]{name:${HEALTH}|=of unknown health}[, revision {short:${REVISION}}]`,
            facts: [
                `[project {name:app.spec.project|project}][, namespace {name:app.spec.destination.namespace|namespace}][, cluster {name:app.spec.destination.name|app.spec.destination.server}][, by {name:app.status.operationState.operation.initiatedBy.username}]`,
                `manifests: {link:${REPO}}`,
            ],
            quotes: {
                "not healthy": {
                    of: "app.status.resources.*(health.status=Degraded,Missing,Unknown)",
                    line: "{kind} {name}[: {health.message}]",
                },
                message: `${each("operationState.message")}|message|description|text`,
                health: each("health.message"),
                conditions: { of: "app.status.conditions", line: "{type}: {message}" },
                "failed resources": {
                    of: "app.status.operationState.syncResult.resources.*(status=SyncFailed)",
                    line: "{kind} {name}: {message}",
                },
            },
            meta: { application: `name:${APP}`, sync: `name:${SYNC}`, health: `name:${HEALTH}` },
            entity: `application {name:${APP}}`,
            stateOf: [
                `app.metadata.namespace|application.metadata.namespace|metadata.namespace|namespace|${APP}`,
                APP,
            ],
            status: {
                at: HOW,
                open: ["degraded", "missing"],
                closed: ["succeeded", "healthy", "success"],
            },
            running: { path: PHASE, words: ["Running", "Terminating"] },
            severity: [HOW],
            severities: { degraded: "error", missing: "warning", unknown: "warning" },
            low: ["running", "progressing"],
            links: [
                "url",
                "link",
                "titleLink",
                "target_url",
                "{base:context.argocdUrl}/applications/{exact:app.metadata.name}",
            ],
            at: FINISHED.split("|"),
        },
    },
    setUp: [
        "Where Argo CD runs elsewhere, expose the port: cloudflared tunnel --url {origin}",
        'kubectl -n argocd patch secret argocd-notifications-secret --type merge -p \'{"stringData":{"sluice-token":"<the token above>"}}\'',
        'In the ConfigMap argocd-notifications-cm: service.webhook.sluice: | with url: https://<your tunnel>{path} and headers: [{ name: Authorization, value: "Bearer $sluice-token" }, { name: Content-Type, value: application/json }]',
        'There too: template.sluice: | with webhook: { sluice: { method: POST, body: \'{"app":{{toJson .app}},"url":"{{.context.argocdUrl}}/applications/{{.app.metadata.name}}"}\' } }',
        "There too, a trigger each, all with send: [sluice]: trigger.on-sync-failed (when: app.status.operationState != nil and app.status.operationState.phase in ['Error', 'Failed']), trigger.on-health-degraded (when: app.status.health.status == 'Degraded'), trigger.on-deployed (when: app.status.operationState != nil and app.status.operationState.phase == 'Succeeded' and app.status.health.status == 'Healthy')",
        'Subscribe an application: metadata.annotations: { notifications.argoproj.io/subscribe.on-sync-failed.sluice: "" } and the same for the others; its next sync shows in sluice tail',
    ],
    retries: "three attempts by default (retryMax of the service), seconds apart",
    sources: [
        "https://argo-cd.readthedocs.io/en/stable/operator-manual/notifications/services/webhook/",
        "https://argo-cd.readthedocs.io/en/stable/operator-manual/notifications/catalog/",
    ],
});
