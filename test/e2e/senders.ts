/**
 * Senders: who posts signed events to a channel, and who listens for replies.
 *
 * Owns: signed requests as GitHub or a program would send them. Never: a hub.
 */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createParser } from "eventsource-parser";
import type { AddChannelRequest, AddedChannel } from "../../src/api/wire/wire.ts";
import { Secret } from "../../src/sdk/secret.ts";
import { sign } from "../../src/verify/sign.ts";

export const GITHUB_SECRET = "a secret of the right length";

/** Where a channel is reached, and with what. */
export type Endpoint = { name: string; url: string; secret: string; listenToken: string };

export type Posted = { status: number; id: string; duplicate: boolean; text: string };

export function toEndpoint(added: AddedChannel, request: AddChannelRequest): Endpoint {
  return {
    name: added.name,
    url: added.url ?? "",
    secret: request.secret ?? added.token ?? "",
    listenToken: added.listenToken ?? "",
  };
}

export async function post(
  url: string,
  body: Buffer | string,
  headers: Record<string, string>,
): Promise<Posted> {
  const bytes = typeof body === "string" ? body : new Uint8Array(body);
  const answer = await fetch(url, { method: "POST", body: bytes, headers });
  const text = await answer.text();
  const { id = "", duplicate = false } = answer.ok
    ? (JSON.parse(text) as { id?: string; duplicate?: boolean })
    : {};
  return { status: answer.status, id, duplicate, text };
}

const SAMPLES = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../src/channels/github/samples.json"), "utf8"),
) as Record<string, { event: string; payload: Record<string, Record<string, unknown>> }>;

export type GithubOptions = {
  repository?: string;
  deliveryId?: string;
  commit?: string;
  branch?: string;
  conclusion?: string;
  workflow?: string;
  /** The pull request that it runs for. */
  pull?: number;
};

/** A workflow run that failed, as GitHub posts it. */
export function toWorkflowRun({
  repository = "octo-org/Octo-App",
  deliveryId = randomUUID(),
  commit = "Retry uploads",
  // Of its own: builds of one branch are one entity, and events of one entity travel as one.
  branch = `topic-${deliveryId}`,
  conclusion = "failure",
  workflow,
  pull,
}: GithubOptions = {}): { body: Buffer; headers: Record<string, string> } {
  const sample = SAMPLES["workflow run"];
  if (sample === undefined) throw new Error('samples.json has no case "workflow run"');
  const { payload } = sample;
  const body = Buffer.from(
    JSON.stringify({
      ...payload,
      workflow_run: {
        ...payload["workflow_run"],
        // Of its own: the same bytes again are one event, whatever their delivery's id.
        node_id: deliveryId,
        head_commit: { message: commit },
        head_branch: branch,
        pull_requests: pull === undefined ? [] : [{ number: pull }],
        ...(workflow === undefined ? {} : { name: workflow, workflow_id: workflow.length }),
        conclusion,
      },
      repository: { ...payload["repository"], full_name: repository },
    }),
  );
  const credential = { keyId: "k1", secret: new Secret(GITHUB_SECRET) };
  return {
    body,
    headers: {
      "content-type": "application/json",
      "x-github-event": "workflow_run",
      ...sign("github", credential, { id: deliveryId, sentAt: Date.now(), body }),
    },
  };
}

export async function postGithub({ url }: Endpoint, options?: GithubOptions): Promise<Posted> {
  const { body, headers } = toWorkflowRun(options);
  return post(url, body, headers);
}

/** A person's message through a two-way webhook. */
export function postMessage(
  { url, secret }: Endpoint,
  text: string,
  { sender = "ada", chat = "ops" } = {},
): Promise<Posted> {
  return post(url, text, {
    authorization: `Bearer ${secret}`,
    "content-type": "text/plain",
    "x-sluice-sender": sender,
    "x-sluice-chat": chat,
  });
}

export type HeardReply = { event_id: string; chat_id: string; text: string };

/** Listens on `GET /out/<channel>` until closed. */
export function listen({ url, listenToken }: Endpoint): {
  replies: HeardReply[];
  close: () => void;
} {
  const stop = new AbortController();
  const replies: HeardReply[] = [];
  const parser = createParser({ onEvent: ({ data }) => replies.push(JSON.parse(data)) });
  const decoder = new TextDecoder();
  const run = async (): Promise<void> => {
    const answer = await fetch(url.replace("/in/", "/out/"), {
      headers: { authorization: `Bearer ${listenToken}` },
      signal: stop.signal,
    });
    if (answer.body === null || answer.status !== 200) throw new Error(`${answer.status}`);
    for await (const chunk of answer.body) parser.feed(decoder.decode(chunk, { stream: true }));
  };
  run().catch((thrown: unknown) => {
    // Closed is how it ends; anything else shows as a reply that never comes.
    if (!stop.signal.aborted) process.stderr.write(`listener: ${String(thrown)}\n`);
  });
  return { replies, close: () => stop.abort() };
}
