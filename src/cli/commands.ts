/**
 * The table of commands.
 *
 * Owns: names, groups, the line of each in `sluice --help`, and the file of each. Never: loads a command that was not asked for, since the
 * user waits for the start.
 */
import type { Command } from "./command.ts";

const FILES = {
  demo: () => import("./commands/demo.ts"),
  dev: () => import("./commands/author/dev.ts"),
  connect: () => import("./commands/connect.ts"),
  open: () => import("./commands/open.ts"),
  web: () => import("./commands/web.ts"),
  up: () => import("./commands/up.ts"),
  down: () => import("./commands/down.ts"),
  status: () => import("./commands/status.ts"),
  doctor: () => import("./commands/doctor.ts"),
  add: () => import("./commands/add.ts"),
  reload: () => import("./authored/reload.ts"),
  channels: () => import("./commands/channels.ts"),
  quiet: () => import("./commands/quiet.ts"),
  ignore: () => import("./commands/channels.ts"),
  pause: () => import("./commands/channels.ts"),
  resume: () => import("./commands/channels.ts"),
  remove: () => import("./commands/channels.ts"),
  transcribe: () => import("./add/transcribe.ts"),
  notices: () => import("./commands/notices.ts"),
  access: () => import("./commands/access.ts"),
  forget: () => import("./uninstall/forget.ts"),
  uninstall: () => import("./uninstall/uninstall.ts"),
  prompts: () => import("./commands/prompts.ts"),
  answer: () => import("./commands/answer.ts"),
  rule: () => import("./commands/rule.ts"),
  away: () => import("./commands/away.ts"),
  run: () => import("./run/run.ts"),
  emit: () => import("./commands/emit.ts"),
  inbox: () => import("./commands/inbox.ts"),
  tail: () => import("./commands/tail.ts"),
  trace: () => import("./commands/trace.ts"),
  replay: () => import("./commands/replay.ts"),
  "replay-request": async () => ({
    "replay-request": (await import("./requests/replay-request.ts")).replayRequest,
  }),
  rotate: () => import("./requests/rotate.ts"),
  sample: () => import("./requests/sample.ts"),
  outbox: () => import("./commands/outbox.ts"),
  ack: () => import("./commands/ack.ts"),
  sessions: () => import("./commands/sessions.ts"),
  watch: () => import("./commands/watch.ts"),
  unwatch: () => import("./commands/watch.ts"),
  route: () => import("./commands/route.ts"),
  agent: () => import("./agent/agent.ts"),
  attach: () => import("./agent/attach.ts"),
  mcp: () => import("./commands/mcp.ts"),
  bell: () => import("./commands/mcp.ts"),
  serve: () => import("./commands/serve.ts"),
  new: () => import("./scaffold/new.ts"),
};

type Name = keyof typeof FILES;

/** In the order of `sluice --help`. */
const SUMMARIES = {
  Start: [
    ["demo", "show the whole way once; nothing is kept"],
    ["dev", "run a channel server and see what a session would read of it"],
    ["connect", "install Sluice into an agent: Claude Code, Codex, opencode and others"],
    ["open", "open the chat page in your browser"],
    ["web", "list signed-in browsers and remote access; sign browsers out"],
    ["up", "start the hub"],
    ["down", "stop the hub"],
    ["status", "show hub, channels, sessions, events, and what to do next"],
    ["doctor", "find what stops delivery, and how to fix it"],
    ["uninstall", "show what Sluice has put on this machine, and take it away"],
  ],
  Channels: [
    ["add", "add a channel; prints its URL and token"],
    ["reload", "take the code of your own channel as it is on disk now"],
    ["new", "make a folder with a channel of your own"],
    ["channels", "list channels"],
    ["quiet", "set hours during which only urgent events wake a session"],
    ["pause", "stop accepting events on a channel for now"],
    ["resume", "accept events on a paused channel again"],
    ["ignore", "leave out what your own account does on a GitHub channel"],
    ["transcribe", "make text of the voice notes that people send in a chat"],
    ["rotate", "give a channel a new secret; the old one stays valid for a while"],
    ["sample", "send a request as a known sender sends it, the whole way"],
    ["remove", "remove a channel and its secret"],
    ["notices", "choose where you are notified of events that expired or died"],
    ["access", "who may write: list, invite, pair, allow, revoke, groups, log"],
    ["forget", "delete one person's messages, files and names"],
  ],
  Approvals: [
    ["prompts", "list prompts of sessions, and how they ended"],
    ["answer", "deny a prompt"],
    ["rule", "rules that answer prompts: allow, ask or deny by tool, path, command"],
    ["away", "choose whether chats and phones are asked at once"],
  ],
  Events: [
    ["run", "run a command; its end becomes an event"],
    ["emit", "send an event from a script"],
    ["inbox", "list events"],
    ["tail", "follow events as they arrive and change"],
    ["trace", "show every step of one event, with times and reasons"],
    ["replay", "deliver events again"],
    ["replay-request", "show how a stored request would read under another template"],
    ["outbox", "list messages of sessions, and those that may not have arrived"],
    ["ack", "close events by hand"],
    ["sessions", "list sessions, their lanes and whether delivery is proven"],
    ["agent", "run a session without a person, for a folder and the channels that you name"],
    ["attach", "go on with an agent's conversation in this terminal"],
    ["watch", "send a channel's events to one session; list subscriptions"],
    ["unwatch", "end a subscription"],
    ["route", "list and change rules that send events to a session"],
  ],
  "Spawned by clients": [
    ["mcp", "the stdio MCP server"],
    ["bell", "the plugin's monitor"],
    ["serve", "a channel of your own, alone: one file, no hub"],
  ],
} as const satisfies Record<string, readonly (readonly [Name, string])[]>;

export type CommandEntry = {
  name: string;
  group: string;
  summary: string;
  load: () => Promise<Command>;
};

export const COMMANDS: readonly CommandEntry[] = Object.entries(SUMMARIES).flatMap(
  ([group, commands]) =>
    commands.map(([name, summary]) => ({ name, group, summary, load: () => load(name) })),
);

/** Each file exports its command under the command's name. */
async function load<N extends Name>(name: N): Promise<Command> {
  const files: { [One in Name]: () => Promise<Record<One, Command>> } = FILES;
  return (await files[name]())[name];
}

export function findCommand(name: string): CommandEntry | undefined {
  return COMMANDS.find((entry) => entry.name === name);
}
