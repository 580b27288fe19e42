/** The public door. Everyday names first, then advanced ones, then types. */
export { defineChannel } from "./channel.ts";

export { ERROR_CODES, isSluiceError, SluiceError, toMessage } from "./errors.ts";
export { isEventId, newEventId, newUlid } from "./id.ts";
export { MaybeSent } from "./message.ts";
export { Secret } from "./secret.ts";
export { ACK_POLICIES, DELIVERY_STATES, LANES, PRIORITIES, ROLES } from "./event.ts";

export type { ChannelDefinition, ChannelOptions, Received, VerifiedRequest } from "./channel.ts";
export type { ErrorCode, SluiceErrorOptions } from "./errors.ts";
export type {
  AckPolicy,
  Arrival,
  DeliveryState,
  Event,
  Lane,
  Meta,
  Priority,
  Quote,
  Role,
  Sender,
} from "./event.ts";
export type { OutgoingButton, OutgoingFile, OutgoingMessage, SentMessage } from "./message.ts";
