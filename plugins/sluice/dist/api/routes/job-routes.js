import { Hono } from "../../vendor/hono.js";
import { jobSchema } from "../wire/job-wire.js";
import { body } from "./parse.js";
export function createJobRoutes({ jobs }) {
    return new Hono().post("/jobs", body(jobSchema), async (c) => c.json(await jobs.ended(c.req.valid("json").id)));
}
