/**
 * The hub's one HTTP API.
 *
 * Owns: which routes there are. Never: what they do (flow, store, and what the hub passes in).
 * It listens on a Unix socket in a 0700 folder: only the user can open it.
 */
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { VERSION } from "../../local/version.ts";
import { SluiceError } from "../../sdk/errors.ts";
import { createAccessRoutes } from "./access-routes.ts";
import { createAgentRoutes } from "./agent-routes.ts";
import { createClientRoutes } from "./client-routes.ts";
import { createCodeRoutes } from "./code-routes.ts";
import { createEventClientRoutes } from "./event-client-routes.ts";
import { createEventRoutes } from "./event-routes.ts";
import { createFigureRoutes } from "./figure-routes.ts";
import { createHostRoutes } from "./host-routes.ts";
import { createHubRoutes } from "./hub-routes.ts";
import { createJobRoutes } from "./job-routes.ts";
import { createPeopleRoutes } from "./people-routes.ts";
import { createReachRoutes } from "./reach-routes.ts";
import { createReplayRoutes } from "./replay-routes.ts";
import { createRequestRoutes } from "./request-routes.ts";
import { createSubscriptionRoutes } from "./subscription-routes.ts";
import { createWebRoutes } from "./web-routes.ts";
import { createAwayRoutes, createPromptRoutes } from "./prompt-routes.ts";
import { createRuleRoutes } from "./rule-routes.ts";
import { createOutboxRoutes } from "./outbox-routes.ts";
import { createMetricsRoutes } from "./metrics.ts";
import type { ApiOptions } from "./options.ts";
import { answerFault } from "./parse.ts";

export type Api = ReturnType<typeof createApi>;

export function createApi(options: ApiOptions) {
  return new Hono<{ Bindings: HttpBindings }>()
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
        "unsupported",
        `this hub (Sluice ${VERSION}) does not know the call, so who asks is of another version; run "sluice up", then restart the session`,
      );
    })
    .onError((thrown, context) => answerFault(thrown, context));
}
