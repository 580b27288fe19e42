/**
 * What travels between `sluice run` and the hub.
 *
 * Owns: the shape of a question and its answer. Never: the record itself, which lies in the home (local/job-record.ts).
 */
import { z } from "../../vendor/zod.js";
/** A command has ended: its record lies in the home. */
export const jobSchema = z.strictObject({
    id: z.string().regex(/^job_[0-9a-z]{26}$/, "must be the id of a job"),
});
