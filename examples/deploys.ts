// What is deployed where: a list that is asked again and again. Each version that was not there before is one event.
import { defineChannel, env } from "sluice";
import { z } from "zod";

const DEPLOYS = env("DEPLOYS_URL");
const deploys = z.array(
  z.object({ service: z.string(), version: z.string(), environment: z.string() }),
);

export default defineChannel({
  kind: "deploys",
  attributes: { service: "what was deployed", environment: "where" },
  secrets: [DEPLOYS],
  observe: {
    everyMs: Number(process.env["DEPLOYS_EVERY_MS"] ?? 30_000),
    poll: async (live) => deploys.parse(await (await fetch(live.secret(DEPLOYS))).json()),
    receive: ({ service, version, environment }) => ({
      text: `${service} ${version} is on ${environment}`,
      meta: { service, version, environment },
      entity: `${environment}/${service}`,
      stateOf: `${environment}/${service}`,
    }),
  },
});
