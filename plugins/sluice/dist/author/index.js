/** The public door. Everyday names first, then advanced ones, then types. It loads little: a client waits for what it spawns. */
export { defineChannel, observe, tool, webhook } from "../sdk/author/define.js";
export { checkMeta, drop } from "../sdk/author/new-event.js";
export { serve } from "./serve.js";
export { bearer, env, header, localOnly, signed } from "../sdk/author/proof.js";
export { describeChannel } from "../sdk/author/describe.js";
export { ERROR_CODES, isSluiceError, SluiceError, toMessage } from "../sdk/errors.js";
export { isEventId, newEventId, newUlid } from "../sdk/id.js";
export { MaybeSent, PartlySent, toPartFault } from "../sdk/message.js";
export { Secret } from "../sdk/secret.js";
export { ACK_POLICIES, DELIVERY_STATES, LANES, PRIORITIES, ROLES } from "../sdk/event.js";
