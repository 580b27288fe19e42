/**
 * A damaged inbox: bytes flipped and files cut at random places of a real hub's database and of its log.
 *
 * Owns: the damage, and what the store then says. Never: a hub's answer to it (exit 78 comes with the fault's code).
 *
 * The log (-wal) is SQLite's own: from a frame whose checksum does not fit it reads no further, as after a power cut. What lay
 * behind is gone, and nothing tells that from a log that ended there. So the events that only a damaged log held are counted apart.
 */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isSluiceError, toMessage } from "../../src/sdk/errors.ts";
import { Database } from "../../src/store/file/database.ts";
import { findEvent } from "../../src/store/events/inbox.ts";
import { openRigWithHub } from "../e2e/rig.ts";
import { post } from "../e2e/senders.ts";

const EVENTS = 400;
const FLIPPED_MAX_BYTES = 64;

export type CorruptResult = {
  rounds: number;
  /** Refused when opened, by the name of the damage; both files byte for byte as they were. */
  refused: number;
  /** Opened, and every event is there. */
  whole: number;
  /** Opened, and rows that could not be read said so. */
  told: number;
  /** Opened with the main file whole and the log damaged: what only the log held behind the damage is missing. */
  logCut: number;
  /** Texts that read differently: SQLite has no checksum of a row's text. */
  otherTexts: number;
  /** What must never be: an inbox that lost events of a damaged main file, or began empty. */
  silent: string[];
  /** Refused with another name, or changed while being refused. */
  wrong: string[];
};

type Sample = { folder: string; events: Map<string, string> };

export async function corrupt({ rounds }: { rounds: number }): Promise<CorruptResult> {
  const folder = mkdtempSync(join(tmpdir(), "sluice-corrupt-"));
  try {
    const sample = await makeSample(folder);
    const result: CorruptResult = {
      rounds,
      refused: 0,
      whole: 0,
      told: 0,
      logCut: 0,
      otherTexts: 0,
      silent: [],
      wrong: [],
    };
    for (let round = 0; round < rounds; round++) damageOnce(sample, round, result);
    return result;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a hub leaves that was killed: a database with a log that is not yet in it. */
async function makeSample(folder: string): Promise<Sample> {
  await using rig = await openRigWithHub();
  const ops = await rig.addChannel({ kind: "webhook", name: "ops", rate: 0, quota: 1_000_000 });
  const headers = { authorization: `Bearer ${ops.secret}`, "content-type": "text/plain" };
  const events = new Map<string, string>();
  for (let index = 0; index < EVENTS; index++) {
    const text = `event ${index} ${"x".repeat(index % 700)}`;
    const { id } = await post(ops.url, text, headers);
    events.set(id, text);
  }
  await rig.killHub();
  for (const suffix of ["", "-wal"])
    copyFileSync(join(rig.home, `sluice.db${suffix}`), join(folder, `sample${suffix}`));
  return { folder, events };
}

function damageOnce({ folder, events }: Sample, round: number, result: CorruptResult): void {
  const place = join(folder, String(round));
  mkdirSync(place);
  const path = join(place, "sluice.db");
  const files: Record<"" | "-wal", Buffer> = {
    "": readFileSync(join(folder, "sample")),
    "-wal": readFileSync(join(folder, "sample-wal")),
  };
  const target = round % 3 === 2 ? "-wal" : "";
  const how = round % 4 === 3 ? "cut" : "flip";
  const at = Math.floor(Math.random() * files[target].length);
  files[target] = how === "cut" ? files[target].subarray(0, at) : flip(files[target], at);
  writeFileSync(path, files[""]);
  writeFileSync(`${path}-wal`, files["-wal"]);
  const name = `${how} of ${target === "" ? "the file" : "the log"} at ${at}`;
  let db: Database | undefined;
  try {
    db = new Database(path);
  } catch (thrown) {
    const isSame =
      readFileSync(path).equals(files[""]) && readFileSync(`${path}-wal`).equals(files["-wal"]);
    // A flipped version number is a newer Sluice's, as far as anyone can tell.
    const isNamed = isSluiceError(thrown, "store_corrupt") || isSluiceError(thrown, "store_newer");
    if (isNamed && isSame) result.refused++;
    else result.wrong.push(`${name}: ${toMessage(thrown)}${isSame ? "" : " (file changed)"}`);
    return;
  }
  let missing = 0;
  let told = 0;
  for (const [id, text] of events) {
    try {
      const event = findEvent(db, id);
      if (event === undefined) missing++;
      else if (!toAll(event).includes(text)) result.otherTexts++;
    } catch (thrown) {
      if (!isSluiceError(thrown, "store_corrupt"))
        result.wrong.push(`${name}: ${toMessage(thrown)}`);
      told++;
    }
  }
  db.close();
  if (missing > 0 && target === "") result.silent.push(`${name}: ${missing} missing`);
  else if (missing > 0) result.logCut++;
  else if (told > 0) result.told++;
  else result.whole++;
  rmSync(place, { recursive: true });
}

function toAll({ text, quotes }: { text: string; quotes: readonly { text: string }[] }): string {
  return [text, ...quotes.map((quote) => quote.text)].join("\n");
}

function flip(bytes: Buffer, at: number): Buffer {
  const flipped = Buffer.from(bytes);
  const end = Math.min(at + 1 + Math.floor(Math.random() * FLIPPED_MAX_BYTES), bytes.length);
  for (let i = at; i < end; i++) flipped[i] = (flipped[i] ?? 0) ^ 0xff;
  return flipped;
}
