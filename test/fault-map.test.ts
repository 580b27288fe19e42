/**
 * What can go wrong around a hub, and the tests here that show what happens then.
 *
 * The numbers are those that tests and comments cite. A row whose test was renamed or removed fails, and so does a number without a row.
 */
import { expect, test } from "vitest";
import { type Claims, findMissing } from "./claims.ts";

type Row = { id: string; fault: string; here: string; tests: Claims };

const FAULTS: readonly Row[] = [
  {
    id: "FAULT-1",
    fault: "the hub is killed, at any step",
    here: "nothing accepted is lost or doubled; what may have been read comes again marked",
    tests: {
      "test/faults/labelled.test.ts": ["%s: the hub is killed: %s"],
      "test/faults/faults.test.ts": [
        "kill -9 of the hub under load: what was accepted is stored, once, and the file is sound",
        "a session whose hub dies again and again reads every accepted event, and none twice without saying so",
      ],
      "src/flow/lanes/channel-lane.test.ts": [
        "FAULT-1: an offer that a killed hub had committed but perhaps not pushed goes again after the restart",
      ],
    },
  },
  {
    id: "FAULT-2",
    fault: "the client is killed in the middle of a delivery",
    here: "its events go back; the next session has them, marked as replayed where they may have been read",
    tests: {
      "test/e2e/crash.long.test.ts": [
        "%s: the client is killed in the turn of an event; the next session gets it, marked as replayed",
        "the client is killed right after the bell: nothing was offered, and the next session reads it as new",
      ],
      "test/claude/faults.test.ts": [
        "the client is killed while the model reads an event: the next session has it, marked as replayed",
      ],
    },
  },
  {
    id: "FAULT-3",
    fault: "the shim alone is killed; the client does not start it again",
    here: "the bell says once how to reconnect, events wait; doctor names such a session",
    tests: {
      "test/faults/labelled.test.ts": ["the shim is killed: %s; its user starts the client anew"],
      "test/e2e/crash.long.test.ts": [
        "the shim is killed: the bell says how to reconnect, the event waits, and a new shim gets it",
      ],
      "test/claude/faults.test.ts": [
        "the shim is killed: the bell says once how to reconnect, and then what waited arrives",
      ],
      "src/cli/commands/doctor.test.ts": [
        "a session of the client that we are not in is named; one that is connected, or just starting, is not",
      ],
    },
  },
  {
    id: "FAULT-4",
    fault: "the power is cut",
    here: "what was accepted is on the disk; without syncs the same rig finds losses",
    tests: {
      "test/faults/faults.test.ts": [
        "power cuts: what was accepted is on the disk",
        "power cuts without syncs lose what was accepted: the rig would notice",
      ],
    },
  },
  {
    id: "FAULT-5",
    fault: "a signal to end, a machine that sleeps, a process that stands still",
    here: "everything is closed in order; what stood still goes on without a loss or an unmarked repetition",
    tests: {
      "src/hub/process/shutdown.test.ts": [
        "SHUTDOWN-1: %s closes what was opened last first, then exits 0",
      ],
      "src/ingress/listener.test.ts": [
        "closing lets a running request end, answers newcomers on open connections 503, then is gone",
      ],
      "test/faults/stopped.test.ts": [
        "a shim, a client, a hub that stand still for longer than a hook is waited for: nothing is lost, nothing is read twice",
      ],
      "src/hub/upkeep/upkeep.test.ts": [
        "after a jump of the clock nothing expires for ten minutes",
      ],
    },
  },
  {
    id: "FAULT-6",
    fault: "a channel throws",
    here: "its connection is made anew with growing pauses, its sender is told to come again; the others go on",
    tests: {
      "src/hub/channels/connections.test.ts": [
        "CONNECTION-2: what does not open is tried again after 1, 2, 4 ... 60 s, until it does",
      ],
      "src/ingress/receive.test.ts": [
        "a channel that throws is our fault: 503, and its message, which may quote the body, is not logged",
      ],
      "src/hub/upkeep/upkeep.test.ts": [
        "UPKEEP-2: a fault ends its task alone, and a later round goes on",
      ],
    },
  },
  {
    id: "FAULT-7",
    fault: "the hub's memory runs out",
    here: "the same as a kill: what grows is bounded, and what is accepted is on the disk",
    tests: {
      "test/e2e/paused-reader.test.ts": [
        "a follower and a listener that stopped reading cost the hub no memory, and no event is lost",
      ],
      "test/faults/faults.test.ts": ["kill -9 of the hub under load"],
    },
  },
  {
    id: "FAULT-8",
    fault: "the disk is full",
    here: "503 with Retry-After, nothing is half kept; with space it goes on without a restart",
    tests: {
      "test/faults/disk.test.ts": [
        "a full disk: nothing is accepted, each sender is told when to come again, and with space it goes on",
      ],
      "src/store/file/database.test.ts": [
        "FAULT-8: on a full disk nothing is half kept, and when space returns it goes on without a restart",
      ],
      "src/store/events/limit.test.ts": [
        "LIMIT-1: with too little of the disk free the inbox takes nothing more",
      ],
    },
  },
  {
    id: "FAULT-9",
    fault: "the home may only be read",
    here: "the start is refused in one line, with exit code 78",
    tests: {
      "test/faults/disk.test.ts": [
        "a home that may only be read: the start is refused in one line, as bad set-up",
      ],
      "src/store/file/database.test.ts": [
        "FAULT-9: a file that may only be read is refused at the start",
      ],
    },
  },
  {
    id: "FAULT-10",
    fault: "the disk fails to sync",
    here: "senders are told to come again; what was accepted before and after is on the disk",
    tests: {
      "test/faults/faults.test.ts": [
        "a disk that fails to sync: nothing is accepted meanwhile that a power cut then takes",
      ],
      "src/flow/intake/accept.test.ts": [
        "a failed transaction is a fault for the sender, and nothing is kept",
      ],
    },
  },
  {
    id: "FAULT-11",
    fault: "the inbox is damaged",
    here: "it is refused and kept; a daily backup goes back by the line that is printed, and what happened since is told",
    tests: {
      "test/faults/disk.test.ts": [
        "a damaged inbox is refused and left as it is, or its events are there; none begins empty",
      ],
      "test/e2e/restore.long.test.ts": ["a damaged inbox: the start says what to type, it works"],
      "src/hub/upkeep/backups.test.ts": [
        "BACKUP-1: one backup a day, private and whole; seven are kept",
      ],
      "src/store/file/restored.test.ts": [
        "RESTORED-1: what waited in a backup comes again as replayed, with five attempts left, and its trace says why",
      ],
    },
  },
  {
    id: "FAULT-12",
    fault: "another process holds the inbox, or a second hub starts",
    here: "one writer, by a lock that any death frees; a busy file is 503",
    tests: {
      "src/store/file/database.test.ts": [
        "FAULT-12: while another process holds the file a write fails as busy, for the sender to come again",
      ],
      "src/hub/process/lock.test.ts": [
        "of twenty takers at once exactly one gets it",
        "LOCK-1: kill -9 of the holder frees the lock at once",
      ],
    },
  },
  {
    id: "FAULT-13",
    fault: "the home lies on a network file system, or in a folder that is synced",
    here: "the first is refused by name; doctor names the second",
    tests: {
      "src/hub/process/disk-kind.test.ts": [
        "FAULT-13: a home on a network file system is refused by name, before anything is written",
        "FAULT-13: %s is synced by: %s",
      ],
    },
  },
  {
    id: "FAULT-14",
    fault: "an upgrade of the schema is interrupted; a newer one is met",
    here: "each step is whole or absent; a newer file is refused and kept",
    tests: {
      "src/store/file/database.test.ts": [
        "a migration that was interrupted is made whole the next time",
        "a first start that is killed at any moment leaves no file or a whole one",
        "DATABASE-3: a file of a newer Sluice is refused and stays as it is",
      ],
    },
  },
  {
    id: "FAULT-15",
    fault: "the inbox holds a million events",
    here: "reads go by index, a purge comes in pieces, a start does not read it first",
    tests: {
      "src/store/events/claim.test.ts": [
        "however much waits, each read of what waits goes by index, and never over the whole table",
      ],
      "src/store/events/figures.test.ts": [
        "figures are read from indexes, never from all that is kept",
      ],
      "src/hub/upkeep/upkeep.test.ts": [
        "what is over is kept for thirty days, then goes in pieces; thousands of events at once hold nobody up",
      ],
      "src/store/file/clean-shutdown.test.ts": [
        "a large file is opened unread after a clean end, read behind the start, and read first after a damage or an unclean end",
      ],
    },
  },
  {
    id: "FAULT-16",
    fault: "the clock jumps",
    here: "nothing expires early, no session falls silent, no prompt ends",
    tests: {
      "src/flow/deliver/clock-jump.test.ts": [
        "a clock that is set back a day gives no session a day without wakes",
      ],
      "src/flow/expiry/expire.test.ts": [
        "EXPIRY-2: a clock that jumps %s is not believed for ten minutes",
      ],
      "src/flow/prompt/unattended.test.ts": [
        "UNATTENDED-2: a clock that is set ends no prompt early and keeps none",
      ],
    },
  },
  {
    id: "FAULT-17",
    fault: "a sender's clock is wrong",
    here: "accepted to the second of the window, refused behind it, with one line that says by how much",
    tests: {
      "src/verify/verifier.test.ts": [
        "a request sent %i s from now is inside the window",
        "a genuine request out of the window tells by how much the clocks differ; a forged one does not",
      ],
      "src/ingress/receive.test.ts": [
        "a genuine request from a wrong clock is 401 like any other, and one line in the log",
      ],
    },
  },
  {
    id: "FAULT-18",
    fault: "thousands of events at once",
    here: "each is accepted or told to come again; a session is woken a few times and nothing is lost",
    tests: {
      "test/day/day.test.ts": [
        "a day in the life, in short, through the rows of its senders: few notes, nothing lost, nothing read twice, no failure and no person's words silenced",
      ],
      "src/ingress/receive.test.ts": [
        "over its rate a channel answers 429 with Retry-After, and failed proofs do not use up the rate",
      ],
      "test/e2e/upkeep.test.ts": [
        "over its quota a channel answers 429 with Retry-After, counts it, and takes more once there is room",
      ],
    },
  },
  {
    id: "FAULT-19",
    fault: "a session is busy for an hour",
    here: "nothing is offered again meanwhile; afterwards one note brings it all",
    tests: {
      "src/flow/lanes/channel-lane.test.ts": ["on a proven lane at most eight are out at once"],
      "src/flow/deliver/gather.test.ts": [
        "more than twenty are a digest; what does not fit waits for the inbox or the next bell",
      ],
      "test/claude/turns.test.ts": [
        "an event in a running turn waits for its end, then has a turn of its own",
      ],
    },
  },
  {
    id: "FAULT-20",
    fault: "a body of 100 MB",
    here: "413 at the cap, the rest never in memory",
    tests: {
      "src/ingress/hostile.test.ts": [
        "a body of 100 MB that says so is 413 before it has come, and the connection ends though its sender goes on",
        "a body of 100 MB in chunks is 413 once over the cap, and the rest stays out of memory",
      ],
    },
  },
  {
    id: "FAULT-21",
    fault: "connections that send a byte now and then",
    here: "cut off by time, and by age where there are too many; honest senders get in",
    tests: {
      "src/ingress/hostile.test.ts": [
        "a body that never comes is cut off with 408, and so are headers",
        "held-open bodies beyond 64 give way, the oldest first, and honest senders get in",
        "at the cap of connections the oldest idle one gives way, never one that was verified",
      ],
    },
  },
  {
    id: "FAULT-22",
    fault: "a reader of our streams stops reading",
    here: "cut off; memory stays bounded",
    tests: {
      "src/api/routes/stream.test.ts": [
        "a reader that stopped reading is cut off, and 80,000 messages cost no memory",
      ],
      "src/ingress/stream.test.ts": [
        "a listener that does not read is cut off, and memory stays bounded",
      ],
    },
  },
  {
    id: "FAULT-23",
    fault: "too many or too large headers",
    here: "refused; none is dropped silently",
    tests: {
      "src/ingress/hostile.test.ts": [
        "a hundred headers are fine, and the last of them still counts",
        "headers over 16 KiB are 431",
      ],
    },
  },
  {
    id: "FAULT-24",
    fault: "a compressed bomb",
    here: "compressed bodies are 415",
    tests: { "src/ingress/receive.test.ts": ["compressed bodies are 415, for every name"] },
  },
  {
    id: "FAULT-25",
    fault: "endless strangers and addresses",
    here: "no rows, no replies, bounded memory",
    tests: {
      "src/flow/intake/pairing.test.ts": [
        "a thousand strangers under %s leave no row and get no reply",
      ],
      "src/ingress/rate-limit.test.ts": [
        "addresses without number are remembered in bounded space, the newest first",
      ],
    },
  },
  {
    id: "FAULT-26",
    fault: "bytes that are no UTF-8",
    here: "kept with U+FFFD and a note",
    tests: {
      "src/channels/webhook/webhook.test.ts": [
        "text with broken bytes is kept with U+FFFD and a note",
      ],
    },
  },
  {
    id: "FAULT-27",
    fault: "NUL bytes",
    here: "taken out of what is kept as text",
    tests: {
      "src/sdk/json.test.ts": ["stored text has no NUL and survives UTF-8 unchanged"],
      "src/channels/webhook/webhook.test.ts": ["NUL and lone surrogates do not survive"],
    },
  },
  {
    id: "FAULT-28",
    fault: "lone surrogates",
    here: "made whole before anything is stored or sent",
    tests: {
      "test/e2e/ingress-bad.test.ts": [
        "NUL, a lone surrogate and tags of ours are kept as they came, and shown harmless",
      ],
    },
  },
  {
    id: "FAULT-29",
    fault: "JSON as deep as a well",
    here: "64 levels are read, what lies deeper is left out and counted; the hub goes on",
    tests: {
      "src/sdk/json.test.ts": [
        "JSONTEXT-1: 64 levels are read; what lies deeper, up to 1,000,000 levels, is left out and counted",
      ],
    },
  },
  {
    id: "FAULT-30",
    fault: "keys that reach for the prototype",
    here: "plain keys",
    tests: {
      "src/sdk/json.test.ts": [
        "JSONTEXT-2: prototype keys are plain keys, and inherited ones are not there",
      ],
      "src/channels/github/hostile.test.ts": ["prototype keys change nothing and no prototype"],
    },
  },
  {
    id: "FAULT-31",
    fault: "numbers that lose their digits",
    here: "kept as they were written",
    tests: {
      "src/sdk/json.test.ts": [
        "JSONTEXT-3: an integer beyond 2^53 keeps its digits; other numbers and text stay as they are",
      ],
    },
  },
  {
    id: "FAULT-32",
    fault: "marks that steer a terminal, break a line or cannot be seen",
    here: "none reaches the model, a terminal, or the frame of a line",
    tests: {
      "src/sdk/json.test.ts": ["a byte order mark is dropped"],
      "src/flow/text/shape.test.ts": [
        "nothing that cannot be seen reaches the model",
        "SHAPE-2: each line of what others wrote is marked, whatever line break it used",
      ],
      "src/cli/output/print.test.ts": ["%s in text from outside is shown by its number"],
    },
  },
  {
    id: "FAULT-33",
    fault: "a wrong or missing content type",
    here: "415, never guessed; a form from GitHub is read",
    tests: {
      "src/ingress/unsigned-headers.test.ts": [
        "an issue's title holding &payload= does not become a failed workflow",
      ],
      "src/channels/github/receive.test.ts": [
        "a form-encoded delivery reads the same as a JSON one",
        "a wrong content type is 415; a broken envelope or body is 400",
      ],
      "src/channels/webhook/webhook.test.ts": [
        "broken JSON is 400; a type that is not text is 415",
      ],
    },
  },
  {
    id: "FAULT-34",
    fault: "the same delivery again: at once, later, under another id, after its event was purged",
    here: "one event for thirty days",
    tests: {
      "src/ingress/unsigned-headers.test.ts": [
        "is the event that it already made, and the owner can see that it came",
      ],
      "src/store/events/inbox.test.ts": [
        "INBOX-1: one delivery id posted a thousand times at once is one event",
        "INBOX-1: a delivery id is remembered for thirty days to the millisecond, though its event is gone",
      ],
      "src/store/events/sweep.test.ts": [
        "the history goes, open events and delivery ids stay: a late redelivery is still a duplicate",
      ],
    },
  },
  {
    id: "FAULT-35",
    fault: "events come out of order",
    here: "kept as they came; the latest by the sender's own time is shown",
    tests: {
      "src/flow/text/merge.test.ts": [
        "MERGE-4: the latest state is the latest by the sender's own times, where all have one",
      ],
      "src/flow/deliver/gather.test.ts": [
        "a resolved alert stands for the firing one, whichever came in last",
      ],
    },
  },
  {
    id: "FAULT-36",
    fault: "a delivery that is repeated is taken for a duplicate of itself",
    here: "deliveries and delivery ids are different tables",
    tests: {
      "src/flow/lanes/channel-lane.test.ts": ["FAULT-36: a re-offer always reaches the transport"],
    },
  },
  {
    id: "FAULT-37",
    fault: "a platform redelivers by hand",
    here: "of a known event a duplicate, else a new event; meant again, there is replay",
    tests: {
      "src/store/events/inbox.test.ts": [
        "INBOX-1: a delivery whose transaction failed is no duplicate when it comes again",
      ],
      "test/e2e/upkeep.test.ts": [
        "what is done is delivered again by id, range and channel, marked as replayed, also to one session",
      ],
    },
  },
  {
    id: "FAULT-38",
    fault: "a connection is half open",
    here: "noticed within 90 s and made anew, without a loss",
    tests: {
      "src/channels/telegram/telegram.test.ts": [
        "with the timings of a hub at work, a half-open connection is noticed within 90 s (POLL-3)",
      ],
      "src/channels/ntfy/ntfy.test.ts": ["NTFY-1: a stream that is silent is opened anew"],
      "src/flow/session/leases.test.ts": ["LEASE-1: after the grace its events go back"],
    },
  },
  {
    id: "FAULT-39",
    fault: "a second poller on one bot",
    here: "waited out for ever, the owner told",
    tests: {
      "src/channels/telegram/telegram.test.ts": [
        "409: calm, growing pauses for ever, the owner told after three, and on it goes",
      ],
      "test/e2e/telegram.long.test.ts": [
        "two hubs on one bot: both stay calm and say why, and the one that is left goes on",
      ],
    },
  },
  {
    id: "FAULT-40",
    fault: "a platform asks for patience, fails, or refuses the credential",
    here: "kept to the second; growing pauses; paused with a clear line",
    tests: {
      "src/channels/telegram/telegram.test.ts": [
        "429 of a poll is waited out to the second, 5xx and gateways with growing pauses",
        "401: the channel pauses with a clear line and asks no more; its token stands nowhere",
      ],
      "src/channels/telegram/send.test.ts": [
        "429 is kept to the second: nothing is sent meanwhile, and the caller hears how long (BOTSEND-3)",
      ],
    },
  },
  {
    id: "FAULT-41",
    fault: "a poll's offset runs ahead of what is kept",
    here: "events and cursor are one commit",
    tests: {
      "src/flow/intake/take.test.ts": [
        "TAKE-1: a batch and its cursor are one commit; received again it is one event",
      ],
      "src/channels/telegram/telegram.test.ts": [
        "updates arrive in order, and are confirmed only after they are kept (POLL-1)",
      ],
      "test/e2e/telegram.long.test.ts": [
        "the hub is killed again and again under 1,000 messages: each is kept once",
      ],
    },
  },
  {
    id: "FAULT-42",
    fault: "Discord's gateway drops, forgets the session, answers no heartbeat",
    here: "resumed from what is kept; where that is refused, the chats are read; few new sessions are begun",
    tests: {
      "src/channels/discord/gateway.test.ts": [
        "FAULT-42: a hundred drops of every kind: nothing lost, nothing twice, and hardly a new session",
        "DISINTAKE-2: a resume that is refused is followed by what stands in the chats, before what is said now",
        "GATEWAY-4: a heartbeat without its answer ends the socket, though events still come",
      ],
      "test/e2e/discord.long.test.ts": [
        "the hub is killed twenty times under 200 messages, while the gateway drops and forgets: each is kept once",
      ],
    },
  },
  {
    id: "FAULT-44",
    fault: "the real client behaves otherwise than we think",
    here: "each of its moments is played through with the client itself",
    tests: {
      "test/claude/wake.test.ts": ["the next request holds it, once"],
      "test/claude/turns.test.ts": [
        "an event while the model holds its answer waits for the end of that turn",
      ],
      "test/claude/sessions.test.ts": [
        "after /clear what was read but not answered comes again, marked, and new events go to the new session",
      ],
      "test/claude/gates.test.ts": [
        "a session in the client's background service is woken and reads an event, and doctor says where it runs",
      ],
    },
  },
  {
    id: "FAULT-45",
    fault: "what is sent in a client's first moments is lost",
    here: "nothing is sent before it listens; what came before it is read once",
    tests: {
      "src/flow/session/leases.test.ts": ["nothing is sent before a client had time to listen"],
      "test/e2e/life.test.ts": ["%s: an event that came before the session is given to it once"],
      "test/claude/wake.test.ts": [
        "an event that came before any session waits for the first one, and wakes it",
      ],
    },
  },
  {
    id: "FAULT-48",
    fault: "the platform is away while a session answers",
    here: "queued in order, tried for a day whatever broke before it was asked, never sent twice by itself, and told where nobody knows",
    tests: {
      "src/sdk/net/request.test.ts": [
        "REQ-1: a connection that $name has told nobody anything",
        "REQ-2: a request whose connection $name may have arrived",
      ],
      "src/flow/send/send-wire.test.ts": [
        "SEND-3: a message whose connection $name is sent later, once",
        "SEND-3: of a message in parts the next try goes on behind those that arrived",
      ],
      "src/flow/send/status-reaction.test.ts": [
        "REACTION-5: a message whose answer may not have arrived is never shown as answered: it says so, and what a person does about it is followed",
      ],
      "src/flow/send/send.test.ts": [
        "SEND-3: what fails for a while is tried again after 1, 2, 4 ... 60 s, and has failed after a day",
        "what may have arrived is never repeated by itself: %s",
      ],
      "test/e2e/outbound.long.test.ts": [
        "killed between send and commit: the message is told as maybe sent, and goes again only by hand",
      ],
    },
  },
  {
    id: "FAULT-49",
    fault: "two hubs on one account; a hub that was put back from an old backup",
    here: "one waits; the other sends nothing by itself, marks what may be known, and signs everybody out",
    tests: {
      "test/e2e/telegram.long.test.ts": ["two hubs on one bot: both stay calm and say why"],
      "src/store/file/restored.test.ts": [
        "RESTORED-2: what was on its way out of a backup is maybe; an edit goes again, what was sent stays sent",
        "RESTORED-3: after a backup was put back nobody is signed in",
      ],
    },
  },
  {
    id: "FAULT-50",
    fault: "odd names and places of homes, other systems",
    here: "blanks, quotes, scripts and long paths work; what cannot is refused by name",
    tests: {
      "src/cli/claude/claude-folder.test.ts": [
        "the bell's command runs from a home with blanks, quotes and other scripts in its name",
      ],
      "src/hub/start-hub.test.ts": ["a home too long for a socket is served all the same"],
      "src/local/process.test.ts": [
        "a running process is described with its parent and arguments, as on %s",
      ],
    },
  },
  {
    id: "FAULT-51",
    fault: "hours of events with kills in between",
    here: "nothing lost, nothing read twice unmarked; histories of it by the thousand",
    tests: {
      "test/claude/crowd.test.ts": ["each is told once, or again as replayed"],
      "test/sim/sim.test.ts": [
        "200 histories of losing, late and dying clients: every event ends, nothing is read twice unmarked, wakes keep their budget",
      ],
      "test/sim/sim.long.test.ts": [
        "9,800 more histories of losing, late and dying clients: every event ends, nothing is read twice unmarked, wakes keep their budget",
      ],
    },
  },
];

/** Faults of what is no part of Sluice. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  "FAULT-43": "no channel speaks Slack",
  "FAULT-46": "the inbox is SQLite; no broker takes part",
  "FAULT-47":
    "the tunnel is its owner's; ingress says on which address it listens, and doctor's probe asks that",
};

/** What delivery promises a session, and how it is known. */
const DELIVERY: readonly Row[] = [
  {
    id: "CLIENT-1",
    fault: "an event's state is not known",
    here: "stored, offered, seen, done, expired or dead; offered is never told as delivered",
    tests: {
      "src/store/events/deliveries.test.ts": [
        "seen is done where seen is enough, and stays open where an answer is owed",
        "what goes back waits again, keeps the time of its first offer, and is dead after its last attempt",
      ],
      "src/flow/send/presence.test.ts": ["a chat whose message is %s"],
    },
  },
  {
    id: "CLIENT-2",
    fault: "a repetition looks like news",
    here: "every attempt but the first says so, and no channel can forge that",
    tests: {
      "src/flow/text/shape.test.ts": [
        "SHAPE-1: replay marks stand on every attempt but the first, and a channel cannot forge them away",
      ],
    },
  },
  {
    id: "CLIENT-3",
    fault: "a write to a pipe is taken for a receipt",
    here: "a turn end, a tool result or a tool call that names it proves it, each by its own rule",
    tests: {
      "src/flow/deliver/receipt.test.ts": [
        "CHANNEL-1: offered to an idle session the next turn end proves it, in a turn the one after",
      ],
      "src/flow/lanes/channel-lane.test.ts": [
        "CHANNEL-1: a user's own turn proves nothing of a channel that may be closed",
      ],
    },
  },
  {
    id: "CLIENT-4",
    fault: "a session that gets nothing looks connected",
    here: "it is unproven and says why; the first event goes alone; doctor names the gate",
    tests: {
      "src/flow/lanes/channel-lane.test.ts": [
        "60 s without a sign: without a bell it is read by hand, and the session says why",
      ],
      "src/flow/lanes/monitor-faults.test.ts": [
        "PACE-2: three bells without a hook, then silence and a reason; any hook brings it back",
      ],
      "test/e2e/gates.test.ts": [
        "quiet hours, a spent wake budget, a subscription of a closed session: doctor, probe and trace name each",
      ],
    },
  },
  {
    id: "CLIENT-5",
    fault: "an event is offered again at the wrong moment, or for ever",
    here: "when its session is lost or its turn failed; one nudge where an answer is owed; five attempts, then its owner is told",
    tests: {
      "src/flow/session/leases.test.ts": [
        "what a lost session held goes to the next fitting one, marked",
      ],
      "src/flow/lanes/monitor-lane.test.ts": [
        "an answer is owed: one nudge with ids at the turn's end, then no more",
      ],
      "src/flow/lanes/monitor-faults.test.ts": [
        "DELIVER-3: after five attempts an event is dead, and what stands behind it goes on",
      ],
      "src/hub/upkeep/upkeep.test.ts": [
        "the owner is told once of many ends, also after a restart",
      ],
    },
  },
  {
    id: "CLIENT-6",
    fault: "news that nobody needs any more",
    here: "expires by its channel's time; an alert is kept until it is resolved, and its end stands for it",
    tests: {
      "src/hub/upkeep/upkeep.test.ts": [
        "news expires after a day, a message after a week, and the owner's own limit counts before both",
        "an alert that fires is kept, whatever the channel's limit, until one that is resolved comes; only the latest word of it",
      ],
    },
  },
  {
    id: "CLIENT-7",
    fault: "the same effect twice",
    here: "one row for event, tool and arguments; what may have been sent is never repeated by itself",
    tests: {
      "src/store/outbox/outbox.test.ts": [
        "OUTBOX-1: the same reply is one row, whoever repeats it and with whatever blanks around it",
      ],
      "test/e2e/conversation.test.ts": [
        "two-way: a reply goes out once to who listens, also when the model sends it twice",
      ],
    },
  },
  {
    id: "CLIENT-9",
    fault: "a text closes another session's events",
    here: "a session acknowledges, reads and answers only what it was given",
    tests: {
      "src/flow/lanes/pull-lane.test.ts": [
        "TOOL-1: an event that this session was not given can be neither closed, read nor answered by it",
      ],
    },
  },
  {
    id: "CLIENT-10",
    fault: "two sessions take one event",
    here: "one open delivery, by the file itself; a resumed session keeps what it had",
    tests: {
      "src/store/events/inbox.test.ts": [
        "DELIVER-2: the file itself refuses a second open delivery of one event",
      ],
      "test/claude/sessions.test.ts": [
        "what comes while a conversation is closed waits until it is continued",
      ],
    },
  },
  {
    id: "CLIENT-11",
    fault: "the model plays the hook",
    here: "refused, and no receipt comes of it",
    tests: {
      "test/claude/sessions.test.ts": [
        "the model cannot play the hook: its call is refused, and no receipt comes of it",
      ],
    },
  },
  {
    id: "CLIENT-12",
    fault: "there are no hooks",
    here: "pull, with receipts by tool calls, and status says that it is weaker",
    tests: {
      "test/e2e/life.test.ts": [
        "pull: what waits is read by the inbox tool once, and the result of the call is its receipt",
      ],
    },
  },
];

test("every fault has its row, or is none of ours", () => {
  const ids = [...FAULTS.map(({ id }) => id), ...Object.keys(ELSEWHERE)];
  const all = Array.from({ length: 51 }, (_, index) => `FAULT-${index + 1}`);
  expect(ids.toSorted()).toEqual(all.toSorted());
});

test.each([...FAULTS, ...DELIVERY])("$id, $fault: $here", ({ tests }) => {
  expect(findMissing(tests)).toEqual([]);
});
