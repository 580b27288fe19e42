/**
 * Events of builds whose state belongs to an environment: deployment_status.
 *
 * Owns: their wording, severity and priority, and what each is a state of (state.ts). Never: the envelope.
 */
import { joinLine, nameAt, quotesAt, refAt, shaAt, toShortSha, toWords, urlAt, wordAt, } from "../../catalogue/fields.js";
import { toSeverity } from "../../catalogue/severity.js";
import { toEntity, toStateOf } from "./context.js";
import { idAt, isTrueAt, textAt, timeAt } from "../../sdk/json.js";
/** States with which a deployment has not ended. */
const DEPLOYING = ["queued", "pending", "in_progress", "waiting"];
export function describeDeploymentStatus(payload, context) {
    const exact = textAt(payload, "deployment_status.environment") ?? textAt(payload, "deployment.environment");
    const environment = nameAt(payload, "deployment_status.environment") ??
        nameAt(payload, "deployment.environment") ??
        "?";
    const state = wordAt(payload, "deployment_status.state") ?? "changed";
    const ref = refAt(payload, "deployment.ref");
    const sha = shaAt(payload, "deployment.sha");
    const short = toShortSha(sha);
    // It is said of an earlier deployment, once a later one is there: it must not end what the later one told.
    const isPast = state === "inactive" || state === "destroyed";
    const parts = isPast ? [exact, idAt(payload, "deployment.id")] : [exact, ...toDeployed(payload)];
    return {
        summary: `Deployment to ${environment}: ${toWords(state)} in ${context.place} by ${context.login}`,
        facts: [joinLine(ref !== undefined && `ref ${ref}`, short !== undefined && `at ${short}`)],
        quotes: quotesAt(payload, { description: "deployment_status.description" }),
        meta: { environment, state, ref, sha },
        ...toEntity(context, `:env/${environment}`),
        ...toStateOf(context, isPast ? "past_deployment" : "deployment", parts, {
            isWithoutOutcome: DEPLOYING.includes(state),
        }),
        severity: toSeverity(state),
        priority: ["success", "failure", "error"].includes(state) ? "normal" : "low",
        url: urlAt(payload, "deployment_status.log_url", "deployment_status.target_url", "deployment_status.environment_url", "repository.html_url"),
        occurredAt: timeAt(payload, "deployment_status.updated_at") ??
            timeAt(payload, "deployment_status.created_at"),
    };
}
/**
 * What is deployed there, besides where: another task, workflow or app deploys another part of the system, and an environment that is made
 * for a while holds a part for each ref.
 */
function toDeployed(payload) {
    const isTransient = isTrueAt(payload, "deployment.transient_environment");
    return [
        textAt(payload, "deployment.task") ?? "",
        idAt(payload, "workflow_run.workflow_id") ?? idAt(payload, "workflow.id") ?? "",
        idAt(payload, "deployment.performed_via_github_app.id") ?? "",
        isTransient ? textAt(payload, "deployment.ref") : "",
    ];
}
