/** Real child processes, a real HTTP server, a real database file; and a hub that is killed. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { FAKE_TOKEN, FakeTelegram } from "../../../test/fakes/telegram/fake-telegram.ts";
import type { Transcribe } from "../../api/wire/transcribe-wire.ts";
import { AccessPolicy } from "../../flow/access/policy.ts";
import { accept } from "../../flow/intake/accept.ts";
import { IncomingFiles } from "../../flow/intake/incoming-file.ts";
import type { Arrival } from "../../sdk/event.ts";
import { systemClock } from "../../sdk/clock.ts";
import { Secret } from "../../sdk/secret.ts";
import { InboxLimit } from "../../store/events/add-event.ts";
import { HELD } from "../../store/events/copied-state.ts";
import { findEvent, listEvents, readSteps } from "../../store/events/inbox.ts";
import { listTranscriptions } from "../../store/events/transcriptions.ts";
import { makeFolder, openDatabase, toArrival } from "../../store/sample.fixture.ts";
import { writeSecrets } from "../channels/secrets.ts";
import { openHub } from "../hub.ts";
import { openHome } from "../process/home.ts";
import { changeConfig, type ChannelConfig } from "../settings/config.ts";
import { Transcriber } from "./transcriber.ts";

const WORDS = "the deploy can go, said Ann";
const CHANNEL = { name: "tg", kind: "telegram", scheme: "bearer", twoWay: false, paused: false };
const ON_DISK = { limit: 50 };

function openScene(by: Transcribe | undefined, limits: Record<string, unknown> = {}) {
  const folder = join(makeFolder(), "home");
  const home = openHome({ SLUICE_HOME: folder });
  const db = openDatabase(home.database);
  const logged: string[] = [];
  const note = (...words: unknown[]): void => void logged.push(JSON.stringify(words));
  const log = { debug: note, info: note, warn: note, error: note };
  const config: ChannelConfig = { ...CHANNEL, rate: 0, ...(by && { transcribe: by }) };
  const fetched: string[] = [];
  const connection = {
    send: async () => ({ messageIds: [] }),
    download: async (reference: string) => {
      fetched.push(reference);
      return Buffer.from("RIFF-sound-of-a-voice");
    },
    close: async () => undefined,
  };
  const core = { db, clock: systemClock, log, home };
  const files = new IncomingFiles({
    ...core,
    folder: join(home.path, "files"),
    connection: () => connection,
  });
  const pressed: string[] = [];
  const assign = ({ isKnown }: Partial<Arrival> = {}) => ({
    watchers: isKnown === true ? "known,7" : "7",
  });
  const open = () => {
    const transcriber = new Transcriber(core, {
      channels: { list: () => [{ config } as never], keep: async () => undefined },
      delivery: { pressing: (id) => void pressed.push(id), watchers: { assign } as never },
      files,
      limits: { pausesMs: [10, 10], ...limits },
    });
    onTestFinished(() => transcriber.close());
    return transcriber;
  };
  const transcriber = open();
  /** As `Inbound` does it. */
  const receive = async (name = "voice.ogg", ack: "reply" | "auto" = "reply", isKnown = false) => {
    const file = { reference: name, name, mime: "audio/ogg", seconds: 12 };
    const arrival = toArrival({
      channel: "tg",
      text: "Message from Ann",
      ack,
      files: [file],
      isKnown,
    });
    const wants = transcriber.wants(arrival);
    const accepted = await accept(arrival, Date.now(), {
      ...core,
      access: { get: () => ({ paused: false, allowUnsigned: false }) },
      limit: new InboxLimit(db, systemClock),
      assign: (one) => (wants ? transcriber.assign(one) : assign(one)),
      pressing: () => undefined,
      stored: (id) => void (wants && transcriber.hold(id, arrival)),
    });
    if (accepted.kind !== "stored") throw new Error(accepted.kind);
    return accepted.id;
  };
  const read = (id: string) => {
    const { text, quotes, meta } = findEvent(db, id) ?? toArrival();
    return { text, quotes: quotes.map((one) => one.text), state: meta["transcription"] };
  };
  const settled = async (id: string) => {
    await expect.poll(() => read(id).state, { timeout: 60_000 }).toBeDefined();
    return read(id);
  };
  return {
    db,
    home,
    folder,
    logged,
    fetched,
    pressed,
    transcriber,
    receive,
    read,
    settled,
    config,
  };
}

function toScript(folder: string, body: string): Transcribe {
  const path = join(folder, "listen.sh");
  writeFileSync(path, `#!/bin/sh\n${body}\n`, { mode: 0o700 });
  return { command: [path, "-m", "a model"] };
}

/** What an endpoint says, by hand. */
async function openServer(
  answer: (request: IncomingMessage, response: ServerResponse, body: string) => void,
): Promise<Transcribe & { url: string }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => answer(request, response, Buffer.concat(chunks).toString("latin1")));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void (server.closeAllConnections(), server.close()));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/v1/audio/transcriptions?model=small&language=de` };
}

test.each([
  ["of somebody who is known", true, ["held,known", "known,7"]],
  ["of a stranger", false, ["held", "7"]],
])("a voice note %s is so still when it was heard", async (_, isKnown, expected) => {
  const folder = makeFolder();
  const go = join(folder, "go");
  const by = toScript(folder, `while [ ! -e ${go} ]; do sleep 0.05; done; echo ${WORDS}`);
  const { db, receive, settled } = openScene(by);
  const id = await receive("voice.ogg", "reply", isKnown);
  const read = () =>
    db.get<{ watchers: string }>("SELECT watchers FROM events WHERE id = ?", id)?.watchers;
  const held = read();
  writeFileSync(go, "");
  await settled(id);
  expect([held, read()]).toEqual(expected);
});

// TRANSCRIBE-1 LISTEN-1 HEARD-1
test("a command gets the file as its last argument; until its text is there nobody has the event, then who it is for", async () => {
  const folder = makeFolder();
  const go = join(folder, "go");
  const by = toScript(
    folder,
    `echo "secret words" >&2; while [ ! -e ${go} ]; do sleep 0.05; done; echo "$#:$2:$(cat "$3") ${WORDS}"`,
  );
  const { db, receive, read, settled, pressed, logged } = openScene(by);
  const id = await receive();
  const address = () =>
    db.get<{ watchers: string }>("SELECT watchers FROM events WHERE id = ?", id)?.watchers;
  await expect.poll(() => listTranscriptions(db, 9)[0]?.attempts).toBe(1);
  expect([address(), read(id).quotes, read(id).state]).toEqual([HELD, [], undefined]);
  // Another event waits for nothing of it.
  const other = await receive("plan.pdf.ogg.txt").then(() => receive("x"), String);
  expect(findEvent(db, other)?.state).toBe("stored");
  writeFileSync(go, "");
  expect((await settled(id)).quotes).toEqual([`3:a model:RIFF-sound-of-a-voice ${WORDS}`]);
  expect([address(), pressed.includes(id)]).toEqual(["7", true]);
  expect(readSteps(db, id).map(({ reason }) => reason)).toEqual([
    "its voice note is listened to",
    "its voice note was transcribed",
  ]);
  // TRANSCRIBE-3
  expect(logged.join()).not.toMatch(/secret words|RIFF|deploy|a model/);
});

test("an endpoint gets the form that OpenAI takes, with the key, and its text is what was said", async () => {
  const asked: string[] = [];
  const by = await openServer((request, response, body) => {
    asked.push(`${request.method} ${request.headers.authorization} ${body}`);
    response.end(JSON.stringify({ text: `${WORDS} 🙂`, usage: { seconds: 3 } }));
  });
  const { home, receive, settled, logged } = openScene(by);
  writeSecrets(home, "tg", { keys: [], named: { transcribe: "sk-canary" } });
  expect((await settled(await receive())).quotes).toEqual([`${WORDS} 🙂`]);
  expect(asked[0]).toContain("POST Bearer sk-canary");
  for (const part of [
    'name="model"\r\n\r\nsmall',
    'name="language"\r\n\r\nde',
    'filename="1-voice.ogg"',
  ])
    expect(asked[0]).toContain(part);
  expect(logged.join()).not.toContain("sk-canary");
});

// TRANSCRIBE-2
test.each<[string, number, string | undefined, string]>([
  ["500 each time", 3, undefined, "127.0.0.1 answered 500"],
  ["no JSON", 1, "<html>canary</html>", "127.0.0.1 answered no JSON"],
  ["JSON of another form", 1, '{"segments":[]}', 'answered JSON without "text"'],
  ["a list", 1, "[1]", 'answered JSON without "text"'],
  ["silence", 1, '{"text":""}', "no words were heard in it"],
  ["more than anybody says", 1, `{"text":"${"x".repeat(1_100_000)}"}`, "more than 1048576 bytes"],
])("an endpoint answers %s: the event goes on, and says so", async (_, tries, body, why) => {
  let asked = 0;
  const by = await openServer((_request, response) => {
    asked += 1;
    if (body === undefined) response.statusCode = 500;
    response.end(body ?? "canary");
  });
  const { receive, settled, logged } = openScene(by);
  const { text, quotes, state } = await settled(await receive());
  expect(text).toContain("(voice note of 12 s; the transcription failed: ");
  expect([text.includes(why), quotes, state, asked]).toEqual([true, [], "failed", tries]);
  expect(text + logged.join()).not.toContain("canary");
});

test("an endpoint that says nothing, a key that is refused, and one that mends itself", async () => {
  const answers = [401, 503, 200];
  const by = await openServer((_request, response) => {
    const status = answers.shift();
    if (status === undefined) return;
    response.statusCode = status;
    response.end('{"text":"at last"}');
  });
  const { receive, settled } = openScene(by, { tryMs: 300 });
  expect((await settled(await receive())).text).toContain("refuses the key (401)");
  expect((await settled(await receive())).quotes).toEqual(["at last"]);
  expect((await settled(await receive())).text).toContain("no answer in 1 s");
});

// LISTEN-2
test.each([
  ["exits 3", "echo canary; exit 3", "listen.sh failed (exit 3)"],
  ["prints without end", "yes canary", "printed too much"],
  ["never ends", "sleep 600 & wait", "listen.sh failed (no end in 1 s)"],
  ["prints nothing", "true", "no words were heard in it"],
])("a command that %s is told, and leaves nothing behind", async (_, body, why) => {
  const by = toScript(makeFolder(), body);
  const { receive, settled, logged } = openScene(by, { tryMs: 1_000 });
  const { text } = await settled(await receive());
  expect(text).toContain(why);
  expect(text + logged.join()).not.toContain("canary");
});

test("a program that is gone, and a channel that listens no more, hold up nobody", async () => {
  const { receive, settled } = openScene({ command: ["/no/such/program", "key"] });
  expect((await settled(await receive())).text).toContain("program could not be run");
  const second = openScene(toScript(makeFolder(), "sleep 600"));
  delete second.config.transcribe;
  expect(second.transcriber.wants(toArrival({ channel: "tg", files: [] }))).toBe(false);
});

// TRANSCRIBE-2
test("of many notes two are listened to at a time, and one that was forgotten meanwhile stays so", async () => {
  const folder = makeFolder();
  const by = toScript(
    folder,
    `echo x >> ${folder}/begun; while [ ! -e ${folder}/go ]; do sleep 0.05; done; echo hi`,
  );
  const { db, receive, read, settled } = openScene(by);
  const ids = [await receive(), await receive(), await receive()];
  const begun = () =>
    existsSync(`${folder}/begun`) ? readFileSync(`${folder}/begun`, "utf8").length / 2 : 0;
  await expect.poll(begun).toBe(2);
  await db.write(() => db.run("DELETE FROM transcriptions WHERE event = ?", ids[0] ?? ""));
  writeFileSync(`${folder}/go`, "");
  await settled(ids[2] ?? "");
  await settled(ids[1] ?? "");
  expect([begun(), read(ids[0] ?? "")]).toEqual([
    3,
    { text: "Message from Ann", quotes: [], state: undefined },
  ]);
});

const CHILD = `
const [hub, home] = process.argv.slice(1);
const { openHub } = await import(hub);
const quiet = () => {};
await openHub({
  env: { ...process.env, SLUICE_HOME: home, SLUICE_INGRESS_PORT: "0" },
  log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  stop: quiet,
});
setInterval(quiet, 1_000);`;

// TRANSCRIBE-1
test("a hub that is killed while a note is listened to begins again, and a session reads it once", async () => {
  const fake = await FakeTelegram.open();
  onTestFinished(() => fake.close());
  const folder = makeFolder();
  const path = join(folder, "home");
  const home = openHome({ SLUICE_HOME: path });
  const db = openDatabase(home.database);
  const policy = new AccessPolicy({ db, clock: systemClock, isStatic: false });
  const person = { channel: "tg", account: "4242", id: "77", name: "Ann", chatId: "77" };
  await db.write(() => void policy.write({ kind: "link", ...person, roles: ["chatter"] }, "owner"));
  db.close();
  writeSecrets(home, "tg", { keys: [{ id: "k1", secret: new Secret(FAKE_TOKEN) }] });
  const transcribe = toScript(
    folder,
    `echo x >> ${folder}/begun; [ -e ${folder}/go ] || exec sleep 600; echo "/stop ${WORDS}"`,
  );
  const settings = { "api-root": fake.root };
  changeConfig(home.config, (before) => ({
    ...before,
    channels: [{ ...CHANNEL, rate: 0, settings, transcribe }],
  }));
  fake.files.set("voice-1", Buffer.from("OggS"));
  const from = { id: 77, is_bot: false, first_name: "Ann" };
  const voice = { file_id: "voice-1", duration: 12, mime_type: "audio/ogg", file_size: 4 };
  const chat = { id: 77, type: "private" };
  fake.push({ message: { message_id: 9, date: 1_790_000_000, chat, from, voice } });
  const hub = join(import.meta.dirname, "..", "hub.ts");
  const args = ["--no-warnings", "--input-type=module", "-e", CHILD, hub, path];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const begun = () =>
    existsSync(`${folder}/begun`) ? readFileSync(`${folder}/begun`, "utf8").length / 2 : 0;
  await expect.poll(begun, { timeout: 60_000 }).toBe(1);
  child.kill("SIGKILL");
  await once(child, "exit");
  writeFileSync(join(folder, "go"), "");
  const quiet = (): void => {};
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  const env = { SLUICE_HOME: path, SLUICE_INGRESS_PORT: "0" };
  const again = await openHub({ env, log, stop: quiet });
  onTestFinished(() => again.close());
  const events = () => {
    const read = openDatabase(home.database);
    const all = listEvents(read, ON_DISK);
    read.close();
    return all;
  };
  await expect.poll(() => events()[0]?.meta["transcription"], { timeout: 60_000 }).toBe("done");
  expect(events()).toMatchObject([
    {
      text: "Message from Ann\n(voice message: 12 s)",
      // VOICE-1: no command of the hub's, though it reads like one.
      quotes: [{ label: "voice note of 12 s, transcribed", text: `/stop ${WORDS}` }],
      state: "stored",
    },
  ]);
  expect(begun()).toBe(2);
});
