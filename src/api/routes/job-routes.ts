/**
 * Routes of jobs: a command under `sluice run` has ended.
 */
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { jobSchema } from "../wire/job-wire.ts";
import type { ApiOptions } from "./options.ts";
import { body } from "./parse.ts";

export function createJobRoutes({ jobs }: Pick<ApiOptions, "jobs">) {
  return new Hono<{ Bindings: HttpBindings }>().post("/jobs", body(jobSchema), async (c) =>
    c.json(await jobs.ended(c.req.valid("json").id)),
  );
}
