/**
 * The reference host, as `sluice/host`: a session that runs channel servers as Claude Code does, without a model of its own.
 *
 * Everyday names first, then those for tools that show or judge, then types.
 */
export { openSession, ReferenceSession } from "./session.ts";

export { decideGate, toEntryText } from "./gates.ts";
export { readEntries } from "./launch.ts";
export { newRenderer, toPrintable, wantsColour } from "./render.ts";

export type { Connection, HostInfo, Tool } from "./connect.ts";
export type { Approve } from "./dialog.ts";
export type {
  LaunchFacts,
  GatedServer,
  GateName,
  GateOutcome,
  ManagedChannels,
  PluginTag,
} from "./gates.ts";
export type { ChannelEntry } from "./launch.ts";
export type { CloseHow, ConnectServer, HostTransport } from "./link.ts";
export type { Monitor } from "./monitor.ts";
export type { Counters, HostNote, Read, ReadHow, TurnKind } from "./note.ts";
export type { HostRenderOptions } from "./render.ts";
export type { BellOptions, SessionOptions, SessionServer } from "./session-options.ts";
export type { AutoDeny, RunTool, ToolOutput } from "./tool-calls.ts";
export type { Model, ModelTurn } from "./turns.ts";
export type { Json } from "./wire.ts";
