/**
 * The `github` channel: what happens in repositories, from GitHub's webhooks, or from its API where GitHub cannot reach this machine.
 *
 * Owns: the definition. Never: parsing (receive.ts), wording (describe.ts), or a question to the API (api/).
 */
import { defineKind } from "../../sdk/channel.js";
import { listGithubEvents } from "./describe.js";
import { receive } from "./receive.js";
const OWNER = "[A-Za-z0-9](?:[A-Za-z0-9_-]{0,99})";
const NAME = "(?!\\.{1,2}$)[A-Za-z0-9._-]{1,100}";
const SETTINGS = [
    {
        name: "repo",
        description: "owner/name, or an organisation: what its webhook sent in vain is fetched afterwards; takes the secret token",
        pattern: new RegExp(`^${OWNER}(?:/${NAME})?$`),
    },
    {
        name: "hook",
        description: "With repo: the number of the webhook, where several call this channel",
        pattern: /^[1-9]\d{0,19}$/,
    },
    {
        name: "poll",
        description: "owner/name: its events are looked up, without a webhook",
        pattern: new RegExp(`^${OWNER}/${NAME}$`),
    },
    {
        name: "api",
        description: "Of a GitHub Enterprise Server: https://HOST/api/v3",
        pattern: /^https?:\/\/[A-Za-z0-9.[\]:-]+(?:\/[\w.-]+)*\/?$/,
    },
];
const STEPS = [
    "1. Expose the port: sluice up --tunnel (or, without a tunnel, while you try it out: gh webhook forward --repo=<owner/name> --events=push,pull_request,workflow_run --url={url} --secret=<the secret above>; or look events up: sluice add github --poll owner/name)",
    "2. On GitHub, in the repository's Settings > Webhooks > Add webhook: Payload URL https://<your tunnel>{path}, Content type application/json, Secret as above",
    "3. Select the events, such as Workflow runs, Pull requests and Statuses (CI of other systems)",
    "4. Run sluice tail: it shows GitHub's ping",
];
const TOKEN = {
    name: "token",
    prompt: "GitHub token (Webhooks: read for --repo; Contents, Actions, Issues, Pull requests: read for --poll)",
    isOptional: true,
};
const webhook = defineKind({
    kind: "github",
    title: "GitHub",
    description: "Builds, pull requests, issues, reviews, deployments, alerts and releases of repositories, from their webhooks",
    ack: "auto",
    schemes: ["github"],
    // GitHub's own cap: https://docs.github.com/en/webhooks/webhook-events-and-payloads#payload-cap
    maxBodyBytes: 25 * 1024 * 1024,
    canReply: false,
    canIgnore: true,
    events: listGithubEvents(),
    settings: SETTINGS,
    moreSecrets: [TOKEN],
    nextStep: STEPS.join("\n"),
    check: async (secret, settings, secrets = {}) => (await import("./api/check.js")).checkSettings(settings, secrets["token"] ?? secret),
    receive,
    hooks: async () => (await import("./hooks.js")).githubHooks,
});
/** The webhook, and behind it the list of what it sent. */
const caughtUp = defineKind({
    ...webhook,
    moreSecrets: [{ ...TOKEN, isOptional: false }],
    nextStep: [
        ...STEPS,
        "5. Nothing else: what GitHub sends while nobody listens is fetched when this machine is back, up to three days later",
    ].join("\n"),
    open: async (context) => (await import("./api/deliveries.js")).openDeliveries(context),
});
const { receive: _receive, hooks: _hooks, ...outline } = webhook;
/** No webhook. */
const polled = defineKind({
    ...outline,
    schemes: ["github-api"],
    maxBodyBytes: 1024 * 1024,
    nextStep: 'what has happened before is no news. GitHub lists events up to some minutes late, at worst hours, and no statuses, check runs or alerts: a webhook is faster and tells all. "sluice tail" shows what comes',
    open: async (context) => (await import("./api/poll.js")).openPoll(context),
});
export const github = Object.freeze({
    ...webhook,
    forSettings: (settings) => {
        if (settings["poll"] !== undefined)
            return polled;
        return settings["repo"] === undefined ? webhook : caughtUp;
    },
});
