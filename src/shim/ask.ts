/**
 * The PermissionRequest hook: a call waits here for people, while the client's own dialog is open.
 *
 * Owns: waiting for the hub's answer across its restarts, and the words of the hook's answer. Never: decides; delays anything else.
 *
 * ASK-1 A call is sent in the order of the signals and waited for beside them: it delays no hook and no shutdown.
 * ASK-2 In every doubt the shim has no opinion: then the dialog at the terminal decides.
 * ASK-3 The raw arguments stay here. The hub does not keep them, so an answer that must contain them is put together here.
 *
 * Observed of Claude Code 2.1.332: No and Esc at the terminal withdraw the call (notifications/cancelled); Yes does not.
 * https://code.claude.com/docs/en/hooks#permissionrequest
 */
import { parseObject } from "../sdk/json.ts";
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type HubClient, openClient, read } from "../api/client/client.ts";
import type { AskRequest, DeniedCall } from "../api/wire/prompt-wire.ts";
import type { AskAnswer } from "../flow/prompt/verdict.ts";
import { INPUT_MAX_CHARS, toCallDigest } from "../sdk/call-digest.ts";
import { isSluiceError, toMessage } from "../sdk/errors.ts";
import type { ShimHookAnswer, HubLink } from "./link.ts";

export type AskOptions = {
  link: HubLink;
  locate: () => string;
  warn: (message: string) => void;
};

/** Below the hook's own time in hooks.json: a hook that runs out prints an error. */
const GIVE_UP_MS = 58 * 60_000;
const RETRY_MS = 250;

export class Asks {
  readonly #options: AskOptions;
  readonly #client: HubClient;
  /** How many calls wait: then the end of a tool may be the answer to one of them. */
  open = 0;

  constructor(options: AskOptions) {
    this.#options = options;
    this.#client = openClient(options.locate);
  }

  /** Resolves with the hook's answer. `left` aborts when the client withdraws the call. */
  async ask(call: Omit<AskRequest, "key">, left: AbortSignal): Promise<ShimHookAnswer> {
    const input = parseObject(call.input);
    // ASK-2
    if (input === undefined || call.input.length > INPUT_MAX_CHARS) return {};
    this.open++;
    try {
      return toHookAnswer(await this.#wait(call, left), call.tool, input);
    } catch (thrown) {
      this.#options.warn(`a prompt could not be asked: ${toMessage(thrown)}`);
      return {};
    } finally {
      this.open--;
    }
  }

  /** The client has denied a call by itself: the owner hears of it. */
  async denied(call: DeniedCall): Promise<ShimHookAnswer> {
    const told = await this.#options.link.inOrder((api, id) =>
      read(api.attachments[":id"].denials.$post({ param: { id }, json: call })),
    );
    return told?.retry === true
      ? { hookSpecificOutput: { hookEventName: "PermissionDenied", retry: true } }
      : {};
  }

  close(): void {
    this.#client.close();
  }

  async #wait(call: Omit<AskRequest, "key">, left: AbortSignal): Promise<AskAnswer> {
    const { link } = this.#options;
    const key = randomBytes(16).toString("hex");
    const asked = link.inOrder((api, id) =>
      read(api.attachments[":id"].asks.$post({ param: { id }, json: { ...call, key } })),
    );
    const cancel = (): void => {
      if (isGone(left.reason)) return;
      void link.inOrder((api, id) =>
        read(api.attachments[":id"].asks[":key"].$delete({ param: { id, key } })),
      );
    };
    left.addEventListener("abort", cancel, { once: true });
    const over = AbortSignal.any([left, link.closed, AbortSignal.timeout(GIVE_UP_MS)]);
    try {
      const none = toAborted(over).then(() => undefined);
      if ((await Promise.race([asked, none])) === undefined) return { kind: "none" };
      while (!over.aborted) {
        const answer = await this.#poll(key, over);
        if (answer.kind !== "pending") return answer;
      }
      return { kind: "none" };
    } finally {
      left.removeEventListener("abort", cancel);
    }
  }

  /** One connection's worth of waiting. A hub that restarts finds the call again by its key. */
  async #poll(key: string, over: AbortSignal): Promise<AskAnswer> {
    const { id } = this.#options.link;
    try {
      if (id !== undefined) {
        const { wait } = this.#client.api.attachments[":id"].asks[":key"];
        return await read<AskAnswer>(
          wait.$post({ param: { id, key } }, { init: { signal: over } }),
        );
      }
    } catch (thrown) {
      if (over.aborted) return { kind: "none" };
      const isAway = isSluiceError(thrown, "hub_unreachable") || isSluiceError(thrown, "not_found");
      if (!isAway) throw thrown;
    }
    await sleep(RETRY_MS, undefined, { ref: false });
    return { kind: "pending" };
  }
}

/** Of the arguments of a tool that ended; empty where they are none. */
export function toDigestOf(toolInput: unknown): string {
  const input = typeof toolInput === "string" ? parseObject(toolInput) : undefined;
  return input === undefined ? "" : toCallDigest(input);
}

function toHookAnswer(
  answer: AskAnswer,
  tool: string,
  input: Record<string, unknown>,
): ShimHookAnswer {
  switch (answer.kind) {
    case "pending":
    case "none":
      return {};
    case "allow":
      // A tool that wants a person at it (ExitPlanMode) goes by an allow only when it comes with input: a bare one leaves the dialog open.
      return tool === "ExitPlanMode"
        ? toDecision({ behavior: "allow", updatedInput: input })
        : toDecision({ behavior: "allow" });
    case "deny":
      return toDecision({ behavior: "deny", message: answer.message });
    case "answers": {
      const texts = toQuestionTexts(input["questions"]);
      const pairs = answer.answers.map((text, index) => [texts[index] ?? "", text]);
      const answers: Record<string, unknown> = Object.fromEntries(pairs);
      return toDecision({ behavior: "allow", updatedInput: { ...input, answers } });
    }
    default:
      return answer satisfies never;
  }
}

export function toDecision(decision: Record<string, unknown>): ShimHookAnswer {
  return { hookSpecificOutput: { hookEventName: "PermissionRequest", decision } };
}

/** As the hub counts them: those that have a text. */
function toQuestionTexts(questions: unknown): string[] {
  if (!Array.isArray(questions)) return [];
  return questions.flatMap((one: unknown) => {
    const text = typeof one === "object" && one !== null && "question" in one ? one.question : "";
    return typeof text === "string" && text !== "" ? [text] : [];
  });
}

/** The client is gone, and has withdrawn nothing: the hub learns that by the end of the lease. A withdrawal's reason is a text or none. */
function isGone(reason: unknown): boolean {
  return reason instanceof Error && reason.name !== "AbortError";
}

function toAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
