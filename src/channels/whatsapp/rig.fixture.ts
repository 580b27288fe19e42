/** A number on a fake Graph API, and what a hub would keep of it. */
import type { ChannelContext, ConnectionState, VerifiedRequest } from "../../sdk/channel.ts";
import { systemClock } from "../../sdk/clock.ts";
import type { Arrival } from "../../sdk/event.ts";
import { Secret } from "../../sdk/secret.ts";
import { FAKE_TOKEN, FakeGraph, NUMBER, toBody } from "../../../test/fakes/whatsapp/fake-graph.ts";
import { openConnection, type WhatsAppConnection } from "./connection.ts";

export class Rig implements AsyncDisposable {
  readonly fake: FakeGraph;
  readonly taken: Arrival[] = [];
  readonly states: ConnectionState[] = [];
  readonly undelivered: [messageId: string, reason: string][] = [];
  leftBehind = 0;
  connection!: WhatsAppConnection;

  private constructor(fake: FakeGraph) {
    this.fake = fake;
  }

  static async open(settings: Readonly<Record<string, string>> = {}): Promise<Rig> {
    const rig = new Rig(await FakeGraph.open());
    await rig.connect(settings);
    return rig;
  }

  async connect(
    settings: Readonly<Record<string, string>> = {},
    given: Partial<ChannelContext> = {},
  ): Promise<void> {
    const log = (): void => undefined;
    this.connection = await openConnection(
      {
        name: "wa",
        secret: new Secret("app-secret"),
        settings: { number: NUMBER, "api-root": this.fake.root, ...settings },
        cursor: undefined,
        take: async (arrivals) => void this.taken.push(...arrivals),
        undelivered: async (...facts) => void this.undelivered.push(facts),
        leftBehind: (count) => void (this.leftBehind += count),
        report: (state) => void this.states.push(state),
        clock: systemClock,
        log: { debug: log, info: log, warn: log, error: log },
        signal: new AbortController().signal,
        ...given,
      },
      new Secret(FAKE_TOKEN),
      { timeoutMs: 2_000, faultMs: [20, 160] },
    );
  }

  /** Meta posts, and ingress has proved it. */
  post(value: object, field?: string): ReturnType<WhatsAppConnection["receive"]> {
    return this.connection.receive(toRequest(toBody(value, field)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.fake.close();
  }
}

export function toRequest(body: Buffer): VerifiedRequest {
  return {
    channel: "wa",
    path: "",
    method: "POST",
    headers: {},
    body,
    verified: "meta:1",
    receivedAt: Date.now(),
  };
}

/** A text of a person, as Meta sends it since there are business-scoped ids. */
export function toText(body: string, rest: object = {}): object {
  return {
    contacts: [{ profile: { name: "Ann" }, wa_id: "15551234567", user_id: "US.1349" }],
    messages: [
      {
        from: "15551234567",
        from_user_id: "US.1349",
        id: `wamid.in.${Math.random()}`,
        timestamp: "1796000000",
        type: "text",
        text: { body },
        ...rest,
      },
    ],
  };
}
