import type { Row } from "./row.ts";

export const ROWS: readonly Row[] = [
  {
    when: "a second server starts on the same token, account or page while the first is healthy",
    elsewhere: "the first one is killed, answers twice, or the second one crashes",
    here: "one hub owns the token; a second poller elsewhere is waited out and the owner told; the page takes a free port",
    tests: {
      "test/e2e/telegram.long.test.ts": [
        "as owner they hear of a second poller",
        "a wrong token leaves no channel behind; a revoked one pauses it, and the hub is fine",
      ],
      "src/channels/telegram/telegram.test.ts": [
        "two pollers: neither spins, and the one that is left goes on",
      ],
      "test/e2e/crash.long.test.ts": ["ten shims that start at once start one hub"],
      "test/e2e/ingress-bad.test.ts": [
        "a second hub of the same home says that one runs, and changes nothing",
      ],
      "src/hub/web/web.test.ts": [
        "a taken port gives way to a free one, on the same literal address",
      ],
    },
  },
  {
    when: "the client probes its servers (spawn, initialize, close) during traffic",
    elsewhere: "the live server dies",
    here: "a probe registers nothing and starts nothing; the session that is open goes on",
    tests: {
      "test/e2e/shim.test.ts": [
        "a probe that ends by %s leaves no trace: no hub, no home, no attachment",
      ],
      "test/claude/sessions.test.ts": [
        "headless runs and probes beside it take no event and start nothing",
      ],
    },
  },
  {
    when: "the parent or its wrapper is killed; stderr is closed; stdin stays open",
    elsewhere: "an orphan that takes a whole processor",
    here: "the shim is gone within seconds and its lease with it",
    tests: {
      "test/e2e/shim.test.ts": [
        "SHIM-2: the shim is gone after whatever end its client chooses, and its lease with it",
        "SHIM-2: kill -9 of its parent, with stdin held open by somebody else and stderr closed",
      ],
    },
  },
  {
    when: "the platform answers 409 for a minute",
    elsewhere: "a loop without a pause, or a poller that gives up",
    here: "pauses from 1 s to 60 s, for ever; the owner is told after three",
    tests: {
      "src/channels/telegram/telegram.test.ts": [
        "409: calm, growing pauses for ever, the owner told after three, and on it goes",
        "with the timings of a hub at work, a half-open connection is noticed within 90 s (POLL-3)",
      ],
    },
  },
  {
    when: "the connection to the platform is half open",
    elsewhere: "deaf for eight minutes",
    here: "noticed within 90 s and made anew; nothing is lost",
    tests: {
      "src/channels/telegram/telegram.test.ts": [
        "a connection that says nothing is noticed and made anew (POLL-3)",
        "with the timings of a hub at work, a half-open connection is noticed within 90 s (POLL-3)",
      ],
    },
  },
  {
    when: "something is notified while no client reads, and the client restarts",
    elsewhere: "lost",
    here: "kept, and read once by the next session; marked where it may have been read before",
    tests: {
      "test/e2e/crash.long.test.ts": [
        "the client is killed right after the bell: nothing was offered, and the next session reads it as new",
        "the client is killed in the turn of an event; the next session gets it, marked as replayed",
      ],
      "test/e2e/life.test.ts": ["an event that came before the session is given to it once"],
      "test/e2e/paused-reader.test.ts": [
        "a follower and a listener that stopped reading cost the hub no memory, and no event is lost",
      ],
    },
  },
  {
    when: "five messages within 300 ms; a message during a turn",
    elsewhere: "a turn for each, and a text without its frame in the middle of a turn",
    here: "two turns at most; the late one waits for the end of the turn; each once",
    tests: {
      "test/e2e/telegram.long.test.ts": [
        "five messages in 300 ms are two turns at most; what comes during a turn waits for its end; each is read once",
      ],
      "test/e2e/life.test.ts": ["an event that comes while a turn runs is read once, after it"],
    },
  },
  {
    when: "the access file is cut short, cannot be read, or has ids as numbers",
    elsewhere: "reset to open pairing, or a list that silently matches nobody",
    here: "nobody is admitted, an alarm, the last good copy on demand; ids of an imported list count as numbers or text",
    tests: {
      "src/store/access/access.test.ts": [
        "there are at least fifty ways to damage it here",
        "ACCESS-1: nobody is admitted after: %s",
        "the last good copy is put back in a terminal, with a row in the audit",
      ],
      "src/cli/claude/official-folder.test.ts": [
        "people and groups come over; what would open a door does not, and is named",
        "a broken list is refused whole; a missing one is an empty one",
      ],
      "src/local/safe-folder.test.ts": ["EACCES"],
    },
  },
  {
    when: "a pairing is confirmed while a new one is asked for",
    elsewhere: "one of the two is lost",
    here: "each change is one transaction",
    tests: {
      "src/flow/access/admin.test.ts": [
        "a change asked for by a session while a stranger's pairing runs loses neither",
      ],
    },
  },
  {
    when: "an emoji at the 4096th character, a code block over it, unescaped marks",
    elsewhere: "broken characters, broken blocks, refused messages",
    here: "all of it arrives",
    tests: {
      "src/channels/telegram/send.test.ts": [
        "emoji at 4096, a code block over it, unescaped marks: all of it arrives",
      ],
      "src/sdk/chunk.test.ts": [
        "CHUNK-2: an emoji at the limit of 4096 is not cut",
        "CHUNK-3: a code block over the limit is closed and opened again with its language",
      ],
      "src/channels/telegram/render.test.ts": [
        "BOTHTML-1, BOTHTML-3: whatever the Markdown, Telegram can read it, and shows no more than was written",
      ],
    },
  },
  {
    when: "a picture of 12 MB, a file without a text, an album, a gif",
    elsewhere:
      "an error after the text was sent, nothing at all, separate messages, a still picture",
    here: "each goes as what shows it best; what cannot go is refused before anything is sent",
    tests: {
      "src/channels/telegram/send.test.ts": [
        "each file goes as what shows it best",
        "pictures go as an album; a file without a text goes alone; a long text goes first",
        "what cannot be sent is refused before anything is (BOTSEND-1)",
      ],
    },
  },
  {
    when: "a permission's preview of three times 3,500 code points",
    elsewhere: "it fails without a word",
    here: "shown whole; what the client cut is said to be cut",
    tests: {
      "test/e2e/prompts.test.ts": [
        "by the relay: fields of 3,500 code points come whole, what is cut is said to be",
      ],
    },
  },
  {
    when: "a permission is answered at the terminal, and then a button in the chat is pressed",
    elsewhere: "the chat says allowed, and nothing happens",
    here: "the first answer counts, and the second one is told so",
    tests: {
      "test/e2e/prompts.test.ts": [
        "No at the terminal retires the prompt at once, Yes when the tool has ended",
        "by the relay: an answer at the terminal comes first, and a later verdict changes nothing",
      ],
      "src/hub/chat-approvals.test.ts": [
        "answered at the terminal within that time, nobody is asked twice",
        "a second tap, and one after another approver's, are told what happened",
      ],
    },
  },
  {
    when: "a member of a group who is on no list types a verdict with a valid id",
    elsewhere: "accepted",
    here: "only an approver, in their own direct chat, by new words of their own",
    tests: {
      "src/hub/chat-approvals.test.ts": [
        "who may: nobody but an approver, in a direct chat, by a new message of their own (0 verdicts)",
      ],
      "src/channels/telegram/gate.test.ts": ["the table has 49 cells"],
      "src/flow/intake/gate-matrix.test.ts": ["the table has 49 cells"],
      "src/hub/web/gate-matrix.test.ts": ["the table has 49 cells, of which three are open"],
    },
  },
  {
    when: "a page of a foreign origin opens the demo page's stream",
    elsewhere: "accepted",
    here: "refused, under any name of this machine, with and without a cookie",
    tests: {
      "test/browser/attack.test.ts": [
        "a hostile page in the same browser changes nothing and reads nothing, under any name of this machine",
        "names that point here by DNS are refused on the wire: 25 of them, and two at once",
      ],
      "src/hub/web/web.test.ts": [
        "every route of the page needs both halves of a sign-in that is still good",
      ],
    },
  },
  {
    when: "an answer names a message whose id is markup",
    elsewhere: "the script runs in the page",
    here: "no such message; and what people write is text wherever it stands",
    tests: {
      "src/hub/web/web.test.ts": ["an answer names a message of its chat, nothing else"],
      "test/browser/xss.test.ts": [
        "60 payloads as messages, replies, titles, file names and a session's name: none runs, none becomes an element",
      ],
    },
  },
  {
    when: "the runtime that the bridge wants is not installed",
    elsewhere: "it does not start",
    here: "the Node that runs the command runs everything; an old one is replaced or named",
    tests: {
      "src/cli/bin.test.ts": [
        "in a checkout an old Node hands over to the one that the checkout brings",
      ],
      "src/hub/start-hub.test.ts": ["a Node that is not there is named"],
    },
  },
];
