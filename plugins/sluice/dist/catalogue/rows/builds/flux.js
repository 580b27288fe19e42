/**
 * Flux' generic providers, as data.
 */
import { BODY_HEX } from "../../schemes.js";
import { defineSender } from "../../sender.js";
export const sender = defineSender({
    kind: "flux",
    title: "Flux",
    description: "Kustomizations, HelmReleases and sources as they fail and are reconciled",
    aliases: ["fluxcd"],
    schemes: ["flux", "bearer"],
    ownSchemes: {
        flux: {
            ...BODY_HEX,
            title: "Flux",
            proof: { header: "x-signature", prefix: "sha256=", separator: "" },
            deliveryId: "none",
        },
    },
    isUnique: true,
    event: ["involvedObject.kind", "reason"],
    events: {
        "*": {
            line: "{name:involvedObject.kind} [{name:involvedObject.namespace}/]{name:involvedObject.name}: {name:reason}[, severity {lower:severity}]",
            facts: [
                "[{pairs:metadata}]",
                "[from {name:relatedObject.kind} {name:relatedObject.name}][, told by {name:reportingController}]",
            ],
            quotes: { message: "message" },
            meta: {
                object: "name:involvedObject.name",
                namespace: "name:involvedObject.namespace",
                reason: "name:reason",
            },
            entity: "{name:involvedObject.kind} [{name:involvedObject.namespace}/]{name:involvedObject.name}",
            stateName: "object",
            stateOf: [
                "involvedObject.kind",
                "involvedObject.namespace|involvedObject.kind",
                "involvedObject.name",
                "metadata.cluster|metadata.env|involvedObject.kind",
            ],
            status: {
                at: "reason",
                closed: [
                    "reconciliationsucceeded",
                    "installsucceeded",
                    "upgradesucceeded",
                    "rollbacksucceeded",
                    "testsucceeded",
                    "uninstallsucceeded",
                    "newartifact",
                    "succeeded",
                    "artifactuptodate",
                ],
            },
            running: {
                path: "reason",
                words: [
                    "Progressing",
                    "ProgressingWithRetry",
                    "DependencyNotReady",
                    "DriftDetected",
                    "DriftCorrected",
                    "GarbageCollectionSucceeded",
                    "info",
                ],
            },
            severity: ["severity"],
            normal: ["bad"],
            low: ["*"],
            at: ["timestamp"],
        },
    },
    setUp: [
        "Where the cluster runs elsewhere, expose the port: cloudflared tunnel --url {origin}",
        "kubectl -n flux-system create secret generic sluice --from-literal=token='<the secret above>' --from-literal=address=https://<your tunnel>{path}",
        "Apply a Provider (apiVersion notification.toolkit.fluxcd.io/v1beta3) named sluice in flux-system with spec: { type: generic-hmac, secretRef: { name: sluice } }",
        "Apply an Alert there with spec: { providerRef: { name: sluice }, eventSeverity: info, eventSources: [{ kind: Kustomization, name: '*' }, { kind: HelmRelease, name: '*' }] } (error in place of info for failures only)",
        "flux reconcile kustomization flux-system: sluice tail shows Kustomization.ReconciliationSucceeded",
    ],
    retries: "four more attempts, seconds apart; the same event is told once in five minutes",
    sources: [
        "https://fluxcd.io/flux/components/notification/providers/#generic-webhook-with-hmac",
        "https://fluxcd.io/flux/components/notification/events/",
    ],
});
