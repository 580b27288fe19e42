/**
 * Docker Hub's webhooks of repositories, as data.
 */
import { defineSender } from "../../sender.js";
const IMAGE = "{name:repository.repo_name}[:{ref:push_data.tag}]";
export const sender = defineSender({
    kind: "docker-hub",
    title: "Docker Hub",
    description: "images as they are pushed",
    aliases: ["dockerhub"],
    // It can set nothing but a URL.
    schemes: ["path", "query"],
    isUnique: true,
    event: ["=push"],
    actor: { id: "push_data.pusher", name: "push_data.pusher" },
    events: {
        push: {
            line: `Image ${IMAGE} pushed[ by {login:push_data.pusher}]`,
            facts: ["pushed {time:push_data.pushed_at}"],
            meta: { image: "name:repository.repo_name", tag: "ref:push_data.tag" },
            entity: [`{name:repository.repo_name}:{ref:push_data.tag}`, "{name:repository.repo_name}"],
            links: ["repository.repo_url"],
            at: ["push_data.pushed_at"],
        },
    },
    setUp: [
        "Expose the port: cloudflared tunnel --url {origin}",
        "Docker Hub > your repository > Webhooks: Webhook name sluice, Webhook URL https://<your tunnel>{path}/<the secret above>",
        "Create, then push a tag: sluice tail shows push",
    ],
    retries: "not documented; the webhook's page keeps its deliveries",
    sources: ["https://docs.docker.com/docker-hub/repos/manage/webhooks/"],
});
