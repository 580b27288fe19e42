import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "../../store/sample.fixture.ts";
import { readSecrets, writeSecrets } from "../channels/secrets.ts";
import { openHome } from "../process/home.ts";
import type { ChannelConfig } from "../settings/config.ts";
import { changeTranscribe } from "./change.ts";

function openScene(kind = "telegram", isConnected = true) {
  const home = openHome({ SLUICE_HOME: join(makeFolder(), "home") });
  let config: ChannelConfig = {
    name: "tg",
    kind,
    scheme: "x",
    twoWay: false,
    paused: false,
    rate: 0,
  };
  const channels = {
    list: () => [{ config, isConnected } as never],
    keep: async (_: string, change: Partial<ChannelConfig>) =>
      void (config = { ...config, ...change }),
  };
  const change = (transcribe: ChannelConfig["transcribe"] | null, secret?: string, name = "tg") =>
    changeTranscribe({ home }, channels, name, { transcribe: transcribe ?? null, secret });
  return {
    home,
    change,
    named: () => readSecrets(home, "tg")?.named,
    read: () => config.transcribe,
  };
}

test("a key stays with the host that it was given for, and goes to no other", async () => {
  const { home, change, named, read } = openScene();
  writeSecrets(home, "tg", { keys: [], named: { app: "other" } });
  await change({ url: "https://a.example/x" }, "sk-a");
  await change({ url: "https://a.example/y?model=m" });
  expect(named()).toEqual({ app: "other", transcribe: "sk-a" });
  await change({ url: "https://b.example/x" });
  expect([named(), read()]).toEqual([{ app: "other" }, { url: "https://b.example/x" }]);
  await change({ url: "https://b.example/x" }, "sk-b");
  await change({ command: ["sh"] });
  expect(named()).toEqual({ app: "other" });
  await change(null);
  expect(read()).toBeUndefined();
});

test("what brings no voice notes, a program that is not there and a key for a program are refused", async () => {
  const { change, read } = openScene();
  await expect(change({ command: ["no-such-program"] })).rejects.toThrow("no program");
  await expect(change({ command: ["./here.sh"] })).rejects.toThrow("whole path");
  await expect(change({ command: ["sh"] }, "key")).rejects.toThrow("key of an endpoint");
  await expect(change({ command: ["sh"] }, undefined, "x")).rejects.toThrow('no channel "x"');
  expect(read()).toBeUndefined();
  await expect(openScene("github", false).change({ command: ["sh"] })).rejects.toThrow("by chats");
});
