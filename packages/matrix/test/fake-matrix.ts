/**
 * A homeserver, as far as a bot sees one: https://spec.matrix.org/latest/client-server-api/
 *
 * Owns: its rooms, its stream with places in it, transaction ids, files, and what it refuses. Never: asserts anything.
 */
import { randomUUID } from "node:crypto";
import { FakePlatform, type FakeAnswer, type FakeRequest } from "sluice/testing";
import { at, listAt, numberAt, textAt } from "../json.ts";

export const BOT = "@sluice:example.org";
export const ANN = "@ann:example.org";
export const BEN = "@ben:example.org";
export const DIRECT = "!direct:example.org";
export const GROUP = "!group:example.org";
export const FAKE_TOKEN = "syt_c2x1aWNl_QwErTyUiOpAsDfGhJkLz_1x2y3z";
const NAMES: Readonly<Record<string, string>> = { [BOT]: "sluice", [ANN]: "Ann", [BEN]: "Ben" };
const MAX_EVENT_BYTES = 65_536;

export type MatrixEvent = {
  event_id: string;
  room_id: string;
  sender: string;
  type: string;
  content: Record<string, unknown>;
  origin_server_ts: number;
  state_key?: string;
  redacts?: string;
  unsigned?: Record<string, unknown>;
};
type Written = Partial<Pick<MatrixEvent, "event_id" | "state_key" | "redacts" | "unsigned">> & {
  room?: string;
  sender?: string;
  type?: string;
};

const fault = (status: number, errcode: string, more: object = {}): FakeAnswer => ({
  status,
  json: { errcode, error: "as the fake says", ...more },
});

export class FakeMatrix {
  readonly platform: FakePlatform;
  /** Of all rooms, in the order of the stream: the place behind the first is `s1`. */
  readonly stream: MatrixEvent[] = [];
  readonly members = new Map([
    [DIRECT, new Set([BOT, ANN])],
    [GROUP, new Set([BOT, ANN, BEN])],
  ]);
  readonly invites = new Map<string, string>();
  readonly files = new Map<string, { content: Buffer; name: string; type: string }>();
  readonly typed: string[] = [];
  token = FAKE_TOKEN;
  /** How many events of a room one answer of /sync holds at most. */
  maxTimeline = 20;
  maxUpload = 1_000_000;
  /** A place before that is not known. */
  knownFrom = 0;
  isClosed = false;
  readonly #done = new Map<string, string>();
  #wake: () => void = () => undefined;
  #changed = this.#renew();

  private constructor(platform: FakePlatform) {
    this.platform = platform;
  }

  static async open(): Promise<FakeMatrix> {
    let fake: FakeMatrix | undefined;
    const platform = await FakePlatform.open((request) => fake?.answer(request) ?? {});
    fake = new FakeMatrix(platform);
    return fake;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.#wake();
    await this.platform.close();
  }

  /** An event comes into a room. */
  add(content: Record<string, unknown>, more: Written = {}): MatrixEvent {
    const { room = DIRECT, sender = ANN, type = "m.room.message", ...rest } = more;
    const event = {
      event_id: `$${randomUUID()}`,
      room_id: room,
      sender,
      type,
      content,
      origin_server_ts: Date.now(),
      ...rest,
    };
    this.stream.push(event);
    this.#wake();
    this.#changed = this.#renew();
    return event;
  }

  write(body: string, more: Written & Record<string, unknown> = {}): string {
    const { room, sender, event_id, ...content } = more;
    const given = {
      ...(room === undefined ? {} : { room }),
      ...(sender === undefined ? {} : { sender }),
      ...(event_id === undefined ? {} : { event_id }),
    };
    return this.add({ msgtype: "m.text", body, ...content }, given).event_id;
  }

  /** What the homeserver does with a redaction: the event stays, without its content. */
  redact(id: string, sender: string): MatrixEvent {
    const gone = this.find(id);
    if (gone !== undefined) gone.content = {};
    const room = gone?.room_id ?? DIRECT;
    return this.add({ redacts: id }, { room, sender, type: "m.room.redaction", redacts: id });
  }

  invite(room: string, by: string): void {
    this.invites.set(room, by);
    this.members.set(room, new Set([by]));
    this.#wake();
    this.#changed = this.#renew();
  }

  find(id: string): MatrixEvent | undefined {
    return this.stream.find((event) => event.event_id === id);
  }

  ours(room?: string): MatrixEvent[] {
    return this.stream.filter(
      ({ sender, type, room_id, content }) =>
        sender === BOT &&
        type === "m.room.message" &&
        (room === undefined || room_id === room) &&
        at(content, "m.relates_to", "rel_type") !== "m.replace" &&
        content["body"] !== undefined,
    );
  }

  /** With its last edit, as clients show it. */
  shown(id: string): Record<string, unknown> | undefined {
    return (
      (this.#edits(id).at(-1)?.content["m.new_content"] as Record<string, unknown> | undefined) ??
      this.find(id)?.content
    );
  }

  reactions(id: string, by = BOT): string[] {
    return this.#reactionsTo(id)
      .filter(({ sender }) => sender === by)
      .map(({ content }) => textAt(content, "m.relates_to", "key") ?? "");
  }

  async answer(request: FakeRequest): Promise<FakeAnswer> {
    if (request.headers["authorization"] !== `Bearer ${this.token}`)
      return fault(401, "M_UNKNOWN_TOKEN");
    const path = request.path
      .replace(/^\/_matrix\//, "")
      .split("/")
      .map(decodeURIComponent);
    const [area, , first, second] = path;
    if (area === "media" && first === "upload") return this.#upload(request);
    if (area === "media") return fault(404, "M_UNRECOGNIZED");
    if (first === "sync") return this.#sync(request);
    if (first === "account") return { json: { user_id: BOT, device_id: "BOTDEVICE" } };
    if (first === "media") return this.#media(path);
    if (first === "rooms" && second !== undefined)
      return this.#room(second, path.slice(4), request);
    return fault(404, "M_UNRECOGNIZED");
  }

  #room(room: string, [what = "", a = "", b = ""]: string[], request: FakeRequest): FakeAnswer {
    if (what === "join") return this.#join(room);
    const joined = this.members.get(room);
    if (joined?.has(BOT) !== true) return fault(403, "M_FORBIDDEN");
    switch (what) {
      case "send":
        return this.#once(request, () => this.#send(room, a, request.json()));
      case "redact":
        return this.#once(request, () => ({ json: { event_id: this.redact(a, BOT).event_id } }));
      case "typing":
        this.typed.push(room);
        return { json: {} };
      case "joined_members":
        return {
          json: {
            joined: Object.fromEntries(
              [...joined].map((id) => [id, { display_name: NAMES[id] ?? null }]),
            ),
          },
        };
      case "state":
        return room === GROUP ? { json: { name: "Builds" } } : fault(404, "M_NOT_FOUND");
      case "event": {
        const event = this.find(a);
        return event?.room_id === room
          ? { json: this.#withRelations(event) }
          : fault(404, "M_NOT_FOUND");
      }
      case "messages":
        return this.#messages(room, request);
      case "relations":
        return b === "m.annotation"
          ? { json: { chunk: this.#reactionsTo(a) } }
          : fault(404, "M_UNRECOGNIZED");
      default:
        return fault(404, "M_UNRECOGNIZED");
    }
  }

  /** The same transaction is done once: https://spec.matrix.org/latest/client-server-api/#transaction-identifiers */
  #once({ path }: FakeRequest, work: () => FakeAnswer): FakeAnswer {
    const known = this.#done.get(path);
    if (known !== undefined) return { json: { event_id: known } };
    const answer = work();
    const id = textAt(answer.json, "event_id");
    if (id !== undefined) this.#done.set(path, id);
    return answer;
  }

  #send(room: string, type: string, content: unknown): FakeAnswer {
    if (Buffer.byteLength(JSON.stringify(content)) > MAX_EVENT_BYTES - 1_000)
      return fault(413, "M_TOO_LARGE");
    const relation = at(content, "m.relates_to");
    const [target, key] = [textAt(relation, "event_id"), textAt(relation, "key")];
    if (type === "m.reaction" && this.reactions(target ?? "").includes(key ?? ""))
      return fault(400, "M_DUPLICATE_ANNOTATION");
    if (
      at(relation, "rel_type") === "m.thread" &&
      at(this.find(target ?? "")?.content, "m.relates_to", "rel_type") !== undefined
    )
      return fault(400, "M_UNKNOWN");
    const event = this.add(content as Record<string, unknown>, { room, sender: BOT, type });
    return { json: { event_id: event.event_id } };
  }

  #join(room: string): FakeAnswer {
    if (!this.invites.delete(room)) return fault(403, "M_FORBIDDEN");
    this.members.get(room)?.add(BOT);
    this.add({ membership: "join" }, { room, sender: BOT, type: "m.room.member", state_key: BOT });
    return { json: { room_id: room } };
  }

  #upload({ body, query, headers }: FakeRequest): FakeAnswer {
    if (body.length > this.maxUpload) return fault(413, "M_TOO_LARGE");
    const id = randomUUID();
    const [name, type] = [query.get("filename") ?? "", headers["content-type"] ?? ""];
    this.files.set(id, { content: body, name, type });
    return { json: { content_uri: `mxc://example.org/${id}` } };
  }

  #media([, , , what = "", , id = ""]: string[]): FakeAnswer {
    if (what === "config") return { json: { "m.upload.size": this.maxUpload } };
    const file = this.files.get(id);
    if (file === undefined) return fault(404, "M_NOT_FOUND");
    return { headers: { "content-type": file.type }, text: file.content.toString("latin1") };
  }

  async #sync({ query }: FakeRequest): Promise<FakeAnswer> {
    const given = query.get("since");
    const since = given === null ? 0 : Number(given.slice(1));
    if (
      given !== null &&
      (!/^s\d+$/.test(given) || since < this.knownFrom || since > this.stream.length)
    )
      return fault(400, "M_UNKNOWN");
    const timeout = Number(query.get("timeout") ?? 0);
    const end = Date.now() + timeout;
    while (
      !this.isClosed &&
      since >= this.stream.length &&
      this.invites.size === 0 &&
      Date.now() < end
    )
      await Promise.race([
        this.#changed,
        new Promise((resolve) => setTimeout(resolve, Math.max(1, end - Date.now())).unref()),
      ]);
    const limit = Math.min(
      this.maxTimeline,
      numberAt(JSON.parse(query.get("filter") ?? "{}"), "room", "timeline", "limit") ?? 10,
    );
    const next = this.stream.length;
    const join = Object.fromEntries(
      [...this.members].flatMap(([room, members]) => {
        const events = this.stream.slice(since, next).filter((event) => event.room_id === room);
        if (!members.has(BOT) || (events.length === 0 && given !== null)) return [];
        const timeline = events.slice(-limit);
        const from = timeline[0] === undefined ? next : this.stream.indexOf(timeline[0]);
        return [
          [
            room,
            {
              timeline: {
                events: timeline,
                limited: events.length > limit,
                prev_batch: `s${from}`,
              },
              state: { events: [] },
            },
          ],
        ];
      }),
    );
    const invite = Object.fromEntries(
      [...this.invites].map(([room, by]) => [
        room,
        {
          invite_state: {
            events: [
              {
                type: "m.room.member",
                state_key: BOT,
                sender: by,
                content: { membership: "invite", is_direct: true },
              },
            ],
          },
        },
      ]),
    );
    return { json: { next_batch: `s${next}`, rooms: { join, invite } } };
  }

  /** Backwards, from a place to a place. */
  #messages(room: string, { query }: FakeRequest): FakeAnswer {
    const [from, to] = [
      Number(query.get("from")?.slice(1)),
      Number(query.get("to")?.slice(1) ?? 0),
    ];
    const limit = Math.min(5, Number(query.get("limit") ?? 10));
    const chunk: MatrixEvent[] = [];
    let place = from;
    while (place > to && chunk.length < limit) {
      place -= 1;
      const event = this.stream[place];
      if (event?.room_id === room) chunk.push(event);
    }
    return { json: { start: `s${from}`, chunk, ...(place > 0 ? { end: `s${place}` } : {}) } };
  }

  #withRelations(event: MatrixEvent): object {
    const edit = this.#edits(event.event_id).at(-1);
    if (edit === undefined || at(event.content, "body") === undefined) return event;
    return { ...event, unsigned: { "m.relations": { "m.replace": edit } } };
  }

  #edits(id: string): MatrixEvent[] {
    const sender = this.find(id)?.sender;
    return this.stream.filter(
      (event) =>
        event.sender === sender &&
        at(event.content, "m.relates_to", "rel_type") === "m.replace" &&
        at(event.content, "m.relates_to", "event_id") === id,
    );
  }

  #reactionsTo(id: string): MatrixEvent[] {
    return this.stream.filter(
      ({ type, content }) =>
        type === "m.reaction" && textAt(content, "m.relates_to", "event_id") === id,
    );
  }

  #renew(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }
}

/** The ids that an event of ours has for its buttons. */
export const buttonsIn = (content: unknown): string[] =>
  listAt(content, "dev.sluice.buttons").map((one) => textAt(one, "key") ?? "");
