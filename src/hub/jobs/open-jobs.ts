/**
 * What is told of jobs: ends of commands, and of other sessions' turns.
 *
 * Owns: opening both. Never: their work.
 */
import type { Core } from "../core.ts";
import { Jobs, type JobsNeeds } from "./jobs.ts";
import { TurnEnds } from "./turn-ends.ts";

export async function openJobs(core: Core, needs: JobsNeeds): Promise<Jobs> {
  const jobs = new Jobs(core, needs);
  new TurnEnds(core, needs).open();
  await jobs.open();
  return jobs;
}
