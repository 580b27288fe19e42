import { Hono } from "../../vendor/hono.js";
import { VERSION } from "../../local/version.js";
import { SluiceError } from "../../sdk/errors.js";
import { createAccessRoutes } from "./access-routes.js";
import { createAgentRoutes } from "./agent-routes.js";
import { createClientRoutes } from "./client-routes.js";
import { createCodeRoutes } from "./code-routes.js";
import { createEventClientRoutes } from "./event-client-routes.js";
import { createEventRoutes } from "./event-routes.js";
import { createFigureRoutes } from "./figure-routes.js";
import { createHostRoutes } from "./host-routes.js";
import { createHubRoutes } from "./hub-routes.js";
import { createJobRoutes } from "./job-routes.js";
import { createPeopleRoutes } from "./people-routes.js";
import { createReachRoutes } from "./reach-routes.js";
import { createReplayRoutes } from "./replay-routes.js";
import { createRequestRoutes } from "./request-routes.js";
import { createSubscriptionRoutes } from "./subscription-routes.js";
import { createWebRoutes } from "./web-routes.js";
import { createAwayRoutes, createPromptRoutes } from "./prompt-routes.js";
import { createRuleRoutes } from "./rule-routes.js";
import { createOutboxRoutes } from "./outbox-routes.js";
import { createMetricsRoutes } from "./metrics.js";
import { answerFault } from "./parse.js";
export function createApi(options) {
    return new Hono()
        .route("/v1", createHubRoutes(options))
        .route("/v1", createHostRoutes(options))
        .route("/v1", createAgentRoutes(options))
        .route("/v1", createReachRoutes(options))
        .route("/v1", createPeopleRoutes(options))
        .route("/v1", createCodeRoutes(options))
        .route("/v1", createJobRoutes(options))
        .route("/v1", createRequestRoutes(options))
        .route("/v1", createEventRoutes(options))
        .route("/v1", createFigureRoutes(options))
        .route("/v1", createReplayRoutes(options))
        .route("/v1", createSubscriptionRoutes(options))
        .route("/v1", createWebRoutes(options))
        .route("/v1", createAccessRoutes(options))
        .route("/v1", createEventClientRoutes(options))
        .route("/v1", createOutboxRoutes(options))
        .route("/v1", createClientRoutes(options))
        .route("/v1", createPromptRoutes(options))
        .route("/v1", createAwayRoutes(options))
        .route("/v1", createRuleRoutes(options))
        .route("/", createMetricsRoutes(options))
        .notFound(() => {
        throw new SluiceError(
        // Not "not_found": a shim takes that for a lease that is over, and would ask for ever.
        "unsupported", `this hub (Sluice ${VERSION}) does not know the call, so who asks is of another version; run "sluice up", then restart the session`);
    })
        .onError((thrown, context) => answerFault(thrown, context));
}
