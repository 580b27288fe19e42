import { Jobs } from "./jobs.js";
import { TurnEnds } from "./turn-ends.js";
export async function openJobs(core, needs) {
    const jobs = new Jobs(core, needs);
    new TurnEnds(core, needs).open();
    await jobs.open();
    return jobs;
}
