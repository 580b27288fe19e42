/** The public door. Everyday names first, then advanced ones, then types. It loads little: a client waits for what it spawns. */
export { defineChannel, observe, tool, webhook } from "../sdk/author/define.ts";
export { checkMeta, drop } from "../sdk/author/new-event.ts";
export { serve } from "./serve.ts";
export { bearer, env, header, localOnly, signed } from "../sdk/author/proof.ts";

export { describeChannel } from "../sdk/author/describe.ts";
export { ERROR_CODES, isSluiceError, SluiceError, toMessage } from "../sdk/errors.ts";
export { isEventId, newEventId, newUlid } from "../sdk/id.ts";
export { MaybeSent, PartlySent, toPartFault } from "../sdk/message.ts";
export { Secret } from "../sdk/secret.ts";
export { ACK_POLICIES, DELIVERY_STATES, LANES, PRIORITIES, ROLES } from "../sdk/event.ts";

export type {
  AuthorChannel,
  AuthorDefinition,
  ChannelTool,
  Emitter,
  Live,
  ObserveSource,
  PeopleList,
  SendReply,
  ScheduleSource,
  ServiceLive,
  ServiceSource,
  WebhookDelivery,
  WebhookSource,
} from "../sdk/author/definition.ts";
export type {
  AuthorFile,
  AuthorMessage,
  ChatAct,
  ChatActInputs,
  ChatActs,
  ChatOutline,
  EventChat,
} from "../sdk/author/chat.ts";
export type { ChannelOutline, SourceOutline, ToolOutline } from "../sdk/author/describe.ts";
export type {
  Drop,
  EventMeta,
  NewEvent,
  PushResult,
  ReceiveResult,
} from "../sdk/author/new-event.ts";
export type { ServeOptions } from "./alone/serve.ts";
export type { EnvRef, OwnCheck, ProofRule, RawRequest } from "../sdk/author/proof.ts";
export type { AnySchema } from "../sdk/author/schema.ts";
export type { ConnectionState, VerifiedRequest } from "../sdk/channel.ts";
export type { ErrorCode, SluiceErrorOptions } from "../sdk/errors.ts";
export type {
  AckPolicy,
  Arrival,
  ChatFacts,
  DeliveryState,
  Event,
  IncomingFile,
  LaneName,
  Meta,
  Priority,
  Quote,
  Role,
  Sender,
} from "../sdk/event.ts";
export type {
  Activity,
  OutgoingButton,
  OutgoingFile,
  OutgoingMessage,
  SentMessage,
  Sign,
} from "../sdk/message.ts";
