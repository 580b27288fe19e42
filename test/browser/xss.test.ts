import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test, vi } from "vitest";
import { openRigWithHub } from "../e2e/rig.ts";
import { openLane } from "../e2e/sessions.ts";
import { openBrowser, openChat, SKIPPED } from "./browser.ts";
import { XSS_PAYLOADS } from "./xss-payloads.ts";

// A browser and a hub on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

/** Elements and attributes that the page itself never makes. */
const FOREIGN =
  "script:not([src^='/']), iframe, svg, math, object, embed, video, audio, marquee, base, meta[http-equiv], style, " +
  "form:not(.composer), details, select, [onerror], [onload], [onclick], [onfocus], [onmouseover], [style], [srcdoc], " +
  ".messages img:not([src^='blob:']), a[href]:not([href^='http']):not([href^='#'])";

type Sent = { path: string; body: unknown };

/** As the page itself asks, many at a time. */
function send(page: Page, requests: readonly Sent[]): Promise<unknown[]> {
  return page.evaluate(async (list) => {
    const answers: unknown[] = [];
    for (const { path, body } of list) {
      const isFile = path.startsWith("files");
      const answer = await fetch(`/v1/${path}`, {
        method: "POST",
        headers: {
          "x-sluice-key": localStorage.getItem("sluice.key") ?? "",
          "content-type": isFile ? "application/octet-stream" : "application/json",
        },
        body: isFile ? String(body) : JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
      answers.push(await answer.json());
    }
    return answers;
  }, requests);
}

test.skipIf(SKIPPED !== undefined)(
  "60 payloads as messages, replies, titles, file names and a session's name: none runs, none becomes an element",
  async () => {
    expect(new Set(XSS_PAYLOADS).size).toBe(60);
    await using rig = await openRigWithHub({ env: { SLUICE_WEB_PORT: "0" } });
    const cwd = join(rig.folder, "<img src=x onerror=pwned()>");
    mkdirSync(cwd);
    let replied = 0;
    await openLane(rig, "channel", {
      cwd,
      model: async (turn) => {
        const [, id] = /event_id="(evt_\w+)"/.exec(turn.text) ?? [];
        if (id === undefined || replied > 0) return;
        replied += 1;
        await turn.callTool("reply", { event_id: id, text: XSS_PAYLOADS.join("\n\n") });
      },
    });
    const context = await openBrowser(rig);
    let runs = 0;
    await context.exposeFunction("pwned", () => (runs += 1));
    const { page, alarms } = await openChat(rig, context);
    const key = () => crypto.randomUUID();

    await send(page, [{ path: "chats/chat-1/messages", body: { key: key(), text: "begin" } }]);
    await page.locator(".message.session").waitFor();
    const message = (chat: number, text: string, files: string[] = []): Sent => ({
      path: `chats/chat-${chat}/messages`,
      body: { key: key(), text, files },
    });
    const uploads = await send(
      page,
      XSS_PAYLOADS.map((name) => ({
        path: `files?name=${encodeURIComponent(name)}`,
        body: "<script>pwned()</script>",
      })),
    );
    const ids = uploads.map((file) => (file as { id: string }).id);
    for (let at = 0; at < ids.length; at += 10)
      await send(page, [message(1, "files", ids.slice(at, at + 10))]);
    // Titles stand in the list, the head and the window's own title, live.
    await send(
      page,
      XSS_PAYLOADS.map((title) => ({
        path: "chats/chat-1/title",
        body: { title: title.slice(0, 80) },
      })),
    );
    await page.locator(".message").nth(7).waitFor({ state: "attached" });
    // Four more chats: twenty messages a minute are what one chat takes.
    for (let chat = 2; chat < 6; chat += 1) {
      await send(page, [{ path: "chats", body: {} }]);
      const part = XSS_PAYLOADS.slice((chat - 2) * 15, (chat - 1) * 15);
      await send(
        page,
        part.map((text) => message(chat, text)),
      );
    }
    const check = async (): Promise<void> => {
      expect(
        await page.locator(FOREIGN).evaluateAll((found) => found.map((one) => one.outerHTML)),
      ).toEqual([]);
      const links = await page
        .locator(".messages .markdown a")
        .evaluateAll((all) =>
          all.map((one) => [one.getAttribute("href")?.split(":")[0], one.getAttribute("rel")]),
        );
      for (const link of links) expect(link).toEqual(["https", "noopener noreferrer nofollow"]);
    };
    await check();
    // Read from the history, each chat in turn.
    for (let chat = 2; chat < 6; chat += 1) {
      await page.goto(new URL(`/#/chat/chat-${chat}`, page.url()).href);
      await page.locator(".message").nth(14).waitFor({ state: "attached" });
      await check();
    }
    await page.reload();
    await page.locator(".message").nth(14).waitFor({ state: "attached" });
    await check();
    await page.goto(new URL("/#/status", page.url()).href);
    await page.getByText("<img src=x onerror=pwned()>").first().waitFor();
    await check();
    expect(runs).toBe(0);
    expect(alarms).toEqual([]);
  },
);

// MARKDOWN-1, MARKDOWN-2
test.skipIf(SKIPPED !== undefined)(
  "Markdown of a reply becomes elements: code, lists, tables, quotes, links; hostile text costs no time",
  async () => {
    await using rig = await openRigWithHub({ env: { SLUICE_WEB_PORT: "0" } });
    const context = await openBrowser(rig);
    const { page, alarms } = await openChat(rig, context);
    const text = [
      "## Title",
      "one **bold**, _slanted_, ~~gone~~, `code`, snake_case_name and 2 * 3 * 4",
      "- first\n- second\n  - inner\n\n3. third\n4. fourth",
      "> quoted\n> more",
      "| a | b |\n| --- | --- |\n| 1 | 2 |",
      "```ts\nconst x = '<b>';\n```",
      "[a link](https://example.org/a_b) and https://example.org/x.",
    ].join("\n\n");
    await send(page, [{ path: "chats/chat-1/messages", body: { key: crypto.randomUUID(), text } }]);
    const markdown = page.locator(".markdown");
    await markdown.waitFor();
    const counts = await markdown.evaluate((root) =>
      Object.fromEntries(
        [
          "h4",
          "strong",
          "em",
          "del",
          "p code",
          "ul > li",
          "ul ul li",
          "ol li",
          "blockquote",
          "td",
          "pre code",
          "a",
        ].map((selector) => [selector, root.querySelectorAll(selector).length]),
      ),
    );
    expect(counts).toEqual({
      h4: 1,
      strong: 1,
      em: 1,
      del: 1,
      "p code": 1,
      "ul > li": 3,
      "ul ul li": 1,
      "ol li": 2,
      blockquote: 1,
      td: 2,
      "pre code": 1,
      a: 2,
    });
    expect(await markdown.locator("ol").getAttribute("start")).toBe("3");
    expect(await markdown.locator("pre code").textContent()).toBe("const x = '<b>';");
    expect(
      await markdown.locator("a").evaluateAll((all) => all.map((one) => one.getAttribute("href"))),
    ).toEqual(["https://example.org/a_b", "https://example.org/x"]);
    const hostile = ["`", "*", "**a", "[", "[a](", "~~", "> ", "- ", "|", "_a ", "https://"].map(
      (part) => part.repeat(30_000 / part.length),
    );
    await send(
      page,
      hostile.map((one) => ({
        path: "chats/chat-1/messages",
        body: { key: crypto.randomUUID(), text: one },
      })),
    );
    await page
      .locator(".message")
      .nth(hostile.length)
      .waitFor({ state: "attached", timeout: 5_000 });
    expect(alarms).toEqual([]);
  },
);
