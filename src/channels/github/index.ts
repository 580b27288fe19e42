/**
 * The `github` channel: what happens in repositories, from GitHub's webhooks.
 *
 * Owns: the definition. Never: parsing (receive.ts) or wording (describe.ts).
 */
import { defineChannel } from "../../sdk/channel.ts";
import { receive } from "./receive.ts";

export const github = defineChannel({
  kind: "github",
  title: "GitHub",
  description:
    "Builds, pull requests, issues, reviews, deployments and releases of repositories, from their webhooks",
  ack: "auto",
  schemes: ["github"],
  // GitHub's own cap: https://docs.github.com/en/webhooks/webhook-events-and-payloads#payload-cap
  maxBodyBytes: 25 * 1024 * 1024,
  canReply: false,
  nextStep:
    "lead a tunnel to this port, and on GitHub, in the repository's Settings > Webhooks > Add webhook, paste the URL with the tunnel's address in front, and the secret; content type application/json, choose events. A \"ping\" arrives at once: sluice tail shows it",
  receive,
});
