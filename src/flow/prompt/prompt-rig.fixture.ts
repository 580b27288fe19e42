/**
 * Prompts on a real store with a virtual clock, for tests.
 *
 * Owns: that scene, and sessions that ask. Never: the behaviour under test.
 */
import { onTestFinished } from "vitest";
import { toCallDigest } from "../../sdk/call-digest.ts";
import type { Decider, Prompt, PromptChange, Verdict } from "../../sdk/prompt.ts";
import type { PromptRule } from "../../store/prompts/prompt-rules.ts";
import { Prompts } from "./prompt.ts";
import { Rig, type Session } from "../rig.fixture.ts";
import { settle } from "../virtual-clock.fixture.ts";
import type { HookAsk } from "./create-prompt.ts";
import type { Disk } from "./risk/disk.ts";
import { DEFAULT_PROJECT_COMMANDS } from "./risk/project-commands.ts";
import type { UnattendedSettings } from "./unattended.ts";
import type { AskAnswer } from "./verdict.ts";

export const PAGE: Decider = { who: "ada", via: "page", mayAllow: true };
export const SHELL: Decider = {
  who: "a session's shell (pid 12)",
  via: "cli",
  mayAllow: false,
};
export const CHAT: Decider = {
  who: "ada",
  via: "chat",
  channel: "telegram",
  account: "bot",
  chatId: "77",
  senderId: "77",
  mayAllow: true,
};

export const ALLOW: Verdict = { kind: "allow" };
export const DENY: Verdict = { kind: "deny" };

const TEST_CALL = { command: "npm test" };
/** Of the call that a session asks for where a test does not say which. */
export const TEST_DIGEST = toCallDigest(TEST_CALL);

/** Prompts, and a session that asks. */
export function start(): { rig: PromptRig; session: Session } {
  const rig = new PromptRig();
  return { rig, session: rig.rig.connect() };
}

/** A call that waits, and what it was told; `waiting` while it is told nothing. */
export type Call = { key: string; told: () => AskAnswer | "waiting" };

export class PromptRig {
  readonly rig: Rig;
  readonly prompts: Prompts;
  readonly changes: PromptChange[] = [];
  readonly audit: string[] = [];
  readonly owner: string[] = [];
  readonly approvers = new Set(["77"]);
  rules: PromptRule[] = [];
  /** Everything is there, and leads where it says. */
  readonly disk: Disk = {
    readRealPath: (path) => Promise.resolve(path),
    readFacts: () => Promise.resolve(undefined),
    findSecret: () => Promise.resolve("none"),
    findGitProgram: () => Promise.resolve("nothing"),
  };
  settings: UnattendedSettings = { expireAfterMs: 600_000, policy: undefined };
  #keys = 0;

  constructor(rig: Rig = new Rig(), keys = 0) {
    this.rig = rig;
    this.#keys = keys;
    this.prompts = new Prompts({
      db: rig.db,
      clock: rig.clock,
      log: {
        debug: () => {},
        info: () => {},
        warn: () => {},
        error: (facts, message) => rig.errors.push(`${message} ${JSON.stringify(facts)}`),
      },
      leases: rig.delivery.leases,
      readSettings: () => this.settings,
      readRules: () => this.rules,
      disk: this.disk,
      readProjectCommands: () => DEFAULT_PROJECT_COMMANDS,
      isApprover: ({ senderId = "" }) => this.approvers.has(senderId),
      note: (...line) => this.audit.push(line.join(" | ")),
      notifyOwner: (text) => this.owner.push(text),
    });
    this.prompts.watch((change) => this.changes.push(change));
    onTestFinished(() => this.prompts.close());
  }

  /** Another life of the hub on the same file. */
  restart(): PromptRig {
    this.prompts.close();
    return new PromptRig(this.rig.restart(), this.#keys);
  }

  async ask(session: Session, changes: Partial<HookAsk> = {}): Promise<Call> {
    const key = changes.key ?? (++this.#keys).toString(16).padStart(32, "0");
    await this.prompts.ask(session.attachment, {
      key,
      session: session.id,
      tool: "Bash",
      input: TEST_CALL,
      cwd: "/work",
      agentId: "",
      ...changes,
    });
    return this.wait(key);
  }

  wait(key: string): Call {
    let told: AskAnswer | "waiting" = "waiting";
    // Ends with the rig at the latest: closing lets everybody go.
    void this.prompts.wait(key, 3_600_000).then((answer) => {
      if (answer.kind !== "pending") told = answer;
    });
    return { key, told: () => told };
  }

  async relay(
    session: Session,
    requestId: string,
    preview = JSON.stringify(TEST_CALL),
    tool = "Bash",
  ): Promise<boolean> {
    const waits = await this.prompts.relay(session.attachment, {
      requestId,
      session: session.id,
      tool,
      description: "Run the tests",
      preview,
    });
    await settle();
    return waits;
  }

  /** The one that waits. */
  get pending(): Prompt {
    const [prompt, ...others] = this.prompts.list({ state: "pending" });
    if (prompt === undefined || others.length > 0)
      throw new Error(`${others.length + (prompt === undefined ? 0 : 1)} prompts wait`);
    return prompt;
  }

  /** A hook of the session, as the API hands it on. */
  async hook(session: Session, event: string, more: Record<string, unknown> = {}): Promise<void> {
    this.prompts.noteHook(session.attachment, {
      event,
      session: session.id,
      tool: "",
      digest: "",
      agentId: "",
      prompt: "",
      events: [],
      ...more,
    });
    await settle();
  }

  stateOf(id: string): string | undefined {
    const prompt = this.prompts.find(id);
    return prompt === undefined ? undefined : `${prompt.state}: ${prompt.reason ?? ""}`;
  }
}
