/**
 * The test kit for authors of channels, as `sluice/testing`.
 *
 * Everyday names first, then types. It knows no test runner: what it finds wrong, it throws.
 */
export { channelContract } from "./channel-contract.ts";
export { FakePlatform } from "./fake-platform.ts";
export { checkGolden, readChannelTexts } from "./golden.ts";
export { makeSecret, SIGNATURE_SCHEMES, signRequest } from "./signed-request.ts";
export { openDefined } from "./open-defined.ts";
export { openChannel } from "./open-channel.ts";
export { settle, VirtualClock } from "./virtual-clock.ts";
export { openSession } from "../host/session.ts";

export type { Claim } from "./channel-contract.ts";
export type { ChatFeature, ContractSkip } from "./chat-contract.ts";
export type { ChatMeans, ContractMessage, ContractView } from "./chat-means.ts";
export type { AnswerFake, FakeAnswer, FakeFault, FakeRequest, FitsFault } from "./fake-platform.ts";
export type { OpenChannelOptions, OpenedChannel } from "./open-channel.ts";
export type { ContractRig } from "./scene.ts";
export type { SignedRequest, SigningOptions } from "./signed-request.ts";
export type { SessionOptions } from "../host/session-options.ts";
export type { Model, ModelTurn } from "../host/turns.ts";
