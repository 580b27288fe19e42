/**
 * What the API's routes are given: the flow, the store, and what only the hub can do.
 */
import type { z } from "zod";
import type { AccessRoutesOptions } from "./access-routes.ts";
import type { Accepted } from "../flow/accept.ts";
import type { ToolOptions } from "../flow/tool.ts";
import type { Clock } from "../sdk/clock.ts";
import type { AwayRoutesOptions } from "./away-routes.ts";
import type { PromptRoutesOptions } from "./prompt-routes.ts";
import type { RuleRoutesOptions } from "./rule-routes.ts";
import type { RoutingRoutesOptions } from "./subscription-routes.ts";
import type { RemoteRoutesOptions } from "./web-remote-routes.ts";
import type { WebLinkView, WebSessionView } from "./web-wire.ts";
import type {
  addChannelSchema,
  AddedChannel,
  ChannelView,
  emitSchema,
  HubView,
  IngressChange,
  ListenerView,
  NoticesView,
  ProbeHop,
  probeSchema,
  StatusView,
} from "./wire.ts";

export type ApiOptions = ToolOptions &
  RoutingRoutesOptions &
  PromptRoutesOptions &
  AwayRoutesOptions &
  Pick<RuleRoutesOptions, "readProjectCommands"> & {
    clock: Clock;
    describeHub: () => HubView;
    describeStatus: () => StatusView;
    stop: (reason: string) => void;
    changeQuiet: (quiet: { from: string; to: string } | undefined) => void;
    probe: (request: z.output<typeof probeSchema>) => Promise<ProbeHop[]>;
    readNotices: () => NoticesView | undefined;
    changeNotices: (notices: NoticesView | undefined) => void;
    changeIngress: (change: IngressChange) => Promise<ListenerView>;
    channels: {
      list: () => ChannelView[];
      add: (request: z.output<typeof addChannelSchema>) => Promise<AddedChannel>;
      /** `endsNotices`: it was the place for notices. */
      remove: (name: string) => Promise<{ endsNotices: boolean }>;
      pause: (name: string, paused: boolean) => Promise<void>;
    };
    web: {
      newLink: (rights: { mayAllow: boolean }) => Promise<WebLinkView>;
      listSessions: () => WebSessionView[];
      /** One, or all. Returns how many were ended. */
      endSessions: (id?: string) => Promise<number>;
    } & RemoteRoutesOptions["web"];
    access: AccessRoutesOptions["access"];
    emit: (request: z.output<typeof emitSchema>) => Promise<Accepted>;
  };
