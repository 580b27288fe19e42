import type { Row } from "./row.ts";

export const ROWS: readonly Row[] = [
  {
    when: "a name has several addresses, and the good one's handshake takes longer than 250 ms",
    thread: "nodejs/node#54359",
    elsewhere: "ETIMEDOUT, each time, though the server is there (nanoclaw#2377 as well)",
    here: "addresses are tried side by side, and none is given up before another stands",
    tests: {
      "src/sdk/net/connect.test.ts": [
        "CONNECT-1: an IPv4 address whose handshake takes longer than 600 ms is reached, %s",
        "CONNECT-1: an address that never answers keeps nobody from the one that does",
      ],
    },
  },
  {
    when: "the only way out is a proxy",
    thread: "letta-ai/letta-code#4188",
    elsewhere: "the platform's connection goes past it, and fails (Claude-to-IM-skill#11 as well)",
    here: "HTTPS_PROXY, HTTP_PROXY and NO_PROXY hold for every connection, on every Node",
    tests: {
      "test/e2e/proxy.long.test.ts": [
        "channels connect through the proxy, with TLS and without; this machine is asked directly",
      ],
      "src/sdk/net/proxy.test.ts": [
        "a proxy with a sign-in carries both kinds of request, itself over TLS: $isTls",
        "FETCH-2: a file's host is asked by the proxy; without one its address is looked at",
        "NO_PROXY=%j",
        "PROXY-1: no proxy leads to this machine, by whatever name or address",
      ],
      "src/hub/web/push/push-send.test.ts": [
        "whatever breaks on the way to a service or back, it is asked again: the same topic takes the place of a first message",
      ],
    },
  },
  {
    when: "the proxy answers 407 or 502, or nothing",
    thread: "openclaw/openclaw#74014",
    elsewhere: "a timeout or a bare code that names no proxy, or its URL with the password",
    here: "the proxy's host, what it said and what to do, in status, channels and doctor; never the sign-in",
    tests: {
      "test/e2e/proxy.long.test.ts": [
        "a proxy's $what stands in status, channels and doctor, without the sign-in; afterwards it goes on",
        "a channel that cannot be added for a proxy's refusal says why",
      ],
      "src/sdk/net/proxy.test.ts": [
        "a proxy that $name is named, and nothing was sent",
        "a proxy that refuses a name and a password is named without them",
        "PROXY-2, PROXY-3: %j is a fault that says so, and nothing goes past it",
      ],
    },
  },
  {
    when: "a valid body has many keys, or is very deep: 400 alerts in one group",
    elsewhere: "400, which is final for the sender: the alerts are lost",
    here: "taken, whatever its shape; what lies deeper than 64 levels is left out and counted; only its size is refused, with 413",
    tests: {
      "src/ingress/odd-bodies.test.ts": [
        "a group of %i alerts is taken whole",
        "$name: $status",
        "the note says how much of a deep body is left out",
        "GitHub's deliveries may have any number of keys and any depth",
      ],
      "src/sdk/json.test.ts": [
        "JSONTEXT-1: 64 levels are read; what lies deeper, up to 1,000,000 levels, is left out and counted",
        "JSONTEXT-1: brackets that nobody closes, or closes too often, are no JSON",
      ],
    },
  },
  {
    when: "a sender sends multipart/form-data and nothing else",
    thread: "louislam/uptime-kuma#5004",
    elsewhere: "an empty message, or none (windmill-labs/windmill#3529 as well)",
    here: "read as a form; of a file its name, type and size",
    tests: {
      "src/ingress/odd-bodies.test.ts": [
        "Uptime Kuma's and Jotform's multipart/form-data is read, files as their names",
      ],
      "src/channels/webhook/webhook.test.ts": [
        "multipart/form-data is read as a form: fields as they are, of a file its name, type and size",
        "a multipart body that is none is 400, however it is broken",
      ],
    },
  },
  {
    when: "a body begins with a byte order mark",
    elsewhere: "not valid JSON",
    here: "the mark is dropped, and counts for the signature",
    tests: {
      "src/ingress/odd-bodies.test.ts": ["a byte order mark before JSON is no part of it"],
    },
  },
  {
    when: "a relay parses a signed body and writes it anew",
    elsewhere: "accepted unsigned, or refused without a trace",
    here: "401, counted as a wrong signature; byte for byte it passes",
    tests: {
      "src/ingress/odd-bodies.test.ts": [
        "a relay that writes the JSON anew breaks the signature: 401, counted, and nothing kept; byte for byte it passes",
      ],
    },
  },
  {
    when: "Gitea or Forgejo sends its own headers beside GitHub's",
    elsewhere: "refused for headers that are not known, or for the older signature",
    here: "GitHub's are read, and the others are no hindrance",
    tests: {
      "src/ingress/odd-bodies.test.ts": [
        "what Gitea and Forgejo send beside GitHub's headers is no hindrance",
      ],
    },
  },
  {
    when: "a sender waits for 100 Continue, sends chunks, or speaks HTTP/1.0",
    elsewhere: "it waits for ever, or its body is empty",
    here: "invited, read and answered",
    tests: {
      "src/ingress/odd-bodies.test.ts": [
        "a sender that waits for 100 Continue gets it, in chunks and with a length, and is heard",
        "a body in chunks, of any size and with trailers, is the body",
        "HTTP/1.0, with a Host and without, is answered and the connection closed",
      ],
    },
  },
];
