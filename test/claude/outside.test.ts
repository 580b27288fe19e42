// What happens outside, as the model of a real session reads it: an alert, a storm, a command, a file, a timer, a mail.
// The texts are kept in outside.golden.txt; UPDATE_GOLDEN=1 writes them anew, to be read.
import { createHmac, randomUUID } from "node:crypto";
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "vitest";

import type { AddedChannel, EventView } from "../../src/api/wire/wire.ts";
import { OUR_ADDRESS, SERVER, toMailText } from "../../src/channels/email/mail-rig.fixture.ts";
import { checkGolden } from "../../src/testing/golden.ts";
import { FakeImap } from "../fakes/mail/fake-imap.ts";
import { SmtpSink } from "../fakes/mail/smtp-sink.ts";
import { typeCommand } from "../e2e/people.ts";
import { toRead } from "./api-request.ts";
import { listReadings } from "./readings.ts";
import type { ScriptedApi } from "./scripted-api.ts";
import { callTool, script } from "./script.ts";
import { type SluiceStage, sessionTest } from "./sluice-test.ts";
import { waitUntil } from "./wait.ts";

const GOLDEN = join(import.meta.dirname, "outside.golden.txt");
const sentrySecret = "a client secret of sentry for this test";

/** Sends as a sender does; the hub must take it. */
async function send(url: string, body: object, headers: Record<string, string>): Promise<void> {
  const answered = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  expect(answered.ok, `${url}: ${answered.status}`).toBe(true);
}

async function add(
  sluice: SluiceStage["sluice"],
  args: string[],
  secret = "",
): Promise<AddedChannel> {
  const ran = await sluice.try(["add", ...args, "--json"], secret);
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
  return JSON.parse(ran.stdout) as AddedChannel;
}

async function listEvents(sluice: SluiceStage["sluice"], channel: string): Promise<EventView[]> {
  const lines = await sluice.run("inbox", "--channel", channel, "--limit", "100", "--json");
  return lines
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as EventView);
}

/** All events of a channel, once the last of `count` is done. */
async function untilDone(
  sluice: SluiceStage["sluice"],
  channel: string,
  count = 1,
): Promise<EventView[]> {
  return waitUntil(
    async () => {
      const events = await listEvents(sluice, channel);
      return events.length >= count && events.every(({ state }) => state === "done")
        ? events
        : undefined;
    },
    { timeoutMs: 60_000, what: `${count} events of ${channel} done` },
  );
}

/** The note that carried an event, as the model read it. */
function readNote(api: ScriptedApi, id: string): string {
  const text = api.requests.map((request) => toRead(request)).find((one) => one.includes(id)) ?? "";
  const tag = new RegExp(`<channel [^>]*event_id="${id}"[^>]*>[^]*?</channel>`).exec(text);
  return tag?.[0] ?? `${id} was not read`;
}

/** Without what is another each time. */
function toStill(note: string, folder: string): string {
  return note
    .replaceAll(folder, "/project")
    .replace(/evt_\w+/g, "evt_…")
    .replace(/\b(ts|first_offered_at|duration_ms|pid)="[^"]*"/g, '$1="…"')
    .replace(/mail-\d+@/g, "mail-1@")
    .replace(/changed \(\d+ bytes\)/, "changed (… bytes)")
    .replace(/after \d+ earlier: alert\.firing x\d+/, "after … earlier: alert.firing x…")
    .replace(/after \d+(?:\.\d+)? m?s/g, "after … s")
    .replace(/(?:127\.0\.0\.1|localhost):\d+/g, "127.0.0.1:1234")
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:\.\d+)?Z/g, "2026-…Z");
}

const issue = {
  action: "created",
  actor: { id: "sentry", name: "Sentry", type: "application" },
  data: {
    issue: {
      id: "1170820242",
      shortId: "SHOP-4X",
      title: "TypeError: Cannot read properties of undefined (reading 'total')",
      culprit: "checkout(src/cart.ts)",
      level: "error",
      status: "unresolved",
      count: "1",
      userCount: 1,
      firstSeen: "2026-11-30T12:00:00.000000Z",
      lastSeen: "2026-11-30T12:00:00.000000Z",
      permalink: "https://acme.sentry.io/issues/1170820242/",
      metadata: { filename: "src/cart.ts", type: "TypeError" },
      project: { id: "1", name: "shop", slug: "shop" },
    },
  },
  installation: { uuid: "a8e5d37a-696c-4c54-adb5-b3f28d64c7de" },
};

function toAlerts(status: string, hosts: number): object {
  const labels = { alertname: "DiskFull", severity: "critical", job: "node" };
  return {
    version: "4",
    groupKey: '{}:{alertname="DiskFull"}',
    status,
    receiver: "sluice",
    groupLabels: { alertname: "DiskFull" },
    commonLabels: labels,
    commonAnnotations: { summary: "A disk is nearly full" },
    externalURL: "http://alertmanager.example.com",
    alerts: Array.from({ length: hosts }, (_, n) => ({
      status,
      labels: { ...labels, instance: `db-${n + 1}` },
      annotations: { description: `/var on db-${n + 1} is 97 % full` },
      startsAt: "2026-11-30T12:00:00Z",
      endsAt: status === "resolved" ? "2026-11-30T12:30:00Z" : "0001-01-01T00:00:00Z",
      generatorURL: "http://prometheus.example.com/graph",
      fingerprint: `f${n}`,
    })),
  };
}

sessionTest(
  "a Sentry alert, an alert storm and its end, a failed command, a changed file, a timer and a mail are each read once",
  {
    script: script({
      when: /event_id="(evt_\w+)"[^>]*>\s*Mail from ann@example\.com/,
      answer: ([, id]) => callTool("reply", { event_id: id, text: "Rolled back to 4f2a91c." }),
    }),
  },
  async (stage) => {
    const { api, client, sluice, home, defer } = stage;
    const notes: string[] = [];
    const read: string[] = [];
    const tell = async (channel: string): Promise<void> => {
      const id = (await untilDone(sluice, channel)).at(-1)?.id ?? "";
      await client.waitForIdle();
      notes.push(toStill(readNote(api, id), home.project));
      read.push(id);
    };

    const sentry = await add(sluice, ["sentry", "--secret-stdin"], sentrySecret);
    const signature = createHmac("sha256", sentrySecret)
      .update(JSON.stringify(issue))
      .digest("hex");
    await send(sentry.url ?? "", issue, {
      "sentry-hook-resource": "issue",
      "sentry-hook-signature": signature,
      "request-id": randomUUID(),
    });
    await tell("sentry");

    const alerts = await add(sluice, ["alertmanager"]);
    const authorization = `Bearer ${alerts.token}`;
    for (let hosts = 1; hosts <= 20; hosts++)
      await send(alerts.url ?? "", toAlerts("firing", hosts), { authorization });
    await untilDone(sluice, "alertmanager", 20);
    await client.waitForIdle();
    const storm = await listEvents(sluice, "alertmanager");
    const told = storm.filter(({ id }) => listReadings(api, id).length > 0);
    // The first may be on its way while the others come; those travel as the one that counts.
    expect(told.length).toBeLessThanOrEqual(3);
    const last = storm.at(-1)?.id ?? "";
    notes.push(toStill(readNote(api, last), home.project).replace(/ count="\d+"/, ' count="…"'));
    await send(alerts.url ?? "", toAlerts("resolved", 20), { authorization });
    // That it is over wakes nobody: it comes with the next thing that does.
    expect((await sluice.try(["run", "--", "false"])).code).toBe(1);
    const ended = (await untilDone(sluice, "alertmanager", 21)).at(-1)?.id ?? "";
    await tell("jobs");
    notes.push(toStill(readNote(api, ended), home.project));
    read.push(last, ended);

    const file = join(home.project, "schema.sql");
    writeFileSync(file, "CREATE TABLE a (x);\n");
    await add(sluice, ["file", file]);
    await waitUntil(
      async () => {
        // Its first look may still be on its way.
        appendFileSync(file, "ALTER TABLE a ADD y;\n");
        return (await listEvents(sluice, "file")).length > 0 || undefined;
      },
      { timeoutMs: 60_000, everyMs: 3_000, what: "a change of the file" },
    );
    await tell("file");

    await add(sluice, ["timer", "--in", "1s", "check the deploy of cart"]);
    await tell("timer");

    const [imap, smtp] = [await FakeImap.open(), await SmtpSink.open()];
    defer(() => imap.close());
    defer(() => smtp.close());
    const settings = [
      `address=${OUR_ADDRESS}`,
      `imap=127.0.0.1:${imap.port}`,
      `smtp=127.0.0.1:${smtp.port}`,
      `authserv-id=${SERVER}`,
    ].flatMap((one) => ["--set", one]);
    await add(sluice, ["email", "--secret-stdin", ...settings], imap.password);
    await typeCommand(
      sluice.place,
      "access",
      "allow",
      "email",
      "ann@example.com",
      "--role",
      "chatter",
    );
    imap.deliver(
      toMailText({
        subject: "Checkout is down",
        headers: ["References: <deployed@sluice.test>"],
        text: "Please roll back the last deploy of cart.\n\nOn Mon, 30 Nov 2026 at 11:00, Agent wrote:\n> Deployed cart 6dcb09b.\n",
      }),
    );
    await tell("email");
    expect(smtp.mails).toMatchObject([{ to: ["ann@example.com"] }]);
    expect(smtp.mails[0]?.raw).toContain("Subject: Re: Checkout is down");
    expect(smtp.mails[0]?.raw).toContain("Rolled back to 4f2a91c.");

    for (const id of read)
      expect(
        listReadings(api, id).map(({ replayed }) => replayed),
        id,
      ).toEqual([false]);
    checkGolden(GOLDEN, notes.join("\n\n"));
  },
);
