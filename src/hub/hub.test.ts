/** A whole hub in this process. */
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openClient, read } from "../api/client.ts";
import { locateSocket } from "../api/home.ts";
import { readProcess } from "../api/process.ts";
import { AccessBook } from "../flow/access-book.ts";
import { systemClock } from "../sdk/clock.ts";
import { makeFolder, openDatabase } from "../store/sample.fixture.ts";
import { openHome } from "./home.ts";
import { openHub } from "./hub.ts";

test("a removal that breaks off leaves nobody who may speak on a later channel of that name", async () => {
  const env = { SLUICE_HOME: join(makeFolder(), "home"), SLUICE_INGRESS_PORT: "0" };
  const home = openHome(env);
  const readSenders = () =>
    new AccessBook({ db: openDatabase(home.database), clock: systemClock, isStatic: false }).rules
      .senders;
  const db = openDatabase(home.database);
  const book = new AccessBook({ db, clock: systemClock, isStatic: false });
  const person = { channel: "ops", account: "", id: "7", name: "", chatId: "" };
  await db.write(() => book.write({ kind: "link", ...person, roles: ["chatter"] }, "owner"));
  db.close();
  expect(readSenders()).toHaveLength(1);

  const ignore = (): void => {};
  const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  const hub = await openHub({ env, log, stop: ignore });
  const client = openClient(() => locateSocket(env));
  onTestFinished(() => client.close());
  await hub.addChannel({ kind: "webhook", name: "ops" });
  chmodSync(home.config, 0o644);
  const { pid } = process;
  const startTime = readProcess(pid)?.startTime ?? "";
  const json = { caller: { pid, startTime, tty: false, session: false } };
  const param = { name: "ops" };
  await expect(read(client.api.channels[":name"].remove.$post({ param, json }))).rejects.toThrow(
    "open to other users",
  );
  await hub.close();
  expect(readSenders()).toEqual([]);
});
