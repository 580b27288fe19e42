/**
 * What the API's routes are given: subsystems of the hub as they are, each narrowed to what routes may do with it.
 *
 * Owns: nothing. Never: a function of its own for what a subsystem does already.
 */
import type { ServerResponse } from "node:http";
import type { RequestTemplate } from "../../sdk/channel.ts";
import type { PreviewView, RotatedView, rotateSchema, SampleView } from "../wire/request-wire.ts";
import type { z } from "zod";
import type { Accepted } from "../../flow/intake/accept.ts";
import type { AccessPolicy } from "../../flow/access/policy.ts";
import type { AccessAdmin, Caller } from "../../flow/access/admin.ts";
import type { Delivery } from "../../flow/deliver/deliver.ts";
import type { Prompts } from "../../flow/prompt/prompt.ts";
import type { Away } from "../../flow/prompt/notify/away.ts";
import type { QuietHours } from "../../flow/deliver/quiet.ts";
import type { ToolOutline } from "../../sdk/author/describe.ts";
import type { ToolAnswer, ToolOptions } from "../../flow/tools/contract.ts";
import type { Clock } from "../../sdk/clock.ts";
import type { Database } from "../../store/file/database.ts";
import type { AccessView, CallerFacts } from "../wire/access-wire.ts";
import type { AgentSessionCall } from "../wire/agent-wire.ts";
import type {
  addEventClientSchema,
  EventClientsView,
  EventTokenView,
} from "../wire/event-client-wire.ts";
import type {
  HostName,
  HostSetting,
  HostView,
  LaneView,
  PluginReportRequest,
  PluginSessionRequest,
} from "../wire/host-wire.ts";
import type { JobView } from "../wire/job-wire.ts";
import type { addRuleSchema, SubscriptionRuleView } from "../wire/subscription-wire.ts";
import type { ForgetRequest, ForgottenView, FoundPersonView } from "../wire/people-wire.ts";
import type {
  HookRequest,
  HookView,
  RemovedHookView,
  TunnelRequest,
  TunnelView,
} from "../wire/tunnel-wire.ts";
import type { Transcribe } from "../wire/transcribe-wire.ts";
import type { RemoteView } from "../wire/web-remote-wire.ts";
import type { WebLinkView, WebSessionView } from "../wire/web-wire.ts";
import type {
  addChannelSchema,
  addCodeSchema,
  AddedChannel,
  ChannelView,
  emitSchema,
  HubView,
  IngressChange,
  ListenerView,
  NoticesView,
  ProbeHop,
  ReloadView,
  probeSchema,
  StatusView,
} from "../wire/wire.ts";

export type ApiOptions = {
  db: Database;
  clock: Clock;
  delivery: Delivery;
  prompts: Prompts;
  away: Pick<Away, "view" | "set">;
  tools: ToolOptions;
  status: {
    describeHub(): HubView;
    describe(): StatusView;
    listChannels(): ChannelView[];
  };
  settings: {
    quiet: { change(hours: QuietHours | undefined): void };
    routing: {
      list(): SubscriptionRuleView[];
      add(request: z.output<typeof addRuleSchema>): SubscriptionRuleView;
      remove(id: number): SubscriptionRuleView;
    };
    /** Commands of projects that one tap allows. @throws SluiceError `bad_config`. */
    readProjectCommands(): readonly string[];
  };
  hosts: {
    describe(): HostView[];
    describeLanes(): LaneView[];
    /** @throws SluiceError `not_found` where it is not on. */
    plugin(name: HostName): {
      attach(found: PluginSessionRequest, push: (message: unknown) => void): () => void;
      report(session: string, report: PluginReportRequest): Promise<void>;
    };
    /** The door for `sluice agent`, which needs no setting: who runs one has asked for it. */
    agents(): Promise<{
      attach(found: Omit<AgentSessionCall, "caller">, push: (message: unknown) => void): () => void;
      report(session: string, report: PluginReportRequest): Promise<void>;
    }>;
    /** Resolves to whether it was on before. */
    change(name: HostName, setting: HostSetting | undefined): Promise<boolean>;
  };
  notices: {
    read(): NoticesView | undefined;
    change(notices: NoticesView | undefined): void;
  };
  ingress: { change(change: IngressChange): Promise<ListenerView> };
  channels: {
    add(request: z.output<typeof addChannelSchema>): Promise<AddedChannel>;
    /** `endsNotices`: it was the place for notices. */
    remove(name: string): Promise<{ endsNotices: boolean }>;
    pause(name: string, paused: boolean): Promise<void>;
    /** Resolves to the accounts that are ignored then. */
    ignore(name: string, change: { add: string[]; remove: string[] }): Promise<string[]>;
    /** A new secret beside the earlier one for a while. */
    rotate(
      name: string,
      request: Omit<z.output<typeof rotateSchema>, "caller">,
    ): Promise<RotatedView>;
    setTemplate(name: string, template: RequestTemplate | undefined): Promise<void>;
    /** True if messages to the channel can leave. */
    canReply(name: string): boolean;
  };
  people: {
    find(text: string, channel: string | undefined): FoundPersonView[];
    forget(request: ForgetRequest, actor: string): Promise<ForgottenView>;
  };
  reach: {
    readonly tunnel: TunnelView | undefined;
    change(tunnel: TunnelRequest | undefined): Promise<TunnelView | undefined>;
    putBack(): Promise<TunnelView | undefined>;
    follow(): Promise<void>;
    makeHook(channel: string, request: HookRequest): Promise<HookView>;
    removeHooks(channel: string): Promise<RemovedHookView[]>;
    updateHooks(channel: string): Promise<void>;
  };
  requests: {
    preview(event: string, template: RequestTemplate | undefined): Promise<PreviewView>;
    listSamples(kind: string): { event: string; source: string }[];
    sample(kind: string, event?: string, channel?: string): Promise<SampleView>;
  };
  code: {
    add(request: z.output<typeof addCodeSchema>): Promise<AddedChannel>;
    reload(
      name: string,
      request: Pick<z.output<typeof addCodeSchema>, "folder" | "digest" | "secrets">,
    ): Promise<ReloadView>;
  };
  authored: {
    listTools(): (ToolOutline & { channel: string })[];
    callTool(name: string, input: unknown): Promise<ToolAnswer> | undefined;
    onToolsChanged(listener: () => void): () => void;
  };
  inbound: {
    emit(request: z.output<typeof emitSchema>): Promise<Accepted>;
    /** What makes text of a channel's voice notes; null: nothing does. */
    transcriber: {
      change(
        name: string,
        change: { transcribe: Transcribe | null; secret?: string | undefined },
      ): Promise<void>;
    };
  };
  kinds: {
    /** Whether a channel of this kind runs programs of this machine. */
    runsPrograms(kind: string, settings: Readonly<Record<string, string>>): Promise<boolean>;
  };
  /** A command under `sluice run` has ended. */
  jobs: { ended(id: string): Promise<JobView> };
  /** `queued`: a message to this channel is on disk. */
  outbox: { queued(channel: string): void };
  probe: { run(request: z.output<typeof probeSchema>): Promise<ProbeHop[]> };
  web: {
    newLink(rights: { mayAllow: boolean }): Promise<WebLinkView>;
    listSessions(): WebSessionView[];
    /** One, or all. Returns how many were ended. */
    endSessions(id?: string): Promise<number>;
    describeRemote(): RemoteView;
    setPassphrase(passphrase: string, actor: string): Promise<RemoteView>;
    /** Without an origin: off. */
    setRemote(origin: string | undefined, actor: string): Promise<RemoteView>;
  };
  access: {
    policy: AccessPolicy;
    admin: AccessAdmin;
    /** Carries a line to the owners. Must not throw. */
    notifyOwner(text: string): void;
    /** Every channel with the rule that holds on it. */
    listPolicies(): AccessView["channels"];
  };
  /** MCP clients that take events. */
  eventClients: {
    list(): EventClientsView;
    add(request: Omit<z.output<typeof addEventClientSchema>, "caller">): Promise<EventTokenView>;
    rotate(name: string): Promise<EventTokenView>;
    remove(name: string): Promise<void>;
    /** Answers on `outgoing`. */
    answer(name: string, message: unknown, outgoing: ServerResponse): Promise<void>;
  };
  /** Looks at the process that calls. */
  toCaller: (facts: CallerFacts) => Caller;
  /** Ends the hub. */
  stop: (reason: string) => void;
};
