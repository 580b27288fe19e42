/**
 * `GET /metrics`: outside of `/v1`, where collectors look for it.
 *
 *   curl --unix-socket ~/.sluice/hub.sock http://localhost/metrics
 */
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { METRICS_TYPE, renderMetrics } from "./metrics.ts";
import type { ApiOptions } from "./options.ts";

export function createMetricsRoutes({ status }: Pick<ApiOptions, "status">) {
  return new Hono<{ Bindings: HttpBindings }>().get("/metrics", (c) =>
    c.body(renderMetrics(status.describe(), process.memoryUsage.rss()), 200, {
      "content-type": METRICS_TYPE,
    }),
  );
}
