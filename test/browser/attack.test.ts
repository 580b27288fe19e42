import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { Page } from "playwright-core";
import { expect, test, vi } from "vitest";
import { openRigWithHub, type Rig } from "../e2e/rig.ts";
import { newLink, openBrowser, openChat, openTab, say, SKIPPED } from "./browser.ts";

// A browser and a hub on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

/** A page of somebody else's, on another port: for cookies the same site as ours, for us a foreign origin. */
async function serveEvil(rig: Rig): Promise<number> {
  const server = createServer((_request, answer) => {
    answer.setHeader("content-type", "text/html");
    answer.end("<!doctype html><title>evil</title><body></body>");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  rig.add(() => {
    server.closeAllConnections();
    server.close();
  });
  // A server that listens on a TCP port has an AddressInfo.
  return (server.address() as AddressInfo).port;
}

/** Everything that a page could have changed. */
async function readState(rig: Rig, page: Page): Promise<unknown> {
  const events = await rig.events();
  const chats = await page.evaluate(async () => {
    const key = localStorage.getItem("sluice.key") ?? "";
    const ask = async (path: string) =>
      (await fetch(`/v1/${path}`, { headers: { "x-sluice-key": key } })).json();
    return [await ask("page"), await ask("chats/chat-1/messages")];
  });
  return { events: events.map(({ id }) => id), chats };
}

/** What a hostile page tries, in the browser that is signed in. Returns what it could read. */
function attack([base, file]: [string, string]): Promise<string[]> {
  const loot: string[] = [];
  const message = JSON.stringify({ key: "attack-attack", text: "pwned", files: [] });
  const target = `${base}/v1/chats/chat-1/messages`;
  const note = async (label: string, answer: Promise<Response>): Promise<void> => {
    try {
      const read = await (await answer).text();
      if (read !== "") loot.push(`${label}: ${read}`);
    } catch {
      // Not allowed to know: what is wanted.
    }
  };
  const submit = (enctype: string, action: string): void => {
    const frame = document.createElement("iframe");
    frame.name = `f${Math.random()}`;
    const form = document.createElement("form");
    Object.assign(form, { method: "post", enctype, action, target: frame.name });
    const field = document.createElement("input");
    field.name = message.slice(0, -1);
    field.value = "}";
    form.append(field);
    document.body.append(frame, form);
    form.submit();
  };
  const load = (tag: "img" | "script" | "iframe", address: string): Promise<void> =>
    new Promise((resolve) => {
      const element = document.createElement(tag);
      element.addEventListener("load", () => {
        if (tag === "img") loot.push(`img: ${address}`);
        resolve();
      });
      element.addEventListener("error", () => resolve());
      setTimeout(resolve, 1_500);
      element.src = address;
      document.body.append(element);
    });
  const listen = (socket: WebSocket | EventSource, label: string): Promise<void> =>
    new Promise((resolve) => {
      socket.addEventListener("open", () => loot.push(`${label} opened`));
      socket.addEventListener("message", () => loot.push(`${label} heard`));
      socket.addEventListener("error", () => resolve());
      setTimeout(() => {
        socket.close();
        resolve();
      }, 1_500);
    });
  for (const enctype of [
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
  ]) {
    submit(enctype, target);
    submit(enctype, `${base}/v1/files?name=a`);
    submit(enctype, `${base}/v1/sign-out`);
  }
  const types = [
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
  ];
  const credentials = "include" as const;
  return Promise.all([
    ...types.flatMap((type) => [
      note(
        "no-cors",
        fetch(target, {
          method: "POST",
          mode: "no-cors",
          credentials,
          body: message,
          headers: { "content-type": type },
        }),
      ),
      note(
        "cors",
        fetch(target, {
          method: "POST",
          credentials,
          body: message,
          headers: { "content-type": type },
        }),
      ),
    ]),
    note(
      "json",
      fetch(target, {
        method: "POST",
        credentials,
        body: message,
        headers: { "content-type": "application/json" },
      }),
    ),
    note("key", fetch(`${base}/v1/page`, { credentials, headers: { "x-sluice-key": "x" } })),
    note("get", fetch(`${base}/v1/page`, { credentials })),
    note(
      "get no-cors",
      fetch(`${base}/v1/chats/chat-1/messages`, { credentials, mode: "no-cors" }),
    ),
    note("page", fetch(`${base}/`, { credentials })),
    load("img", `${base}/v1/files/${file}`),
    load("script", `${base}/v1/page`),
    load("iframe", `${base}/`),
    listen(new WebSocket(`${base.replace("http", "ws")}/v1/stream`), "WebSocket"),
    listen(new EventSource(`${base}/v1/stream`, { withCredentials: true }), "EventSource"),
    (async () => {
      for (const type of types) navigator.sendBeacon(target, new Blob([message], { type }));
      try {
        navigator.sendBeacon(target, new Blob([message], { type: "application/json" }));
      } catch {
        // Chromium refuses this type without a preflight.
      }
    })(),
  ]).then(() => new Promise((resolve) => setTimeout(() => resolve(loot), 300)));
}

test.skipIf(SKIPPED !== undefined)(
  "a hostile page in the same browser changes nothing and reads nothing, under any name of this machine",
  async () => {
    await using rig = await openRigWithHub({ env: { SLUICE_WEB_PORT: "0" } });
    const context = await openBrowser(rig);
    const { page } = await openChat(rig, context);
    await page.locator('input[type="file"]').setInputFiles({
      name: "dot.gif",
      mimeType: "image/gif",
      buffer: Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64"),
    });
    await page.locator(".drafts .size", { hasText: "B" }).waitFor();
    await page.getByRole("button", { name: "Send" }).click();
    await say(page, "before the attack");
    await page.locator(".message.you:not(.unsent)").nth(1).waitFor();
    const file = await page.evaluate(async () => {
      const key = localStorage.getItem("sluice.key") ?? "";
      const answer = await fetch("/v1/chats/chat-1/messages", { headers: { "x-sluice-key": key } });
      return ((await answer.json()) as { files: { id: string }[] }[])[0]?.files[0]?.id ?? "";
    });
    expect(file).not.toBe("");
    const before = await readState(rig, page);

    const { port } = new URL(page.url());
    const evil = await serveEvil(rig);
    const places = [
      [`http://127.0.0.1:${evil}/`, `http://127.0.0.1:${port}`],
      [`http://localhost:${evil}/`, `http://127.0.0.1:${port}`],
      [`http://localhost:${evil}/`, `http://localhost:${port}`],
      [`http://127.0.0.1:${evil}/`, `http://0.0.0.0:${port}`],
    ] as const;
    const loot = await Promise.all(
      places.map(async ([from, to]) => {
        const tab = await context.newPage();
        await tab.goto(from);
        return tab.evaluate(attack, [to, file] as [string, string]);
      }),
    );
    expect(loot).toEqual([[], [], [], []]);
    expect(await readState(rig, page)).toEqual(before);
  },
);

test.skipIf(SKIPPED !== undefined)(
  "a launch link works once; the page holds no token; another port of this machine cannot use the cookie",
  async () => {
    await using rig = await openRigWithHub({ env: { SLUICE_WEB_PORT: "0" } });
    const context = await openBrowser(rig);
    const link = await newLink(rig);
    const { page } = await openTab(context, link);
    await page.getByRole("textbox", { name: "Message" }).waitFor();
    expect(page.url()).not.toContain("open=");
    const token = link.split("=")[1] ?? "";
    const cookies = await context.cookies(`${new URL(link).origin}/v1/page`);
    expect(cookies).toMatchObject([{ httpOnly: true, sameSite: "Strict" }]);
    const served = await (await fetch(new URL("/", link))).text();
    for (const secret of [token, cookies[0]?.value ?? ""]) {
      expect(await page.content()).not.toContain(secret);
      expect(served).not.toContain(secret);
    }
    expect(await page.evaluate(() => document.cookie)).toBe("");

    // Another browser with the same link.
    await using other = await openRigWithHub();
    const stranger = await openBrowser(other);
    const second = await openTab(stranger, link);
    await second.page.getByText("This link was used").waitFor();

    // What another program on loopback would be sent, and what it can do with it.
    const stolen = `${cookies[0]?.name}=${cookies[0]?.value}`;
    const answer = await fetch(new URL("/v1/page", link), { headers: { cookie: stolen } });
    expect(answer.status).toBe(401);
  },
);

test("names that point here by DNS are refused on the wire: 25 of them, and two at once", async () => {
  await using rig = await openRigWithHub({ env: { SLUICE_WEB_PORT: "0" } });
  const port = Number(new URL(await newLink(rig)).port);
  const hosts = [
    `evil.example:${port}`,
    "evil.example",
    `localhost.evil.example:${port}`,
    `127.0.0.1.nip.io:${port}`,
    `0.0.0.0:${port}`,
    `127.0.0.1.:${port}`,
    `localhost.:${port}`,
    `LOCALHOST:${port}`,
    "127.0.0.1",
    "localhost",
    "[::1]",
    `127.1:${port}`,
    `2130706433:${port}`,
    `0x7f000001:${port}`,
    `017700000001:${port}`,
    `127.0.0.2:${port}`,
    `user@127.0.0.1:${port}`,
    `127.0.0.1:${port}@evil.example`,
    `[::]:${port}`,
    `[::ffff:127.0.0.1]:${port}`,
    `127.0.0.1:${port + 1}`,
    `127.0.0.1:0${port}`,
    `127.0.0.1:${port},evil.example`,
    `127.0.0.1:${port} evil`,
    "",
  ];
  expect(hosts.length).toBe(25);
  for (const host of hosts)
    expect([host, await sendRaw(port, `GET /v1/page HTTP/1.1\r\nHost: ${host}\r\n\r\n`)]).toEqual([
      host,
      expect.stringMatching(/^HTTP\/1\.1 40[03]/),
    ]);
  const good = `Host: 127.0.0.1:${port}\r\n`;
  for (const head of [
    `${good}${good}`,
    `${good}Host: evil.example\r\n`,
    `${good}X-Forwarded-For: 203.0.113.5\r\n`,
    `${good}Origin: null\r\n`,
  ])
    expect(await sendRaw(port, `GET /v1/page HTTP/1.1\r\n${head}\r\n`)).toMatch(
      /^HTTP\/1\.1 40[03]/,
    );
  expect(await sendRaw(port, `GET http://evil.example/v1/page HTTP/1.1\r\n${good}\r\n`)).toMatch(
    /^HTTP\/1\.1 400/,
  );
  expect(await sendRaw(port, `GET /v1/page HTTP/1.1\r\n${good}\r\n`)).toMatch(/^HTTP\/1\.1 401/);
});

/** The first line of the answer. */
function sendRaw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    socket.once("data", (bytes) => {
      resolve(bytes.toString().split("\r\n", 1)[0] ?? "");
      socket.destroy();
    });
    socket.once("error", reject);
  });
}
