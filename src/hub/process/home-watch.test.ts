/** A home that cannot be looked at for a while, with a real inbox, lock and file system. */
import { renameSync, symlinkSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { VirtualClock } from "../../flow/virtual-clock.fixture.ts";
import { makeFolder, openDatabase } from "../../store/sample.fixture.ts";
import { openHome } from "./home.ts";
import { HomeWatch } from "./home-watch.ts";
import { HubLock } from "./lock.ts";

test("HOME-2: while the home cannot be looked at nothing is kept, and the hub stays; then all goes on", async () => {
  const base = makeFolder();
  const home = openHome({ SLUICE_HOME: join(base, "home") });
  const lock = new HubLock(home, 0);
  onTestFinished(() => lock[Symbol.dispose]());
  const db = openDatabase(home.database);
  const said: string[] = [];
  const ignore = (): void => {};
  const log = {
    debug: ignore,
    info: ignore,
    warn: ignore,
    error: (_: object, line: string) => void said.push(line),
  };
  const clock = new VirtualClock();
  const left: string[] = [];
  const watch = new HomeWatch({ db, clock, log, home }, lock, (reason) => void left.push(reason));
  onTestFinished(() => watch.close());
  const keep = () => db.write(() => db.run("INSERT OR REPLACE INTO marks VALUES ('x', 1)"));
  await keep();
  // A link to itself: to look at what is behind it fails, whoever looks, and says nothing of what is there.
  renameSync(home.path, `${home.path}.kept`);
  symlinkSync(home.path, home.path);
  for (let i = 0; i < 5; i++) {
    await expect(keep()).rejects.toMatchObject({ code: "store_readonly", retryable: true });
    await clock.advance(1_000);
  }
  expect(left).toEqual([]);
  expect(said).toEqual(["the home cannot be looked at: nothing is kept"]);
  unlinkSync(home.path);
  renameSync(`${home.path}.kept`, home.path);
  await keep();
});
