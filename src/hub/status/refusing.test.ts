import { expect, test } from "vitest";
import { webhook } from "../../channels/webhook/index.ts";
import type { IngressChannel, RefusedRequest } from "../../ingress/contract.ts";
import { Secret } from "../../sdk/secret.ts";
import { openVerifier } from "../../verify/verifier.ts";
import { Refusals } from "./refusals.ts";
import { type RefusingInput, toRefusing } from "./refusing.ts";

/** A channel `ci` that was sent these requests; each is one second after the one before. */
function judge(
  scheme: string,
  requests: readonly (Partial<RefusedRequest> & { reason: string })[],
  changes: Partial<RefusingInput> = {},
) {
  let now = 1_000;
  const refusals = new Refusals({ now: () => now, after: () => () => {} });
  const header = changes.header;
  const verifier = toVerifier(scheme, header);
  const channel: IngressChannel = {
    name: "ci",
    definition: webhook,
    options: { name: "ci", twoWay: false },
    verifier,
    paused: false,
    ratePerSecond: 0,
    burst: 0,
  };
  const counters = requests.map(({ reason, headers = {}, body }) => {
    now += 1_000;
    const begun = verifier === "unsigned" ? undefined : verifier.begin(headers, now);
    const fault = begun?.kind === "refused" ? begun.header : undefined;
    refusals.note(channel, { reason, ...(fault && { header: fault }), headers, body });
    return { reason, lastAt: now };
  });
  return toRefusing({
    name: "ci",
    kind: "webhook",
    scheme,
    header,
    counters,
    lastEventAt: undefined,
    latest: refusals.find("ci"),
    ...changes,
  });
}

function toVerifier(scheme: string, header: string | undefined): IngressChannel["verifier"] {
  if (scheme === "none") return "unsigned";
  const secret = new Secret("whsec_c2VjcmV0LW9mLXRoaXJ0eS10d28tY2hhcmFjdGVycyE=");
  return openVerifier({
    scheme,
    credentials: [{ keyId: "one", secret }],
    ...(header === undefined ? {} : { header }),
  });
}

const github = { kind: "github" };
const MISSING = { reason: "missing_header" };
const json = Buffer.from('{"action":"completed"}');

test.each<[string, ReturnType<typeof judge>, RegExp, RegExp]>([
  [
    "GitHub without a secret",
    judge("github", [{ ...MISSING, headers: { "x-github-event": ["push"] } }], github),
    /^requests come without X-Hub-Signature-256$/,
    /^set the secret in GitHub's webhook settings /,
  ],
  [
    "GitLab at a channel of GitHub's",
    judge("github", [{ ...MISSING, headers: { "x-gitlab-token": ["t"] } }], github),
    /without X-Hub-Signature-256, but with X-Gitlab-Token$/,
    /sluice add webhook --name ci-2 --header X-Gitlab-Token makes a channel/,
  ],
  [
    "a webhook without its token",
    judge("bearer", [MISSING]),
    /^requests come without Authorization$/,
    /^let the sender send "Authorization: Bearer <token>"$/,
  ],
  [
    "a webhook whose sender signs as GitHub does",
    judge("bearer", [{ ...MISSING, headers: { "x-hub-signature-256": ["sha256=00"] } }]),
    /without Authorization, but with X-Hub-Signature-256$/,
    /sluice add webhook --name ci-2 --verify github, and its URL$/,
  ],
  [
    "a webhook whose sender signs as Stripe does",
    judge("bearer", [{ ...MISSING, headers: { "stripe-signature": ["t=1"] } }]),
    /but with Stripe-Signature$/,
    /^let the sender send "Authorization: Bearer <token>"$/,
  ],
  [
    "a token in a header of its own",
    judge("token-header", [MISSING], { header: "x-sentry-token" }),
    /^requests come without X-Sentry-Token$/,
    /^let the sender send the token alone in X-Sentry-Token$/,
  ],
  [
    "a signature without its time",
    judge("standard", [
      {
        ...MISSING,
        headers: { "webhook-signature": [`v1,${"A".repeat(43)}=`], "webhook-id": ["m"] },
      },
    ]),
    /^requests come without Webhook-Timestamp$/,
    /Webhook-Id, Webhook-Timestamp, Webhook-Signature/,
  ],
  [
    "a token without its word",
    judge("bearer", [{ reason: "unknown_version", headers: { authorization: ["tok"] } }]),
    /^requests come with another form of Authorization$/,
    /^let the sender send "Authorization: Bearer <token>"$/,
  ],
  [
    "a header that a proxy doubles",
    judge("bearer", [{ reason: "doubled_header", headers: { authorization: ["a", "b"] } }]),
    /^Authorization comes twice$/,
    /proxy/,
  ],
  [
    "another secret",
    judge("github", [{ reason: "bad_signature", body: Buffer.from("payload=%7B%7D") }], github),
    /^requests come with X-Hub-Signature-256, but the signature does not fit the body$/,
    /^set the channel's secret in GitHub's webhook settings$/,
  ],
  [
    "a relay that writes the JSON anew",
    judge(
      "github",
      [{ reason: "bad_signature", body: Buffer.from(` ${json.toString()}\n`) }],
      github,
    ),
    /does not fit the body$/,
    /relay or proxy .* byte for byte: one that reads the JSON and writes it anew breaks/,
  ],
  [
    "a clock that is off",
    judge("standard", [{ reason: "stale" }]),
    /^requests are signed too far behind this clock$/,
    /^set the clocks/,
  ],
  [
    "a browser at an unsigned channel",
    judge("none", [{ reason: "not_local" }]),
    /from a browser, through a proxy or from another machine$/,
    /^give that sender a channel with a token/,
  ],
])("REFUSING-1: %s: what is wrong and the fix are told", (_, refusing, what, fix) => {
  expect(refusing?.what).toMatch(what);
  expect(refusing?.fix).toMatch(fix);
  // Where a reason is shown, it is split at its last semicolon.
  expect(`${refusing?.what}${refusing?.fix}`).not.toContain(";");
});

test("REFUSING-1: a channel that works is not refusing, whatever strangers send without a proof", () => {
  const accepted = { lastEventAt: 1_500 };
  const strangers = Array.from({ length: 50 }, () => MISSING);
  expect(judge("github", strangers, accepted)).toBeUndefined();
  const wrong = { reason: "bad_signature" };
  expect(judge("github", [wrong, wrong], accepted)).toBeUndefined();
  expect(judge("github", [wrong, ...strangers, wrong, wrong], accepted)?.what).toContain(
    "does not fit",
  );
  // One that was taken in between.
  expect(judge("github", [wrong, wrong, wrong, wrong], { lastEventAt: 3_500 })).toBeUndefined();
  expect(judge("github", [])).toBeUndefined();
});

test("what a channel leaves out, holds back or drops by its own rules is no refusal of its requests", () => {
  for (const reason of [
    "ignored",
    "rate_limited",
    "quota_full",
    "paused",
    "overload",
    "stranger",
    "aborted",
  ])
    expect([reason, judge("github", [{ reason }])]).toEqual([reason, undefined]);
  // A ping that is left out has proved the secret.
  const counters = [
    { reason: "missing_header", lastAt: 1_000 },
    { reason: "ignored", lastAt: 2_000 },
  ];
  expect(judge("github", [], { counters })).toBeUndefined();
});

test("no name and no value that a stranger chose is kept", () => {
  const refusals = new Refusals({ now: () => 1, after: () => () => {} });
  const verifier = toVerifier("bearer", undefined);
  const channel = { name: "ci", verifier } as IngressChannel;
  const headers = {
    "x-run-this-token": ["secret-value"],
    "x-api-key": ["secret-value"],
    constructor: ["x"],
  };
  refusals.note(channel, { reason: "missing_header", headers, body: Buffer.from("secret-value") });
  const kept = JSON.stringify(refusals.find("ci"));
  expect(kept).toContain("x-api-key");
  expect(kept).not.toMatch(/secret-value|run-this|constructor/);
});
