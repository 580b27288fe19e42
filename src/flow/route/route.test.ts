import fc from "fast-check";
import { agent } from "../lanes/agent.ts";
import { LANES } from "../lanes/choose-lane.ts";
import { pull } from "../lanes/pull.ts";
import { KNOWN } from "../../store/events/copied-state.ts";
import { expect, test } from "vitest";
import type { Attachment } from "../session/attachment.ts";
import { type Address, choose, parseAddress, type RuleTarget, toIndex, toReach } from "./route.ts";
import type { Target } from "../../store/events/target.ts";
import { toAttachment } from "../sample.fixture.ts";
import { toRuns } from "../../sdk/runs.fixture.ts";

const ADDRESS: Address = {
  target: undefined,
  watchers: [],
  repository: undefined,
  channel: "ci",
};

type Scene = { subscribers?: Record<string, string>; rules?: Record<string, RuleTarget> };

/** Who gets an event: an id, `waits`, or nobody. */
function toOwner(
  attachments: readonly Attachment[],
  address: Partial<Address>,
  { subscribers = {}, rules = {} }: Scene = {},
): string | undefined {
  const index = toIndex(attachments);
  const watched = {
    subscriber: (id: string) => subscribers[id],
    successor: (session: string) => session,
    rule: (id: string) => rules[id],
  };
  const { why, candidates, isBound, origin } = toReach({ ...ADDRESS, ...address }, index, watched);
  const found = choose(candidates, why, origin);
  return found?.id ?? (isBound ? "waits" : choose(index.all)?.id);
}

/** Sent to an id, or to a name that a session bore. */
const to = (session: string, name = session): { target: Target } => ({ target: { session, name } });

const at = (id: string, changes: Partial<Attachment> = {}): Attachment =>
  toAttachment({ id, session: `${id}-session`, ...changes });

test("an address is what the events table writes", () => {
  expect(parseAddress('["s1","3,r7","octo/app","ci"]')).toEqual({
    ...to("s1"),
    watchers: ["3", "r7"],
    repository: "octo/app",
    channel: "ci",
  });
  expect(parseAddress('[null,null,null,"ci"]')).toEqual(ADDRESS);
  expect(parseAddress('["s1\\napp (main)",null,null,"ci"]')).toEqual({
    ...ADDRESS,
    ...to("s1", "app (main)"),
  });
});

test("ROUTE-1: sent to, subscribed, ruled, its project, last active: in this order", () => {
  const sessions = [
    at("sent"),
    at("subscribed"),
    at("ruled", { label: "ops" }),
    at("project", { repository: "octo/app" }),
    at("active", { lastActiveAt: 9 }),
  ];
  const scene = { subscribers: { 3: "subscribed-session" }, rules: { r1: { session: "ops" } } };
  const whole = { ...to("sent-session"), watchers: ["3", "r1"], repository: "octo/app" };
  const order = [
    whole,
    { ...whole, target: undefined },
    { ...whole, target: undefined, watchers: ["r1"] },
    { repository: "octo/app" },
    { repository: "octo/other" },
    {},
  ];
  expect(order.map((address) => toOwner(sessions, address, scene))).toEqual([
    "sent",
    "subscribed",
    "ruled",
    "project",
    "active",
    "active",
  ]);
});

test("ROUTE-2: what is bound to a session waits for it and goes to nobody else", () => {
  const other = at("other");
  const closed = at("closed", { hasLease: false });
  const scene = { subscribers: { 3: "closed-session" }, rules: { r1: { cwd: "/elsewhere" } } };
  for (const address of [
    to("closed-session"),
    to("nobody"),
    { watchers: ["3"] },
    { watchers: ["r1"] },
  ]) {
    expect(toOwner([other, closed], address, scene)).toBe("waits");
  }
});

test("ROUTE-2: a subscription or rule that is gone binds nobody, but where it shared a copy: that is nobody else's", () => {
  expect(toOwner([at("one")], { watchers: ["3", "r1"] })).toBe("one");
  expect(toOwner([at("one")], { watchers: ["copy", "3"] })).toBe("waits");
});

test("ROUTE-2: of several subscribers the open one that was active last has it", () => {
  const sessions = [
    at("old", { lastActiveAt: 1 }),
    at("late", { lastActiveAt: 2 }),
    at("closed", { lastActiveAt: 3, hasLease: false }),
  ];
  const scene = { subscribers: { 1: "old-session", 2: "late-session", 3: "closed-session" } };
  expect(toOwner(sessions, { watchers: ["1", "2", "3"] }, scene)).toBe("late");
});

test("ROUTE-3: a session that nobody sits at takes what it asked for or was sent, and nothing else", () => {
  const script = at("script", { target: false, repository: "octo/app" });
  const scene = {
    subscribers: { 3: "script-session" },
    rules: { r1: { session: "script-session" } },
  };
  expect(toOwner([script], { watchers: ["3"] }, scene)).toBe("script");
  expect(toOwner([script], to("script-session"))).toBe("script");
  expect(toOwner([script], { watchers: ["r1"] }, scene)).toBe("waits");
  expect(toOwner([script], { repository: "octo/app" })).toBeUndefined();
});

test("an event of the upstream belongs to the checkout of a fork, unless one has it as its origin", () => {
  const fork = at("fork", { repository: "ann/app", remotes: ["octo/app"], lastActiveAt: 5 });
  const own = at("own", { repository: "octo/app", lastActiveAt: 1 });
  const active = at("active", { lastActiveAt: 9 });
  expect(toOwner([fork, active], { repository: "octo/app" })).toBe("fork");
  expect(toOwner([fork, active], { repository: "ann/app" })).toBe("fork");
  expect(toOwner([fork, own, active], { repository: "octo/app" })).toBe("own");
  expect(toOwner([fork, { ...own, hasLease: false }, active], { repository: "octo/app" })).toBe(
    "fork",
  );
  const rules = { r1: { repository: "octo/app" } };
  expect(toOwner([fork, active], { watchers: ["r1"] }, { rules })).toBe("fork");
});

test("a rule names a session by id or label, a folder, or a repository", () => {
  const sessions = [
    at("labelled", { label: "ops" }),
    toAttachment({ id: "folder" }, { cwd: "/srv/api" }),
    at("project", { repository: "octo/app" }),
    at("active", { lastActiveAt: 9 }),
  ];
  const go = (to: RuleTarget): string | undefined =>
    toOwner(sessions, { watchers: ["r1"] }, { rules: { r1: to } });
  expect(go({ session: "ops" })).toBe("labelled");
  expect(go({ session: "labelled-session" })).toBe("labelled");
  expect(go({ cwd: "/srv/api" })).toBe("folder");
  expect(go({ repository: "octo/app" })).toBe("project");
});

test.each([
  ["only pulls", { lane: pull }],
  ["has no bell", { hasBell: false }],
  ["gave no sign after three bells", { health: "unproven" as const }],
])("a session that %s gets what nobody else can be given, however active", (_, changes) => {
  const weak = at("weak", { lastActiveAt: 9, ...changes });
  const strong = at("strong", { lastActiveAt: 1 });
  expect(toOwner([weak, strong], {})).toBe("strong");
  expect(toOwner([weak], {})).toBe("weak");
});

test("who is no target, or is not connected, gets nothing", () => {
  expect(toOwner([at("a", { target: false })], {})).toBeUndefined();
  expect(toOwner([at("b", { hasLease: false })], {})).toBeUndefined();
  expect(toOwner([], {})).toBeUndefined();
});

const anyAttachments = fc
  .array(
    fc.record({
      lane: fc.constantFrom(...LANES),
      health: fc.constantFrom("proven" as const, "unproven" as const, "none" as const),
      repository: fc.constantFrom("a/a", "b/b", undefined),
      target: fc.boolean(),
      hasLease: fc.boolean(),
      hasBell: fc.boolean(),
      lastActiveAt: fc.nat(5),
    }),
    { maxLength: 6 },
  )
  .map((list) => list.map((changes, index) => at(`att_${index}`, changes)));

test("ROUTE-1: whoever gets an event is there and may have it; it is missed only where nobody may", () => {
  fc.assert(
    fc.property(anyAttachments, fc.constantFrom("a/a", "z/z", undefined), (all, repository) => {
      const owner = all.find(({ id }) => id === toOwner(all, { repository }));
      const targets = all.filter((one) => one.target && one.hasLease);
      const own = targets.filter((one) => one.repository === repository);
      if (owner === undefined) return targets.length === 0;
      return (
        targets.includes(owner) &&
        (repository === undefined || own.length === 0 || own.includes(owner))
      );
    }),
    { numRuns: toRuns(2_000) },
  );
});

/** An agent without a person that is given events of these channels. */
const agentAt = (id: string, channels: string[], changes: Partial<Attachment> = {}): Attachment =>
  toAttachment(
    { id, session: `${id}-session`, lane: agent, ...changes },
    { host: "agent", agent: { channels, hold: () => undefined } },
  );

test("ROUTE-4: an agent takes what comes on its channels where no session of a person may have it", () => {
  const own = agentAt("agent", ["ci"], { lastActiveAt: 99 });
  const other = agentAt("other", ["chat"]);
  const watched = {
    subscriber: () => undefined,
    successor: (id: string) => id,
    rule: () => undefined,
  };
  const reach = (all: Attachment[], address: Partial<Address> = {}) =>
    toReach({ ...ADDRESS, watchers: [KNOWN], ...address }, toIndex(all), watched);
  expect(reach([own, other]).agents).toEqual([own]);
  expect(reach([own], { watchers: [] }).agents).toEqual([]);
  const person = at("person", { repository: "octo/app" });
  const here = agentAt("here", ["ci"], { repository: "octo/app", lastActiveAt: 99 });
  const repository = "octo/app";
  expect(toOwner([here, person], { repository, watchers: [KNOWN] })).toBe("person");
  expect(toOwner([here], { repository, watchers: [KNOWN] })).toBe("here");
  expect(reach([here], { repository, watchers: [] }).candidates).toEqual([]);
  expect(reach([here], { repository, channel: "chat" }).candidates).toEqual([]);
  expect(toOwner([here], { ...to("here-session"), watchers: [] })).toBe("waits");
});

test("ROUTE-4: an agent is given no event from before the mark, and no copy, its own or the one that many share", () => {
  const own = agentAt("agent", ["ci"]);
  const watched = {
    subscriber: (id: string) => (id === "7" ? "agent-session" : undefined),
    successor: (id: string) => id,
    rule: () => undefined,
  };
  const candidates = (address: Partial<Address>) =>
    toReach({ ...ADDRESS, ...address }, toIndex([own]), watched).candidates;
  expect(candidates({ watchers: [KNOWN, "7"] })).toEqual([own]);
  for (const watchers of [["7"], ["stranger", "7"], ["copy", "7"], [KNOWN, "copy", "7"]])
    expect(candidates({ watchers }), watchers.join()).toEqual([]);
  expect(candidates({ ...to("agent-session"), watchers: ["copy"] })).toEqual([]);
});
