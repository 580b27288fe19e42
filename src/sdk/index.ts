/** The public door. Everyday names first, then advanced ones, then types. */
export { defineChannel } from "./channel.ts";

export { ERROR_CODES, isSluiceError, SluiceError, toMessage } from "./errors.ts";
export { isEventId, newEventId, newUlid } from "./id.ts";
export { chunkMarkdown } from "./chunk.ts";
export { fetchFile } from "./net/fetch-file.ts";
export { MaybeSent, PartlySent, toPartFault } from "./message.ts";
export { openRequest, request } from "./net/request.ts";
export { Secret } from "./secret.ts";
export { ACK_POLICIES, DELIVERY_STATES, LANES, PRIORITIES, ROLES } from "./event.ts";

export type {
  Account,
  ChannelConnection,
  ChannelContext,
  ChannelDefinition,
  ChannelOptions,
  ChannelSetting,
  ConnectionState,
  Received,
  VerifiedRequest,
} from "./channel.ts";
export type { FetchFileOptions } from "./net/fetch-file.ts";
export type { ErrorCode, SluiceErrorOptions } from "./errors.ts";
export type { Answer, RequestOptions } from "./net/request.ts";
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
} from "./event.ts";
export type { OutgoingButton, OutgoingFile, OutgoingMessage, SentMessage } from "./message.ts";
