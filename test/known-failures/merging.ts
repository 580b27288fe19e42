import type { Row } from "./row.ts";

export const ROWS: readonly Row[] = [
  {
    when: "one check of a pull request fails, then others of it succeed",
    elsewhere: "the last one stands for all, and the failure is gone",
    here: "only a later state of the very same check supersedes it: the failure leads, the others are lines beside it",
    tests: {
      "src/flow/text/merge.test.ts": [
        "MERGE-4: a success of another workflow on the same pull request ends no failure: the failure leads, the others are named",
        "MERGE-4: only the very thing that failed mends it",
      ],
      "src/flow/text/layout.test.ts": [
        "LAYOUT-1: Tests failed, then Lint and Docs went well: the failure leads, the others are lines, and none ends it",
      ],
      "test/e2e/merge.test.ts": [
        "monitor: Tests failed, then Lint and Docs went well, all of one pull request: the failure leads, the others are named, none ends it",
      ],
    },
  },
  {
    when: "a person writes about a pull request, and a machine's event about it follows",
    elsewhere: "the words are merged away",
    here: "what people write is whole, stands first, and is superseded by nothing",
    tests: {
      "src/flow/text/merge.test.ts": [
        "MERGE-4: a comment is ended by no success and no label: it leads",
        "MERGE-1: requested changes lead with the comments on the lines, whichever came first; a label is a line",
      ],
      "src/flow/text/layout.test.ts": [
        "LAYOUT-1: a comment that warns before a merge stands whole and first; a success behind it is a line",
        "LAYOUT-1: requested changes and the comments on three lines are whole, a label is a line",
      ],
    },
  },
  {
    when: "two alerts of one host fire, and one of them is resolved",
    elsewhere: "both read as resolved",
    here: "each ends by its own word, and is kept until then",
    tests: {
      "src/flow/deliver/gather.test.ts": [
        "MERGE-4: an alert of the same entity that is resolved ends no other one; each is kept until its own is",
      ],
    },
  },
  {
    when: "an owner writes a long message in a chat",
    thread: "zylos-core#748, #665",
    elsewhere: "it is cut, or a hint stands in its place",
    here: "it is whole wherever the note has room, people's texts before all others; what is cut is counted",
    tests: {
      "src/flow/text/sharing.test.ts": [
        "NOTE-3: a message of 4,096 characters of an owner is whole, alone and among others",
        "NOTE-3: so that a person's message is whole, what is not urgent waits for the next note; what is urgent does not",
        "NOTE-3: a person's text larger than a note gets all that is left, is cut with a count, and drives nothing out",
      ],
    },
  },
  {
    when: "a hundred events have waited for a session that opens now",
    elsewhere: "a hundred texts and a turn for each few of them",
    here: "a digest, on every lane; turns that start behind a running one are counted as well",
    tests: {
      "test/e2e/flood.long.test.ts": [
        "97 events that waited for a session of the %s lane come in digests: at most %i turns, not a text each",
        "channel lane: events that come one by one into turns that run start no more than twelve turns an hour",
      ],
      "test/hosts/hosts.test.ts": [
        "97 events that waited for a session of a host come in a few messages, each told once and proved by its message",
      ],
    },
  },
];
