/**
 * The `github` channel: what happens in repositories, from GitHub's webhooks.
 *
 * Owns: the definition. Never: parsing (receive.ts) or wording (describe.ts).
 */
import { defineKind } from "../../sdk/channel.js";
import { receive } from "./receive.js";
export const github = defineKind({
    kind: "github",
    title: "GitHub",
    description: "Builds, pull requests, issues, reviews, deployments, alerts and releases of repositories, from their webhooks",
    ack: "auto",
    schemes: ["github"],
    // GitHub's own cap: https://docs.github.com/en/webhooks/webhook-events-and-payloads#payload-cap
    maxBodyBytes: 25 * 1024 * 1024,
    canReply: false,
    canIgnore: true,
    nextStep: [
        "1. Expose the port: cloudflared tunnel --url {origin} (or, without a tunnel, have the GitHub CLI pass events on: gh webhook forward)",
        "2. On GitHub, in the repository's Settings > Webhooks > Add webhook: Payload URL https://<your tunnel>{path}, Content type application/json, Secret as above",
        "3. Select the events, such as Workflow runs, Pull requests and Statuses (CI of other systems)",
        "4. Run sluice tail: it shows GitHub's ping",
    ].join("\n"),
    receive,
});
