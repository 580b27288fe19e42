import type { Row } from "./row.ts";

export const ROWS: readonly Row[] = [
  {
    when: "a hub is started with nohup, and its terminal closes",
    thread: "tinode/chat#25",
    elsewhere: "the server ends with the terminal, since its own handler undoes nohup",
    here: "what has no terminal on its standard streams goes on; SIGTERM ends it",
    tests: {
      "src/cli/hangup.long.test.ts": [
        "HANGUP-1: under nohup a hub outlives its terminal",
        "a hub in a terminal ends with it",
        "HANGUP-1: sluice tail under nohup goes on",
      ],
    },
  },
  {
    when: "a sender has no secret, another scheme or a wrong one",
    elsewhere: "the channel shows as fine, and nothing arrives",
    here: "it is refusing: the header, the counts, the last time and the fix are told",
    tests: {
      "src/cli/refusing.test.ts": [
        "GitHub without a secret: channels, status and doctor name the header and the fix, with how many and when",
        "the first request that is taken ends it; the count stays",
      ],
      "src/hub/status/refusing.test.ts": [
        "REFUSING-1: %s: what is wrong and the fix are told",
        "REFUSING-1: a channel that works is not refusing, whatever strangers send without a proof",
      ],
    },
  },
  {
    when: "a relay parses a signed body and writes it anew",
    elsewhere: "a wrong signature without a word of why",
    here: "doctor says that the body has to pass byte for byte",
    tests: {
      "src/cli/refusing.test.ts": [
        "a relay that re-serialises: after three in a row doctor says how the body has to pass",
      ],
    },
  },
  {
    when: "somebody types a kind of channel that is not there, or opens a webhook's URL in a browser",
    elsewhere: "a bare error, or an empty page",
    here: "the nearest kind and all of them; what is expected, in JSON",
    tests: {
      "src/cli/channel-kind.test.ts": [
        "of %j the nearest kind is told, and all of them",
        "%j is near to none: all are listed, and how its events come in",
      ],
      "src/ingress/receive.test.ts": [
        "other methods are 405 with Allow and say in JSON what is expected, alike for every name; other paths are 404",
      ],
    },
  },
  {
    when: "an organisation lists the channel plugins that may run",
    elsewhere:
      "a plugin of the same name from another marketplace counts, and an empty list closes the development flag as well",
    here: "plugin and marketplace count together; the development flag goes past the list, as in the client",
    tests: {
      "src/hub/settings/policy.test.ts": [
        "a list of allowed channel plugins that names %s",
        "an empty list lets the development flag through, and says so; channels that are off, and a file that cannot be read, let nothing",
      ],
      "src/flow/lanes/channel-lane.test.ts": [
        "a policy that lets only some sessions through holds the others, on every way in",
      ],
    },
  },
];
