/**
 * Pushes to phones, for tests: a hub's page with real prompts and a way in from elsewhere, and a push service.
 *
 * Owns: that scene. Never: the behaviour under test.
 */
import { expect, onTestFinished } from "vitest";
import type { PushPayload } from "../../../api/wire/push-wire.ts";
import { PromptRig } from "../../../flow/prompt/prompt-rig.fixture.ts";
import { openPushService, type PushService } from "./push-send.fixture.ts";
import {
  openRemoteStage,
  ORIGIN,
  PASSPHRASE,
  type RemoteStage,
  signInThere,
} from "../sign-in/remote.fixture.ts";

/** A page that is open to elsewhere, and the service that its pushes go to. */
export async function openPushStage() {
  const prompts = new PromptRig();
  const service = await openPushService();
  onTestFinished(() => service[Symbol.asyncDispose]());
  const stage = await openRemoteStage({
    db: prompts.rig.db,
    clock: prompts.rig.clock,
    prompts: prompts.prompts,
    pushNetwork: service.network,
  });
  onTestFinished(() => stage[Symbol.asyncDispose]());
  await stage.web.setPassphrase(PASSPHRASE, "terminal");
  await stage.web.setRemote(ORIGIN, "terminal");
  return { prompts, service, stage };
}

/** The same, with a session and a phone that is signed in and subscribed. */
export async function openScene() {
  const { prompts, service, stage } = await openPushStage();
  const session = prompts.rig.connect();
  const addPhone = async () => {
    const headers = await signInThere(stage);
    const browser = service.addBrowser();
    const answer = await stage.ask("/v1/push", {
      method: "POST",
      body: browser.subscription,
      headers,
    });
    expect(answer.status).toBe(200);
    return { headers, browser };
  };
  const phone = await addPhone();
  return { prompts, service, stage, session, phone, addPhone };
}

/** A tap on a button, as the service worker tells of it. */
export function press(
  stage: RemoteStage,
  handle: string | undefined,
  verdict: "allow" | "deny",
  headers: Record<string, string>,
) {
  return stage.ask("/v1/push/answer", {
    method: "POST",
    body: { handle: handle ?? "", verdict },
    // What a service worker sends: it has no key.
    headers: { cookie: headers["cookie"] ?? "" },
  });
}

/** The latest message, once `count` have come. */
export async function next(service: PushService, count: number): Promise<PushPayload> {
  await expect.poll(() => [service.pushed.length, service.faults]).toEqual([count, []]);
  const payload = service.pushed.at(-1)?.payload;
  if (payload === undefined) throw new Error("nothing was pushed");
  return payload;
}
