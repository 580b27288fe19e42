/**
 * The table of commands.
 *
 * Owns: names, groups, the line of each in `sluice --help`, and the file of each. Never: loads a command that was not asked for, since the
 * user waits for the start.
 */
import type { Command } from "./command.ts";

export const GROUPS = ["Start", "Channels", "Approvals", "Events", "Spawned by clients"] as const;

export type CommandEntry = {
  name: string;
  group: (typeof GROUPS)[number];
  summary: string;
  load: () => Promise<Command>;
};

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "demo",
    group: "Start",
    summary: "show the whole way once; nothing is kept",
    load: async () => (await import("./commands/demo.ts")).demo,
  },
  {
    name: "connect",
    group: "Start",
    summary: "install Sluice into Claude Code",
    load: async () => (await import("./commands/connect.ts")).connect,
  },
  {
    name: "open",
    group: "Start",
    summary: "open the chat page in your browser",
    load: async () => (await import("./commands/open.ts")).open,
  },
  {
    name: "web",
    group: "Start",
    summary: "list signed-in browsers and remote access; sign browsers out",
    load: async () => (await import("./commands/web.ts")).web,
  },
  {
    name: "up",
    group: "Start",
    summary: "start the hub",
    load: async () => (await import("./commands/up.ts")).up,
  },
  {
    name: "down",
    group: "Start",
    summary: "stop the hub",
    load: async () => (await import("./commands/down.ts")).down,
  },
  {
    name: "status",
    group: "Start",
    summary: "show hub, channels, sessions, events, and what to do next",
    load: async () => (await import("./commands/status.ts")).status,
  },
  {
    name: "doctor",
    group: "Start",
    summary: "find what stops delivery, and how to fix it",
    load: async () => (await import("./commands/doctor.ts")).doctor,
  },
  {
    name: "add",
    group: "Channels",
    summary: "add a channel; prints its URL and token",
    load: async () => (await import("./commands/add.ts")).add,
  },
  {
    name: "channels",
    group: "Channels",
    summary: "list channels",
    load: async () => (await import("./commands/channels.ts")).channels,
  },
  {
    name: "quiet",
    group: "Channels",
    summary: "set hours during which only urgent events wake a session",
    load: async () => (await import("./commands/quiet.ts")).quiet,
  },
  {
    name: "pause",
    group: "Channels",
    summary: "stop accepting events on a channel for now",
    load: async () => (await import("./commands/channels.ts")).pause,
  },
  {
    name: "resume",
    group: "Channels",
    summary: "accept events on a paused channel again",
    load: async () => (await import("./commands/channels.ts")).resume,
  },
  {
    name: "remove",
    group: "Channels",
    summary: "remove a channel and its secret",
    load: async () => (await import("./commands/channels.ts")).remove,
  },
  {
    name: "notices",
    group: "Channels",
    summary: "choose where you are notified of events that expired or died",
    load: async () => (await import("./commands/notices.ts")).notices,
  },
  {
    name: "access",
    group: "Channels",
    summary: "who may write: list, invite, pair, allow, revoke, groups, log",
    load: async () => (await import("./commands/access.ts")).access,
  },
  {
    name: "prompts",
    group: "Approvals",
    summary: "list prompts of sessions, and how they ended",
    load: async () => (await import("./commands/prompts.ts")).prompts,
  },
  {
    name: "answer",
    group: "Approvals",
    summary: "deny a prompt",
    load: async () => (await import("./commands/answer.ts")).answer,
  },
  {
    name: "rule",
    group: "Approvals",
    summary: "rules that answer prompts: allow, ask or deny by tool, path, command",
    load: async () => (await import("./commands/rule.ts")).rule,
  },
  {
    name: "away",
    group: "Approvals",
    summary: "choose whether chats and phones are asked at once",
    load: async () => (await import("./commands/away.ts")).away,
  },
  {
    name: "emit",
    group: "Events",
    summary: "send an event from a script",
    load: async () => (await import("./commands/emit.ts")).emit,
  },
  {
    name: "inbox",
    group: "Events",
    summary: "list events",
    load: async () => (await import("./commands/inbox.ts")).inbox,
  },
  {
    name: "tail",
    group: "Events",
    summary: "follow events as they arrive and change",
    load: async () => (await import("./commands/tail.ts")).tail,
  },
  {
    name: "trace",
    group: "Events",
    summary: "show every step of one event, with times and reasons",
    load: async () => (await import("./commands/trace.ts")).trace,
  },
  {
    name: "replay",
    group: "Events",
    summary: "deliver events again",
    load: async () => (await import("./commands/replay.ts")).replay,
  },
  {
    name: "outbox",
    group: "Events",
    summary: "list messages of sessions, and those that may not have arrived",
    load: async () => (await import("./commands/outbox.ts")).outbox,
  },
  {
    name: "ack",
    group: "Events",
    summary: "close events by hand",
    load: async () => (await import("./commands/ack.ts")).ack,
  },
  {
    name: "sessions",
    group: "Events",
    summary: "list sessions, their lanes and whether delivery is proven",
    load: async () => (await import("./commands/sessions.ts")).sessions,
  },
  {
    name: "watch",
    group: "Events",
    summary: "send a channel's events to one session; list subscriptions",
    load: async () => (await import("./commands/watch.ts")).watch,
  },
  {
    name: "unwatch",
    group: "Events",
    summary: "end a subscription",
    load: async () => (await import("./commands/watch.ts")).unwatch,
  },
  {
    name: "route",
    group: "Events",
    summary: "list and change rules that send events to a session",
    load: async () => (await import("./commands/route.ts")).route,
  },
  {
    name: "mcp",
    group: "Spawned by clients",
    summary: "the stdio MCP server",
    load: async () => (await import("./commands/mcp.ts")).mcp,
  },
  {
    name: "bell",
    group: "Spawned by clients",
    summary: "the plugin's monitor",
    load: async () => (await import("./commands/mcp.ts")).bell,
  },
];

export function findCommand(name: string): CommandEntry | undefined {
  return COMMANDS.find((entry) => entry.name === name);
}
