import { expect, test } from "vitest";
import { toChannelState } from "./channel-state.ts";

test.each([
  ["a bot whose poll stands", { state: "ok", isConnected: true }, "connected"],
  [
    "a webhook whose sender was proved",
    { state: "ok", url: "/in/ci", connectedAt: 5 },
    "connected",
  ],
  ["a webhook that nobody has called", { state: "ok", url: "/in/ci" }, "no event yet"],
  ["the page's chats, which nobody has to connect", { state: "ok" }, "ok"],
  ["a webhook that was proved and is paused", { state: "paused", connectedAt: 5 }, "paused"],
  ["one that is down", { state: "down", url: "/in/ci" }, "down"],
])("connected is known: %s", (_, channel, state) => {
  expect(toChannelState(channel)).toBe(state);
});
