/**
 * Sessions on the pull lane, a platform that takes everything, and people who may be asked, for tests of tools.
 *
 * Owns: that scene. Never: the behaviour under test.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { ChannelConnection } from "../../sdk/channel.ts";
import type { OutgoingMessage } from "../../sdk/message.ts";
import { makeFolder } from "../../store/sample.fixture.ts";
import { PromptRig } from "../prompt/prompt-rig.fixture.ts";
import type { Rig, Session } from "../rig.fixture.ts";
import { Sending } from "../send/send.ts";
import { askToSend } from "./ask-to-send.ts";
import type { ToolOptions } from "./contract.ts";
import { answerTool, type ToolName } from "./tool.ts";

/** Two sessions on the pull lane and a platform that takes everything. */
export async function openScene(waitMs = 5) {
  const asking = new PromptRig();
  const { rig } = asking;
  const folder = makeFolder();
  const home = join(folder, "home");
  mkdirSync(join(home, "outbox"), { recursive: true });
  const sent: OutgoingMessage[] = [];
  const done: string[] = [];
  let next = 100;
  const connection: ChannelConnection = {
    send: async (message) => {
      sent.push(message);
      return { messageIds: message.text === "long" ? ["1", "2"] : [String(next++)] };
    },
    edit: async (...call) => void done.push(`edit ${call.join(" ")}`),
    react: async (...call) => void done.push(`react ${call.join(" ")}`),
    close: async () => undefined,
  };
  const { db, clock, delivery } = rig;
  const ignore = (): void => {};
  const isConnected = (channel: string): boolean => channel === "chat";
  const find = (channel: string) => (isConnected(channel) ? connection : undefined);
  const sending = new Sending({
    db,
    clock,
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    connected: () => ["chat"],
    connection: find,
  });
  await sending.open();
  onTestFinished(() => sending.close(1));
  const options: ToolOptions = {
    db,
    clock,
    delivery,
    canReply: isConnected,
    replied: () => sending.changed(),
    outbound: {
      home,
      isConnected,
      connection: find,
      settled: (id, waitMs) => sending.settled(id, waitMs),
      fetchFile: async (event, position) => `/files/${event}/${position}`,
      askToSend: (attachment, question) =>
        askToSend({ db, prompts: asking.prompts, waitMs }, attachment, question),
      isContact: (channel, chatId) => channel === "chat" && chatId === "friend",
    },
  };
  const connect = (pid: number, facts: Partial<Parameters<Rig["connect"]>[0]> = {}): Session =>
    rig.connect(
      { pid, forcedLane: "pull", session: `s${pid}`, cwd: folder, ...facts },
      { bell: false },
    );
  const call = async (
    session: Session,
    name: ToolName,
    input: Record<string, unknown>,
  ): Promise<string> => {
    const answer = await answerTool(
      session.attachment,
      name,
      { arguments: input, toolUseId: undefined },
      options,
    );
    return `${answer.isError ? "ERROR " : ""}${answer.text}`;
  };
  const ask = async (session: Session, chatId: string): Promise<string> => {
    const meta = { message_id: `m-${chatId}`, thread_id: "t1" };
    const id = await rig.post({ channel: "chat", chatId, ack: "reply", meta });
    await call(session, "inbox", {});
    return id;
  };
  return { rig, asking, home, folder, sent, done, connect, call, ask };
}
