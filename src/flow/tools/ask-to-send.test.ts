import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { ALLOW, PAGE, SHELL } from "../prompt/prompt-rig.fixture.ts";
import { openScene } from "./tools-scene.fixture.ts";

const KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmU=\n";

async function openRoom() {
  const scene = await openScene();
  const session = scene.connect(1);
  const event = await scene.ask(session, "7");
  const write = (name: string, text: string | Buffer): string => {
    mkdirSync(dirname(join(scene.folder, name)), { recursive: true });
    writeFileSync(join(scene.folder, name), text);
    return name;
  };
  const send = (...files: string[]): Promise<string> =>
    scene.call(session, "reply", { event_id: event, text: "here", files });
  return { ...scene, session, event, write, send };
}

// ASKSEND-1, OUTBOUND-3
test("a file that looks like a secret leaves when a person has typed the code of its prompt, not before", async () => {
  const { asking, session, write, send, sent, home } = await openRoom();
  write("report.txt", "all green");
  write("notes.txt", KEY);
  expect(await send("report.txt", "notes.txt")).toBe(
    'ERROR reply: file "notes.txt" looks like a secret (it holds a private key): nothing was sent. A person is asked on the page (sluice open) and in approvers\' chats; tell your user, and when they have allowed it, make the same call again.',
  );
  expect(sent).toEqual([]);
  // Nothing of it is left behind either.
  expect(readdirSync(join(home, "outgoing"))).toEqual([]);
  const { pending: prompt } = asking;
  expect(prompt).toMatchObject({ tool: "sluice: send files", risk: { isRisky: true } });
  expect(prompt.arguments).toMatch(
    /^to: chat, chat 7\nfile_1: notes\.txt \(\d+ bytes, SHA-256 [0-9a-f]{64}\): it holds a private key$/,
  );
  // The turn ends, and the user types: neither answers it.
  await asking.hook(session, "Stop");
  await asking.hook(session, "UserPromptSubmit", { typed: true });
  expect(await asking.prompts.decide(SHELL, prompt.id, ALLOW, prompt.code)).toMatchObject({
    kind: "refused",
  });
  expect(await asking.prompts.decide(PAGE, prompt.id, ALLOW)).toMatchObject({ kind: "needs-code" });
  expect(await asking.prompts.decide(PAGE, prompt.id, ALLOW, prompt.code)).toMatchObject({
    kind: "done",
  });
  expect(await send("report.txt", "notes.txt")).toMatch(/^Sent\./);
  expect(sent.map(({ files = [] }) => files.map(({ name }) => name))).toEqual([
    ["report.txt", "notes.txt"],
  ]);
});

// ASKSEND-2
test("the word of a person is for these bytes in this conversation, once", async () => {
  const { asking, session, ask, call, write, send, sent } = await openRoom();
  const allow = async (): Promise<void> => {
    const { id, code } = asking.pending;
    await asking.prompts.decide(PAGE, id, ALLOW, code);
  };
  write("tokens.json", "{}");
  expect(await send("tokens.json")).toMatch(/"tokens" in its name/);
  await allow();
  write("tokens.json", '{ "x": 1 }');
  expect(await send("tokens.json")).toMatch(/nothing was sent/);
  await allow();
  expect(await send("tokens.json")).toMatch(/^Sent\./);
  const other = await ask(session, "8");
  const again = { event_id: other, text: "here", files: ["tokens.json"] };
  expect(await call(session, "reply", again)).toMatch(/nothing was sent/);
  await allow();
  expect(await call(session, "reply", again)).toMatch(/^Sent\./);
  // Used up: the same file is asked about again.
  expect(await call(session, "reply", { ...again, text: "once more" })).toMatch(/nothing was sent/);
  expect(sent).toHaveLength(2);
});

test("a denial stands for the same call, and nobody is asked again", async () => {
  const { asking, write, send, sent } = await openRoom();
  write("dump.env.bak", "A=1");
  await send("dump.env.bak");
  await asking.prompts.decide(PAGE, asking.pending.id, { kind: "deny", reason: "never" });
  for (const _ of [1, 2])
    expect(await send("dump.env.bak")).toMatch(
      /looks like a secret.*nothing was sent\. Denied by the user's approver on the page \(ada\): never/,
    );
  expect(asking.prompts.list({ state: "pending" })).toEqual([]);
  expect(sent).toEqual([]);
});

test("ASKSEND-1: nobody answers, or nobody is at the run: the file stays", async () => {
  const scene = await openRoom();
  scene.write("rsa_private", "x");
  await scene.send("rsa_private");
  await scene.rig.clock.advance(scene.asking.settings.expireAfterMs + 1);
  expect(scene.asking.prompts.list().map(({ reason }) => reason)).toEqual([
    "nobody answered within 10 min; the files were not sent",
  ]);
  expect(await scene.send("rsa_private")).toMatch(/A person is asked/);
  const headless = scene.connect(2, { interactive: false });
  expect(
    await scene.call(headless, "send", { channel: "chat", chat: "friend", files: ["rsa_private"] }),
  ).toMatch(/nobody has allowed it/);
  expect(scene.sent).toEqual([]);
});

test("the word comes while the call waits: it is sent in the same call", async () => {
  const scene = await openScene(60_000);
  const session = scene.connect(1);
  writeFileSync(join(scene.folder, "gcp-key.json"), "{}");
  const call = scene.call(session, "send", {
    channel: "chat",
    chat: "friend",
    files: ["gcp-key.json"],
  });
  await expect.poll(() => scene.asking.prompts.list({ state: "pending" }).length).toBe(1);
  const { id, code } = scene.asking.pending;
  await scene.asking.prompts.decide(PAGE, id, ALLOW, code);
  expect(await call).toMatch(/^Sent\./);
});

test("SECRETFILE-2: that only the begin of a large file was looked at is told", async () => {
  const { write, send, sent } = await openRoom();
  write("film.bin", Buffer.alloc(5 * 1024 ** 2, 7));
  expect(await send("film.bin")).toMatch(
    /^Sent\. \(message msg_\d+\)\nOnly the first 4 MiB were looked at for secrets: "film\.bin"\.$/,
  );
  const [path = ""] = sent.flatMap(({ files = [] }) => files.map((file) => file.path));
  expect(existsSync(path) ? readFileSync(path).length : 0).toBe(5 * 1024 ** 2);
});
