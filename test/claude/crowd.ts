// A crowd: many events for several real sessions, with people who type, interrupt, clear
// and close them, other runs of the client beside them, and deaths of hub and clients.
// Owns the plan of such a run and its figures. Never decides what is right: its caller does.
import { randomUUID } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { openClient, read } from "../../src/api/client/client.ts";
import type { HubClient } from "../../src/api/client/client.ts";
import { locateSocket } from "../../src/local/home.ts";
import { readRecent } from "../../src/api/client/read-recent.ts";
import type { EventView } from "../../src/api/wire/wire.ts";
import { Client } from "./client.ts";
import { openCrowdModel } from "./crowd-model.ts";
import type { CrowdModel } from "./crowd-model.ts";
import { runClaude } from "./run-claude.ts";
import { toArgs } from "./sluice-test.ts";
import type { PermissionMode, SluiceStage } from "./sluice-test.ts";
import type { Sent } from "./readings.ts";
import type { TwoWay } from "./sluice.ts";
import { Tally } from "./tally.ts";
import { waitUntil } from "./wait.ts";

export type CrowdOptions = { events: number; sessions: number; rounds: number; kills: number };

type Way = "webhook" | "emit" | "command" | "chat";
type Kill = "kill hub" | "kill client";
type Noise = "clear" | "escape" | "continue" | "subagent" | "headless" | "mcp list";

export type CrowdResult = {
  /** What was sent, by way. */
  sent: Record<Way, number>;
  /** What was done meanwhile. */
  done: Record<Kill | Noise, number>;
  /** Events by the state in which they ended. */
  states: Record<string, number>;
  /** Told once, as new. */
  once: number;
  /** Told again, each time marked as replayed; and first told as replayed, since a reader died or was a helper. */
  again: number;
  /** Told by a line of a digest. */
  lines: number;
  /** Never told to a conversation. */
  untold: string[];
  /** Told again without saying so. */
  repeated: string[];
  /** Texts that stood in more places than their event was told. */
  copied: string[];
  /** Pages of the inbox that a helper read. */
  helperReads: number;
  requests: number;
  wakes: number;
  seconds: number;
};

const NOISES: readonly Noise[] = [
  "clear",
  "escape",
  "headless",
  "subagent",
  "continue",
  "mcp list",
];
const SETTLE_MS = 6_000;

type Seat = {
  index: number;
  folder: string;
  repository: string;
  client: Client;
  /** A headless run left a newer conversation in the folder, which --continue would take. */
  hasOther: boolean;
};

type Place = Pick<Seat, "index" | "folder" | "repository">;

export async function runCrowd(stage: SluiceStage, options: CrowdOptions): Promise<CrowdResult> {
  const startedAt = Date.now();
  const tally = new Tally(/\bmk-\d+-\w+/g);
  const model = openCrowdModel(tally);
  stage.api.script = model.script;
  const crowd = new Crowd(stage, model);
  await crowd.open(options.sessions);
  for (let round = 0; round < options.rounds; round++) {
    const share = (total: number): number =>
      Math.floor((total * (round + 1)) / options.rounds) -
      Math.floor((total * round) / options.rounds);
    const posting = crowd.post(share(options.events));
    for (let kill = 0; kill < share(options.kills); kill++) await crowd.kill();
    await crowd.disturb(2);
    await posting;
    await crowd.settle(SETTLE_MS);
  }
  await crowd.readAll();
  const events = await crowd.list();
  const { sent, done } = crowd;
  return {
    sent,
    done,
    ...count(crowd.kept, events, tally),
    helperReads: model.helperReads,
    requests: tally.requests,
    wakes: crowd.wakes,
    seconds: Math.round((Date.now() - startedAt) / 1_000),
  };
}

class Crowd {
  readonly kept: Sent[] = [];
  readonly sent: Record<Way, number> = { webhook: 0, emit: 0, command: 0, chat: 0 };
  readonly done: CrowdResult["done"] = {
    "kill hub": 0,
    "kill client": 0,
    clear: 0,
    escape: 0,
    continue: 0,
    subagent: 0,
    headless: 0,
    "mcp list": 0,
  };
  wakes = 0;
  readonly #stage: SluiceStage;
  readonly #model: CrowdModel;
  readonly #hub: HubClient;
  readonly #seats: Seat[] = [];
  #chat: TwoWay | undefined;
  #posted = 0;
  #kills = 0;
  #noises = 0;
  #turn = 0;

  constructor(stage: SluiceStage, model: CrowdModel) {
    this.#stage = stage;
    this.#model = model;
    this.#hub = openClient(() => locateSocket(stage.home.env));
    stage.defer(() => this.#hub.close());
  }

  /** Sessions in folders of their own, each a checkout of its own repository; and a chat for all. */
  async open(count: number): Promise<void> {
    this.#chat = await this.#stage.sluice.addTwoWay("team");
    const places: Place[] = [];
    for (let index = 0; index < count; index++) {
      const repository = `octo-org/app-${index}`;
      const folder = join(this.#stage.home.project, `app-${index}`);
      await mkdir(join(folder, ".git"), { recursive: true });
      await writeFile(join(folder, ".git", "HEAD"), "ref: refs/heads/main\n");
      await writeFile(
        join(folder, ".git", "config"),
        `[remote "origin"]\n\turl = git@github.com:${repository}.git\n`,
      );
      await this.#trust(folder);
      places.push({ index, folder, repository });
    }
    // Only now: a client that runs writes that file too.
    const opened = places.map(async (place) => {
      const client = await this.#start(place);
      return { ...place, client, hasOther: false };
    });
    this.#seats.push(...(await Promise.all(opened)));
    await this.#stage.sluice.waitForSessions(count);
  }

  /** A checkout is a workspace of its own, and the client would ask. */
  async #trust(folder: string): Promise<void> {
    const path = join(this.#stage.home.home, ".claude.json");
    const state = JSON.parse(await readFile(path, "utf8")) as { projects?: object };
    const projects = { ...state.projects, [folder]: { hasTrustDialogAccepted: true } };
    await writeFile(path, JSON.stringify({ ...state, projects }));
  }

  /** Sends so many, in bursts for one session after the other; each until it is kept. */
  async post(count: number): Promise<void> {
    const size = Math.ceil(count / this.#seats.length);
    for (let sent = 0; sent < count; sent += size) {
      const seat = this.#seats[this.#turn++ % this.#seats.length];
      if (seat === undefined) return;
      const burst = Array.from({ length: Math.min(size, count - sent) }, () => this.#send(seat));
      await Promise.all(burst);
    }
  }

  /** Kills the hub, a client, the hub, … */
  async kill(): Promise<void> {
    await sleep(Math.random() * 1_500);
    if (this.#kills++ % 2 === 0) {
      const { pid } = await this.#whenUp(() => this.#stage.sluice.readHub());
      await this.#stage.sluice.killHub(pid);
      this.done["kill hub"]++;
      return;
    }
    const seat = this.#pick();
    const again = await this.#toContinue(seat);
    await seat.client.kill("SIGKILL");
    this.done["kill client"]++;
    await this.#reopen(seat, again);
  }

  async disturb(times: number): Promise<void> {
    for (let time = 0; time < times; time++) {
      const noise = NOISES[this.#noises++ % NOISES.length];
      if (noise === undefined) return;
      const isFit = (seat: Seat): boolean => noise !== "subagent" || toMode(seat) === "manual";
      await this.#make(noise, this.#pick(isFit));
      this.done[noise]++;
    }
  }

  /** Until nothing waits, or `timeoutMs`. What then still waits for a wake waits for a person, who comes now and then. */
  async settle(timeoutMs: number): Promise<void> {
    const deadlineAt = Date.now() + timeoutMs;
    while ((await this.#countOpen()) > 0) {
      if (Date.now() > deadlineAt) return this.#ask();
      await sleep(250);
    }
  }

  /** Until every event has come to an end: people ask for what waits, as often as it takes. */
  async readAll(): Promise<void> {
    for (let round = 0; round < 12 && (await this.#countOpen()) > 0; round++) {
      await this.#ask();
      await sleep(1_000);
    }
    const { sessions } = await this.#whenUp(() => this.#stage.sluice.status());
    this.wakes = sessions.reduce((sum, { wakesToday }) => sum + wakesToday, 0);
  }

  list(): Promise<EventView[]> {
    return readRecent(this.#hub.api, { query: {}, limit: 10_000 });
  }

  async #send(seat: Seat): Promise<void> {
    const index = this.#posted++;
    const way = toWay(index);
    // Each stands for itself: events of one entity would travel as one.
    const marker = `mk-${index}-${way}`;
    const delivery = randomUUID();
    const { id } = await this.#whenUp(() => this.#sendBy(way, seat, marker, delivery));
    this.kept.push({ id, marker });
    this.sent[way]++;
  }

  async #sendBy(
    way: Way,
    { index, repository }: Seat,
    marker: string,
    deliveryId: string,
  ): Promise<{ id: string }> {
    const { sluice } = this.#stage;
    const session = `app-${index} (main)`;
    switch (way) {
      case "webhook":
        return sluice.fail(marker, "", { repository, delivery: deliveryId });
      case "chat":
        if (this.#chat === undefined) throw new Error("no chat yet");
        return sluice.say(this.#chat, marker, "normal", deliveryId);
      case "emit": {
        const more = { meta: {}, priority: "normal" } as const;
        const json = { channel: "team", text: marker, session, deliveryId, ...more };
        return read(this.#hub.api.emit.$post({ json }));
      }
      case "command": {
        const more = ["--session", session, "--id", deliveryId, "--json"];
        return JSON.parse(await sluice.run("emit", "team", marker, ...more)) as { id: string };
      }
      default:
        return way satisfies never;
    }
  }

  async #make(noise: Noise, seat: Seat): Promise<void> {
    const { home, claude } = this.#stage;
    const { client } = seat;
    const inFolder = { ...home, project: seat.folder };
    switch (noise) {
      case "clear":
        await client.waitForIdle();
        await client.submit("/clear");
        return;
      case "escape":
        await client.waitForIdle();
        this.#model.isHolding = true;
        await client.submit("think about it");
        await client.waitForScreen(/esc to interrupt/);
        await sleep(500);
        await client.press("Escape");
        // Esc may have hit a bell's turn; then the prompt behind it goes on.
        this.#model.isHolding = false;
        await client.waitForIdle();
        await client.clearInput();
        return client.submit("go on with the work");
      case "continue": {
        const again = await this.#toContinue(seat);
        await client.waitForIdle();
        await client.exit();
        return this.#reopen(seat, again);
      }
      case "subagent":
        await client.waitForIdle();
        return client.submit("send a helper");
      case "headless":
        await runClaude({ claude, home: inFolder, args: ["-p", "hello"] });
        seat.hasOther = true;
        return;
      case "mcp list":
        await runClaude({ claude, home: inFolder, args: ["mcp", "list"] });
        return;
      default:
        noise satisfies never;
    }
  }

  /** Someone at each session reads what waits. */
  async #ask(): Promise<void> {
    for (const { client } of this.#seats) {
      await client.waitForIdle({ timeoutMs: 30_000 });
      await client.submit("read your inbox");
    }
    for (const { client } of this.#seats) await client.waitForIdle({ timeoutMs: 30_000 });
  }

  async #countOpen(): Promise<number> {
    const { events } = await this.#whenUp(() => this.#stage.sluice.status());
    return (events["stored"] ?? 0) + (events["offered"] ?? 0);
  }

  /** A sender repeats what got no answer, and a look at the hub waits for the next one. */
  #whenUp<T>(act: () => Promise<T>): Promise<T> {
    return waitUntil(
      async () => {
        try {
          return { value: await act() };
        } catch {
          // The hub is dead, or starting: that is what the run is about.
          return undefined;
        }
      },
      { what: "an answer of the hub", timeoutMs: 30_000 },
    ).then(({ value }) => value);
  }

  #pick(isFit: (seat: Seat) => boolean = () => true): Seat {
    for (let look = 0; look < this.#seats.length; look++) {
      const seat = this.#seats[this.#turn++ % this.#seats.length];
      if (seat !== undefined && isFit(seat)) return seat;
    }
    throw new Error("no session fits");
  }

  async #start(place: Place, args: string[] = []): Promise<Client> {
    const { claude, home } = this.#stage;
    const client = await Client.open({
      claude,
      home: { ...home, project: place.folder },
      args: toArgs({ mode: toMode(place), args: [...args, "--allowed-tools", "Agent,Task"] }),
    });
    this.#stage.defer(() => client[Symbol.asyncDispose]());
    return client;
  }

  /** How the conversation that is open now is opened again. */
  async #toContinue({ folder, hasOther }: Seat): Promise<string[]> {
    if (!hasOther) return ["--continue"];
    const { sessions } = await this.#whenUp(() => this.#stage.sluice.status());
    const open = sessions.find(({ cwd, target }) => cwd === folder && target);
    return open === undefined ? ["--continue"] : ["--resume", open.id];
  }

  async #reopen(seat: Seat, args: string[]): Promise<void> {
    await seat.client[Symbol.asyncDispose]();
    seat.client = await this.#start(seat, args);
  }
}

/** In auto mode a subagent needs the client's classifier, which no scripted model can be. */
function toMode({ index }: Pick<Seat, "index">): PermissionMode {
  return index % 2 === 1 ? "manual" : "auto";
}

function toWay(index: number): Way {
  if (index % 50 === 7) return "command";
  if (index % 10 === 9) return "chat";
  return index % 3 === 0 ? "emit" : "webhook";
}

function count(
  kept: readonly Sent[],
  events: readonly EventView[],
  { tellings, places }: Tally,
): Pick<CrowdResult, "states" | "once" | "again" | "lines" | "untold" | "repeated" | "copied"> {
  const states: Record<string, number> = {};
  const stateOf = new Map(events.map(({ id, state }) => [id, state]));
  const result = { once: 0, again: 0, lines: 0 };
  const faults: Record<"untold" | "repeated" | "copied", string[]> = {
    untold: [],
    repeated: [],
    copied: [],
  };
  for (const { id, marker } of kept) {
    const state = stateOf.get(id) ?? "lost";
    states[state] = (states[state] ?? 0) + 1;
    const told = tellings.get(id) ?? [];
    const name = `${marker} ${id} ${state} ${told.map(({ way, replayed }) => `${way}${replayed ? "!" : ""}`).join(" ")}`;
    result.lines += told.filter(({ way }) => way === "line").length;
    if (told.length === 0) {
      if (state !== "expired") faults.untold.push(name);
    } else if (told.length === 1 && told[0]?.replayed === false) result.once++;
    else if (told.slice(1).every(({ replayed }) => replayed)) result.again++;
    else faults.repeated.push(name);
    if ((places.get(marker) ?? 0) > told.length) faults.copied.push(name);
  }
  return { states, ...result, ...faults };
}
