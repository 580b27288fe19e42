/**
 * A simulated client: turns, hooks and tools as the real one was seen to use them, with losses where the world says so.
 *
 * Owns: one process with its shim and its bell. What reaches its conversation is told to the world.
 */
import type { Attachment } from "../../src/flow/session/attachment.ts";
import type { ClientFacts } from "../../src/flow/session/client.ts";
import type { HookCall } from "../../src/flow/deliver/hook.ts";
import type { LeaseMessage } from "../../src/flow/session/leases.ts";
import { toFrame, toHookCall } from "../../src/flow/sample.fixture.ts";
import type { World } from "./world.ts";

type Turn = { promptId: string; left: number; isTyped: boolean };

const TAG = /<channel [^>]*event_id="(evt_[0-9a-z]{26})"[^>]*>/g;
/** A line of a digest. */
const LINE = /^- (evt_[0-9a-z]{26}) ([^:]*):/gm;

type ChannelPush = Extract<LeaseMessage, { kind: "channel" }>;

export class SimClient {
  readonly #world: World;
  readonly #facts: ClientFacts;
  #attachment: Attachment;
  #detach: () => void = () => {};
  #closeBell: () => void = () => {};
  #session: string;
  #bells: string[] = [];
  #pushed: ChannelPush[] = [];
  #turn: Turn | undefined;
  #prompts = 0;
  #stops = 0;
  /** Chat events that it has read and not answered. */
  #owed = new Set<string>();
  #isGone = false;
  #hasAsked = false;
  readonly #showsPrompts: boolean;
  readonly #isClosed: boolean;
  readonly #isChannel: boolean;

  constructor(world: World, isGood = false) {
    this.#world = world;
    const pid = world.nextPid;
    this.#session = `s-${world.seed}-${pid}`;
    const isChannel = !isGood && world.random.chance(0.3);
    this.#isChannel = isChannel;
    this.#showsPrompts = world.random.chance(0.5);
    this.#isClosed = !world.isCalm && world.random.chance(world.loss);
    this.#facts = {
      pid,
      startTime: `t${pid}`,
      argv: isChannel ? ["claude", "--channels", "plugin:sluice@sluice"] : ["claude"],
      name: "claude-code",
      version: "2.1.332",
      plugin: true,
      interactive: true,
      session: this.#session,
      cwd: "/project",
      forcedLane: undefined,
    };
    this.#attachment = this.#attach();
  }

  reattach(): void {
    this.#attachment = this.#attach();
  }

  /** SIGKILL: nothing is said to anyone. */
  kill(): void {
    this.#world.dead.add(this.#facts.pid);
    this.end();
  }

  end(): void {
    this.#isGone = true;
    this.#closeBell();
    this.#detach();
  }

  async step(): Promise<void> {
    if (this.#isGone) return;
    await this.#subscribe();
    if (this.#turn === undefined) await this.#beginTurn();
    else await this.#goOn(this.#turn);
  }

  /** In worlds with copies: most want some, a few what is shared. */
  async #subscribe(): Promise<void> {
    const { copyLuck, delivery } = this.#world;
    if (copyLuck === undefined || this.#hasAsked) return;
    this.#hasAsked = true;
    const selector = { entity: null, pattern: null, until: null };
    for (const channel of ["ci", "chat"]) {
      if (!copyLuck.chance(0.6)) continue;
      const copy = copyLuck.chance(0.75);
      await delivery.watchers.watch(this.#session, { ...selector, channel, copy });
    }
  }

  #attach(): Attachment {
    const { delivery } = this.#world;
    const remembered = {
      session: this.#prompts > 0 ? this.#session : undefined,
      promptId: this.#turn?.promptId,
      stops: this.#stops,
    };
    const { attachment, detach } = delivery.leases.attach(this.#facts, remembered, {
      plugin: true,
      push: (message) => {
        this.#noteWake();
        if (message.kind === "channel" && !this.#isDeaf()) this.#pushed.push(message);
      },
    });
    this.#detach = detach;
    if (!this.#isChannel) {
      this.#closeBell = delivery.leases.openBell(attachment.id, (line) => {
        if (line.startsWith("Sluice bell")) this.#noteWake();
        if (!this.#world.isLost()) this.#bells.push(line);
      });
    }
    return attachment;
  }

  /**
   * A channel that the client does not listen to says nothing: all that is pushed into it is gone. A single line is not lost on a
   * pipe; where hooks see the prompts it may be all the same, and is noticed.
   */
  #isDeaf(): boolean {
    return this.#isClosed || (this.#showsPrompts && this.#world.isLost());
  }

  #noteWake(): void {
    if (this.#turn !== undefined) return;
    const times = this.#world.wakes.get(this.#session) ?? [];
    // Several at once wake it once.
    if (times.at(-1) !== this.#world.clock.now()) times.push(this.#world.clock.now());
    this.#world.wakes.set(this.#session, times);
  }

  async #beginTurn(): Promise<void> {
    const { random, isCalm } = this.#world;
    const bell = this.#bells.shift();
    if (bell !== undefined) return this.#hear(bell);
    const pushed = this.#pushed.splice(0);
    if (pushed.length > 0) return this.#readPushed(pushed);
    if (!isCalm && random.chance(0.03)) return this.#clear();
    if (random.chance(isCalm ? 0.05 : 0.15)) {
      const promptId = this.#newPrompt();
      await this.#hook("UserPromptSubmit", { promptId, prompt: "go on" });
      this.#turn = { promptId, left: random.between(0, 3), isTyped: true };
    }
  }

  /** The client hands a bell's line to its hooks, and the answer to the model. */
  async #hear(line: string): Promise<void> {
    const { random, isCalm, delivery } = this.#world;
    const promptId = this.#newPrompt();
    this.#turn = { promptId, left: random.between(0, 3), isTyped: false };
    // The hook may get no answer in time: the shim says so, and the model reads only the line.
    const isLate = !isCalm && random.chance(0.1);
    const text = await this.#hook("UserPromptSubmit", { promptId, prompt: toFrame(line) });
    if (isLate) await delivery.withdraw(this.#attachment, promptId);
    else if (text !== undefined) this.#read(text);
  }

  async #readPushed(messages: ChannelPush[]): Promise<void> {
    const { random } = this.#world;
    this.#turn = { promptId: this.#newPrompt(), left: random.between(0, 3), isTyped: false };
    const { promptId } = this.#turn;
    const events = messages.map(({ meta }) => meta["event_id"] ?? "");
    // Some hosts show a channel turn's prompt to hooks, some do not call them for it.
    if (this.#showsPrompts) {
      await this.#hook("UserPromptSubmit", { promptId, prompt: "<channel", events });
    }
    for (const { meta, content } of messages) {
      if (meta["kind"] === "digest") this.#read(content);
      else this.#noteRead(meta["event_id"] ?? "", meta["replayed"] === "true", meta["chat_id"]);
    }
  }

  async #goOn(turn: Turn): Promise<void> {
    const { random, isCalm } = this.#world;
    if (turn.left-- > 0) return this.#work();
    // Reordered and repeated answers: a model says the same twice now and then.
    for (const event of Array.from(this.#owed)) {
      if (isCalm || random.chance(0.6)) await this.#answer(event);
    }
    this.#turn = undefined;
    // Esc: the turn ends and no hook tells.
    if (!isCalm && !this.#world.isFailing && random.chance(0.1)) return;
    if (this.#world.isFailing || (!isCalm && random.chance(0.07))) {
      await this.#hook("StopFailure", { promptId: turn.promptId });
      return;
    }
    // A hook call can be lost with the connection.
    if (this.#world.isLost() && random.chance(0.3)) return;
    this.#stops++;
    await this.#hook("Stop", { promptId: turn.promptId });
  }

  async #work(): Promise<void> {
    const { random } = this.#world;
    const toolUseId = `toolu_${this.#session}_${this.#prompts}_${random.next()}`;
    if (!random.chance(0.25)) {
      await this.#hook("PostToolUse", { tool: "Bash", toolUseId });
      return;
    }
    const text = await this.#tool("inbox", {}, toolUseId);
    const isSubagent = random.chance(0.1);
    if (!isSubagent) this.#read(text);
    const more = isSubagent ? { agentId: "agent" } : {};
    const tool = "mcp__plugin_sluice_sluice__inbox";
    await this.#hook("PostToolUse", { tool, toolUseId, ...more });
  }

  async #answer(event: string): Promise<void> {
    const { random, replies } = this.#world;
    // Those who have copies of one event may well answer in the same words.
    const text = this.#world.copyLuck === undefined ? `answer to ${event}` : "the answer";
    if (random.chance(0.2)) {
      await this.#tool("ack", { event_ids: [event] });
    } else {
      const answer = await this.#tool("reply", { event_id: event, text });
      if (random.chance(0.3)) await this.#tool("reply", { event_id: event, text });
      if (!answer.startsWith("ERROR")) replies.set(event, new Set([text]));
    }
    this.#owed.delete(event);
  }

  async #clear(): Promise<void> {
    await this.#hook("SessionEnd", { reason: "clear" });
    this.#session = `${this.#session}c`;
    this.#owed.clear();
  }

  /** Notes each event of a text as read, with its mark. */
  #read(text: string): void {
    for (const [tag, id] of text.matchAll(TAG)) {
      const [, chat] = /chat_id="([^"]*)"/.exec(tag) ?? [];
      this.#noteRead(id ?? "", tag.includes('replayed="true"'), chat);
    }
    for (const [, id, marks] of text.matchAll(LINE)) {
      this.#noteRead(id ?? "", / replayed\b/.test(marks ?? ""), undefined);
    }
  }

  #noteRead(event: string, replayed: boolean, chat: string | undefined): void {
    this.#world.reads.push({ event, replayed });
    if (chat !== undefined) this.#owed.add(event);
  }

  #newPrompt(): string {
    return `${this.#session}-p${++this.#prompts}`;
  }

  async #hook(event: string, changes: Partial<HookCall>): Promise<string | undefined> {
    const { db, clock, delivery, parts } = this.#world;
    const call = toHookCall({ event, session: this.#session, ...changes });
    const answer = await parts.answerHook(this.#attachment, call, { db, clock, delivery });
    const context = answer.hookSpecificOutput?.["additionalContext"];
    return typeof context === "string" ? context : undefined;
  }

  async #tool(name: "inbox" | "ack" | "reply", input: object, toolUseId?: string): Promise<string> {
    const { db, clock, delivery, parts } = this.#world;
    const answer = await parts.answerTool(
      this.#attachment,
      name,
      { arguments: { ...input }, toolUseId },
      { db, clock, delivery, canReply: (channel) => channel === "chat", replied: () => {} },
    );
    return `${answer.isError ? "ERROR " : ""}${answer.text}`;
  }
}
