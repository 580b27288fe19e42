import { expect, test } from "vitest";
import { judgeAuth, listAuthservs } from "./auth-results.ts";
import { parseHeaders } from "./headers.ts";

const FROM = "ann@example.com";
const OURS = "mx.sluice.test";

function judge(lines: readonly string[], authserv = OURS, from = FROM) {
  return judgeAuth(parseHeaders(Buffer.from(lines.join("\r\n"))), from, authserv);
}

const MAIL = `From: Ann <${FROM}>`;

// MAILAUTH-2
test.each([
  [
    "Gmail",
    `${OURS}; dkim=pass header.i=@example.com header.s=s1 header.b=abc; spf=pass (google.com: domain of ann@example.com designates 1.2.3.4 as permitted sender) smtp.mailfrom=ann@example.com; dmarc=pass (p=NONE sp=QUARANTINE dis=NONE) header.from=example.com`,
    "dmarc",
  ],
  [
    "a signature where the domain has no rule",
    `${OURS}; dkim=pass (2048-bit key) header.d=example.com header.i=@example.com; dmarc=none`,
    "dkim",
  ],
  ["a signature of the domain above", `${OURS}; dkim=pass header.d=example.com`, "dkim"],
  [
    "one good signature of two",
    `${OURS}; dkim=fail reason="bad; dkim=pass" header.d=list.test; dkim=pass header.d=example.com`,
    "dkim",
  ],
  [
    "who signed in there",
    `${OURS}; auth=pass smtp.auth=Ann@example.com smtp.mailfrom=ann@example.com`,
    "auth",
  ],
  [
    "a version, folded",
    `${OURS} 1;\r\n\tdmarc=pass\r\n (p=reject)\r\n header.from=EXAMPLE.com`,
    "dmarc",
  ],
  [
    "Microsoft's guess beside a signature",
    `${OURS}; dkim=pass (signature was verified) header.d=example.com;dmarc=bestguesspass action=none header.from=example.com`,
    "dkim",
  ],
])("a mail is known by %s", (_, results, by) => {
  expect(judge([`Authentication-Results: ${results}`, MAIL])).toMatchObject({ by });
});

// MAILAUTH-1, MAILAUTH-2, MAILAUTH-3
test.each([
  ["no results at all", []],
  [
    "another server's word",
    ["Authentication-Results: mx.evil.test; dmarc=pass header.from=example.com"],
  ],
  [
    "a name that only ends alike",
    [`Authentication-Results: evil${OURS}; dmarc=pass header.from=example.com`],
  ],
  [
    "Microsoft's form without a name",
    [
      "Authentication-Results: spf=pass smtp.mailfrom=example.com; dkim=pass header.d=example.com;dmarc=pass header.from=example.com",
    ],
  ],
  ["SPF alone", [`Authentication-Results: ${OURS}; spf=pass smtp.mailfrom=ann@example.com`]],
  [
    "a stranger's own good signature",
    [
      `Authentication-Results: ${OURS}; dkim=pass header.d=evil.test; dmarc=none header.from=example.com`,
    ],
  ],
  [
    "DMARC of another From",
    [
      `Authentication-Results: ${OURS}; dmarc=pass header.from=evil.test; dkim=pass header.d=example.com`,
    ],
  ],
  [
    "a failed DMARC beside a signature",
    [
      `Authentication-Results: ${OURS}; dmarc=fail header.from=example.com; dkim=pass header.d=example.com`,
    ],
  ],
  [
    "DMARC that could not be looked up",
    [`Authentication-Results: ${OURS}; dmarc=temperror; dkim=pass header.d=example.com`],
  ],
  [
    "a pass in a comment",
    [
      `Authentication-Results: ${OURS}; dmarc=fail (dmarc=pass header.from=example.com; dkim=pass header.d=example.com)`,
    ],
  ],
  [
    "a pass in quotes",
    [`Authentication-Results: ${OURS}; dmarc=fail reason="; dmarc=pass header.from=example.com"`],
  ],
  [
    "two results that disagree",
    [
      `Authentication-Results: ${OURS}; dmarc=fail header.from=example.com`,
      `Authentication-Results: ${OURS}; dmarc=pass header.from=example.com`,
    ],
  ],
  [
    "a property that stands twice",
    [`Authentication-Results: ${OURS}; dmarc=pass header.from=evil.test header.from=example.com`],
  ],
  ["a top-level domain as signer", [`Authentication-Results: ${OURS}; dkim=pass header.d=com`]],
  [
    "the signer below, not above",
    [`Authentication-Results: ${OURS}; dkim=pass header.d=shop.example.com`],
  ],
  [
    "a signer that only ends alike",
    [`Authentication-Results: ${OURS}; dkim=pass header.d=ple.com`],
  ],
  [
    "another user of the same server",
    [`Authentication-Results: ${OURS}; auth=pass smtp.auth=bob@example.com`],
  ],
  [
    "results below a Received line that follows the server's own",
    [
      `Authentication-Results: ${OURS}; spf=none`,
      "Received: from evil.test by mx",
      `Authentication-Results: ${OURS}; dmarc=pass header.from=example.com`,
    ],
  ],
  [
    "a signature that stands below the server's own word on signatures",
    [
      `Authentication-Results: ${OURS}; dkim=none; dmarc=none`,
      `Authentication-Results: ${OURS}; dkim=pass header.d=example.com`,
    ],
  ],
  [
    "a login that stands below the server's own words",
    [
      `Authentication-Results: ${OURS}; spf=none`,
      `Authentication-Results: ${OURS}; auth=pass smtp.auth=ann@example.com`,
    ],
  ],
])("a mail is not known by %s", (_, lines) => {
  const auth = judge([...lines, MAIL]);
  expect(auth.by).toBeUndefined();
  expect(auth.reason).not.toBe("");
});

test("MAILAUTH-3: with two From lines nobody wrote it", () => {
  const good = `Authentication-Results: ${OURS}; dmarc=pass header.from=example.com`;
  expect(judge([good, MAIL, "From: bob@evil.test"]).by).toBeUndefined();
});

test("of a provider with many servers all names that end alike count", () => {
  const lines = [
    "Authentication-Results: mx5.messagingengine.com; dmarc=pass header.from=example.com",
    MAIL,
  ];
  expect(judge(lines, "*.messagingengine.com").by).toBe("dmarc");
  expect(judge(lines, "spf.icloud.com,*.messagingengine.com").by).toBe("dmarc");
  expect(judge(lines, "messagingengine.com").by).toBeUndefined();
});

test("a server may write a header for each method", () => {
  const lines = [
    `Authentication-Results: ${OURS}; spf=pass smtp.mailfrom=example.com`,
    `Authentication-Results: ${OURS}; dmarc=pass (p=none) header.from=example.com`,
    `Authentication-Results: ${OURS}; dkim=pass header.d=example.com`,
    MAIL,
  ];
  expect(judge(lines).by).toBe("dmarc");
});

test("MAILAUTH-1: a header too long to read above the first one of the server ends the search: it may be the server's own", () => {
  const long = `Authentication-Results: ${OURS}; dmarc=fail reason="${"x".repeat(9_000)}"`;
  const forged = `Authentication-Results: ${OURS}; dmarc=pass header.from=example.com`;
  expect(judge([long, forged, MAIL]).by).toBeUndefined();
  expect(judge([long.replace(OURS, "mx.evil.test"), forged, MAIL]).by).toBeUndefined();
  // Below one of the server's own, the sender wrote it.
  expect(judge([forged, long, MAIL]).by).toBe("dmarc");
});

test("domains in other scripts are compared in one form", () => {
  const lines = [
    `Authentication-Results: ${OURS}; dmarc=pass header.from=xn--bcher-kva.example`,
    "From: a@bücher.example",
  ];
  expect(judge(lines, OURS, "a@bücher.example").by).toBe("dmarc");
});

test("what the server found is told, the best of several signatures", () => {
  const auth = judge([
    `Authentication-Results: ${OURS}; spf=softfail; dkim=fail; dkim=pass header.d=example.com; dmarc=pass header.from=example.com`,
    MAIL,
  ]);
  expect(auth.results).toEqual({ spf: "softfail", dkim: "pass", dmarc: "pass" });
});

test("the names of servers are read for the owner to choose from", () => {
  const headers = parseHeaders(
    Buffer.from(
      "Authentication-Results: mx.one.test; none\r\nAuthentication-Results: spf=pass\r\nAuthentication-Results: mx.one.test 1; spf=pass\r\n",
    ),
  );
  expect(listAuthservs(headers)).toEqual(["mx.one.test"]);
});

test("a results header of a megabyte is read in linear time", () => {
  for (const filler of ["(", '"', ";", "a=b ", "=", "\\"]) {
    const auth = judge([`Authentication-Results: ${OURS}; ${filler.repeat(300_000)}`, MAIL]);
    expect(auth.by).toBeUndefined();
  }
});
