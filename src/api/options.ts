/**
 * What the API's routes are given: the flow, the store, and what only the hub can do.
 */
import type { z } from "zod";
import type { Accepted } from "../flow/accept.ts";
import type { ToolOptions } from "../flow/tool.ts";
import type { Clock } from "../sdk/clock.ts";
import type {
  addChannelSchema,
  AddedChannel,
  ChannelView,
  emitSchema,
  HubView,
  IngressChange,
  ListenerView,
  StatusView,
  NoticesView,
} from "./wire.ts";

export type ApiOptions = ToolOptions & {
  clock: Clock;
  describeHub: () => HubView;
  describeStatus: () => StatusView;
  stop: (reason: string) => void;
  changeIngress: (change: IngressChange) => Promise<ListenerView>;
  changeNotices: (notices: NoticesView | undefined) => void;
  channels: {
    list: () => ChannelView[];
    add: (request: z.output<typeof addChannelSchema>) => Promise<AddedChannel>;
    remove: (name: string) => Promise<void>;
    pause: (name: string, paused: boolean) => Promise<void>;
  };
  emit: (request: z.output<typeof emitSchema>) => Promise<Accepted>;
};
