/**
 * The test kit for authors of channels, as `sluice/testing`.
 *
 * Everyday names first, then types. It knows no test runner: what it finds wrong, it throws.
 */
export { channelContract } from "./channel-contract.js";
export { FakePlatform } from "./fake-platform.js";
export { checkGolden, readChannelTexts } from "./golden.js";
export { makeSecret, SIGNATURE_SCHEMES, signRequest } from "./signed-request.js";
export { openDefined } from "./open-defined.js";
export { openChannel } from "./open-channel.js";
export { settle, VirtualClock } from "./virtual-clock.js";
export { openSession } from "../host/session.js";
