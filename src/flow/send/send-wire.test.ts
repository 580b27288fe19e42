/** The outbox over real channels and real connections: whatever breaks on the way, what becomes of a message. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, onTestFinished, test } from "vitest";
import { FAKE_TOKEN as NTFY_TOKEN, FakeNtfy } from "../../../test/fakes/ntfy/fake-ntfy.ts";
import { openConnection as openNtfy } from "../../channels/ntfy/connection.ts";
import {
  FAKE_TOKEN as BOT_TOKEN,
  FakeTelegram,
} from "../../../test/fakes/telegram/fake-telegram.ts";
import { openConnection as openTelegram } from "../../channels/telegram/connection.ts";
import { QUICK } from "../../channels/telegram/rig.fixture.ts";
import type { ChannelConnection, ChannelContext } from "../../sdk/channel.ts";
import { systemClock } from "../../sdk/clock.ts";
import type { OutgoingFile } from "../../sdk/message.ts";
import { Secret } from "../../sdk/secret.ts";
import { AFTER, BEFORE, Certificates, Wire, type WireFault } from "../../sdk/wire.fixture.ts";
import { addEffect, findEffect, type OutboxRow, retryEffect } from "../../store/outbox/outbox.ts";
import { makeFolder, openDatabase } from "../../store/sample.fixture.ts";
import { Sending } from "./send.ts";
import { VirtualClock } from "../virtual-clock.fixture.ts";

const certificates = new Certificates();
afterAll(() => certificates[Symbol.dispose]());
afterEach(() => void delete process.env["https_proxy"]);

const LIMITS = { connectMs: 400, timeoutMs: 400 };

/** A platform, as these tests see it: what it has carried out, and how a channel gets there. */
type Platform = {
  port: number;
  /** Texts and files that people have before them. */
  shown: () => string[];
  open: (context: ChannelContext, root: string) => Promise<ChannelConnection>;
  secret: string;
  chatId: string;
  close: () => Promise<void>;
};

const PLATFORMS: { name: string; start: () => Promise<Platform> }[] = [
  {
    name: "telegram",
    async start() {
      const fake = await FakeTelegram.open();
      return {
        port: Number(new URL(fake.root).port),
        shown: () =>
          fake.calls
            .filter(({ method, ok }) => ok && /^send(?:Message|Document)$/.test(method))
            .map(({ payload, files }) => String([...files.values()][0]?.name ?? payload["text"])),
        open: (context, root) =>
          openTelegram({ ...context, settings: { "api-root": root } }, QUICK, LIMITS),
        secret: BOT_TOKEN,
        chatId: "77",
        close: () => fake.close(),
      };
    },
  },
  {
    name: "ntfy",
    async start() {
      const fake = await FakeNtfy.open();
      return {
        port: Number(new URL(fake.root).port),
        shown: () => fake.kept.map(({ text }) => /^file (\S+):/.exec(text)?.[1] ?? text),
        open: (context, root) =>
          openNtfy(
            { ...context, settings: { topic: "builds", server: root } },
            { silentMs: 2_000, firstRetryMs: 20, lastRetryMs: 160 },
            LIMITS,
          ),
        secret: NTFY_TOKEN,
        chatId: "builds",
        close: () => fake.close(),
      };
    },
  },
];

/** A hub's way out to a platform, on a wire that breaks. */
async function openScene(start: () => Promise<Platform>, fault: WireFault) {
  const platform = await start();
  const wire = await Wire.open(platform.port, certificates);
  const db = openDatabase();
  const clock = new VirtualClock();
  const told: OutboxRow[] = [];
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const stop = new AbortController();
  let connection: ChannelConnection | undefined;
  const sending = new Sending({
    db,
    clock,
    log,
    connected: () => ["out"],
    connection: () => connection,
    unsure: (row) => told.push(row),
  });
  await sending.open();
  onTestFinished(async () => {
    await sending.close(1);
    stop.abort();
    await connection?.close();
    await wire[Symbol.asyncDispose]();
    await platform.close();
  });
  const find = (id: number): OutboxRow | undefined => findEffect(db, id);
  return {
    ...platform,
    wire,
    told,
    clock,
    find,
    connect: async () => {
      const context = {
        name: "out",
        secret: new Secret(platform.secret),
        settings: {},
        cursor: undefined,
        take: async () => undefined,
        report: () => undefined,
        clock: systemClock,
        log,
        signal: stop.signal,
      };
      connection = await platform.open(context, wire.toRoot(fault));
    },
    add: async (text: string, files: OutgoingFile[] = []) => {
      const { chatId } = platform;
      const effect = { kind: "send", event: null, channel: "out", chatId, session: "s" } as const;
      const { row } = await db.write(() => addEffect(db, { ...effect, text, files }, clock.now()));
      sending.changed();
      return row.id;
    },
    retry: (id: number) => db.write(() => retryEffect(db, id, clock.now())),
    /** As long as it takes until the row is so; the outbox's clock moves on meanwhile. */
    until: (id: number, is: (row: OutboxRow) => boolean) =>
      expect
        .poll(
          async () => {
            await clock.advance(5_000);
            const row = find(id);
            return row !== undefined && is(row) ? "so" : row;
          },
          { interval: 5 },
        )
        .toBe("so"),
  };
}

describe.each(PLATFORMS)("$name:", ({ start }) => {
  test.each(BEFORE)(
    "SEND-3: a message whose connection $name is sent later, once",
    async (fault) => {
      const scene = await openScene(start, fault);
      const mend = await fault.begin(scene.wire);
      await scene.connect();
      const id = await scene.add("hello");
      await scene.until(id, ({ state, attempts, reason }) => {
        expect(["queued", "sending"]).toContain(state);
        return attempts >= 2 && reason !== null;
      });
      expect(scene.find(id)?.reason).toMatch(/no connection/);
      expect(scene.shown()).toEqual([]);
      await mend();
      await scene.until(id, ({ state }) => state === "sent");
      expect(scene.shown()).toEqual(["hello"]);
      expect(scene.told).toEqual([]);
    },
  );

  test.each(AFTER)(
    "SEND-4: a message whose connection $name may have arrived: nothing is repeated, and its owner is told",
    async (fault) => {
      const scene = await openScene(start, fault);
      await fault.begin(scene.wire);
      await scene.connect();
      const id = await scene.add("hello");
      await scene.until(id, ({ state }) => state === "maybe");
      const before = scene.find(id);
      expect(await scene.add("hello")).toBe(id);
      await scene.clock.advance(300_000);
      expect(scene.find(id)).toEqual(before);
      expect(scene.shown()).toEqual(["hello"]);
      expect(scene.told).toEqual([before]);
    },
  );

  const inSteps: WireFault = { name: "breaks between two parts", begin: () => () => undefined };

  test("SEND-3: of a message in parts the next try goes on behind those that arrived", async () => {
    const scene = await openScene(start, inSteps);
    await scene.connect();
    const path = join(makeFolder(), "copy");
    writeFileSync(path, "x");
    const files = ["a.txt", "b.txt"].map((name) => ({ path, name, bytes: 1 }));
    // Between each two parts the way breaks for a while.
    let allowed = 1;
    const through = scene.wire.front.way;
    scene.wire.front.become((socket, wire) => {
      if (scene.shown().length < allowed) through(socket, wire);
      else socket.resetAndDestroy();
    });
    const text = "word ".repeat(1_500).trim();
    const id = await scene.add(text, files.slice(0, 1));
    for (; allowed < 4; allowed++) {
      await scene.until(
        id,
        ({ state, messageIds }) =>
          state === "sent" || (state === "queued" && messageIds.length === allowed),
      );
    }
    await scene.until(id, ({ state }) => state === "sent");
    const shown = scene.shown();
    expect(shown).toHaveLength(3);
    expect(shown.slice(0, 2).join(" ").split(/\s+/)).toEqual(text.split(" "));
    expect(shown[2]).toBe("a.txt");
    expect(scene.find(id)?.messageIds).toHaveLength(3);
    expect(scene.told).toEqual([]);
  });

  test("a part that may have arrived stops its message; sent again by hand, it goes on behind what surely arrived", async () => {
    const scene = await openScene(start, inSteps);
    await scene.connect();
    const through = scene.wire.front.way;
    const broken = AFTER[0] as WireFault;
    scene.wire.front.become((socket, wire) => {
      if (scene.shown().length === 0) return through(socket, wire);
      void broken.begin(wire);
      wire.front.way(socket, wire);
    });
    const id = await scene.add("word ".repeat(2_000).trim());
    await scene.until(id, ({ state }) => state === "maybe");
    expect(scene.find(id)?.messageIds).toHaveLength(1);
    expect(scene.shown()).toHaveLength(2);
    scene.wire.front.become(through);
    await scene.retry(id);
    await scene.until(id, ({ state }) => state === "sent");
    // The second part twice at most: nobody knew.
    expect(scene.shown()).toHaveLength(4);
    expect(scene.shown()[2]).toBe(scene.shown()[1]);
    expect(scene.find(id)?.messageIds).toHaveLength(3);
  });
});
