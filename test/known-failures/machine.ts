/** Homes, clocks, time zones and limits of the machine that a hub runs on. */
import type { Row } from "./row.ts";

const HOME_GONE = "test/e2e/home-gone.long.test.ts";
const CLOCK = "test/e2e/clock.long.test.ts";
const MACHINE = "test/e2e/machine.long.test.ts";

export const ROWS: readonly Row[] = [
  {
    when: "the home of a running hub is deleted, moved, replaced or unmounted",
    elsewhere: "messages are still acknowledged, into files that nobody opens again",
    here: "nothing more is acknowledged, and the hub leaves by itself",
    tests: {
      [HOME_GONE]: [
        "HOME-1, DATABASE-5: a hub whose home is %s keeps nothing more, and leaves by itself",
        "HOME-1: a hub whose disk is unmounted leaves, and the disk keeps what was kept",
        "another home in the place of the first is not touched by the hub of the first",
        "HOME-3: an inbox put back under a running hub is opened by the next one as it is, without the log of the earlier",
      ],
    },
  },
  {
    when: "the hub of a deleted home ends after another has taken its place",
    elsewhere: "it removes the other's socket, and no command works any more",
    here: "it removes only what it made itself",
    tests: {
      [HOME_GONE]: [
        "a deleted home is made anew by the next command, and the end of the old hub harms nothing of the new one",
        "SOCKET-1, LOCK-3: %s in the moment after another hub took the place leaves that one's socket and name",
      ],
    },
  },
  {
    when: "the socket, the lock or the name of a running hub is removed",
    elsewhere: "unreachable for ever, and the command that stops it does nothing",
    here: "made anew within a second; down ends also a hub that does not answer, and no process that only has its pid",
    tests: {
      [HOME_GONE]: [
        "a removed socket is made anew, its sessions stay, and every command works again",
        "what is not ours in the socket's place stays, is named in the log, and down still ends the hub",
        "doctor's fix for a hub that does not answer works where it hangs",
        "LOCK-3: a removed lock is taken again, and a second hub is kept out",
        "LOCK-3: where another hub took the lock meanwhile, the first one leaves",
        "the pid of a hub that is somebody else's by now is never signalled",
        "a copy of a home names the hub of the first, which is not ended by the copy's down",
      ],
    },
  },
  {
    when: "the clock is wrong at the start of the machine, and is set right later",
    elsewhere: "what waits has expired, and what was delivered is delivered again",
    here: "time that the machine did not count makes nothing older; sleep counts",
    tests: {
      [CLOCK]: [
        "CLOCK-1: a clock that is 40 days ahead %s expires nothing and forgets nothing, however long it stays wrong; set right again, all ages as ever",
        "a clock that is 40 days behind at the start, and set right later, expires nothing early",
        "three weeks of sleep are time that passed: after ten minutes, in which all that waits may be delivered, it is too old",
        "a hub that was not running for two days, on a machine that was, ends what is too old, ten minutes after its start",
      ],
      "src/flow/expiry/elapsed.test.ts": ["ELAPSED-1, ELAPSED-2: %s"],
    },
  },
  {
    when: "quiet hours are set on a machine of another time zone",
    thread: "vellum-ai/vellum-assistant#42239",
    elsewhere: "they count in the server's zone, which nothing names",
    here: "every command names the zone, and --zone sets it; hours that clocks leave out or repeat are as the wall shows them",
    tests: {
      "test/e2e/zone.long.test.ts": [
        "it is set with the hours or after them, kept by a restart and by other hours, and shown by quiet, status and doctor",
        "with TZ=%j at the start of the hub its zone reads %s",
      ],
      "src/flow/deliver/quiet.test.ts": [
        "in %s from %s to %s, at %s it is quiet until %s",
        "QUIET-1: in %s quiet is what the clock on the wall says, minute by minute, and it ends at the first moment that is not",
      ],
    },
  },
  {
    when: "the time zone of the machine changes under a running process",
    thread: "rivet-dev/agent-os#2603",
    elsewhere: "the zone of the start holds for ever",
    here: "it is followed within half a minute",
    tests: { "test/e2e/zone.long.test.ts": ["a running hub follows the system's zone: %s"] },
  },
  {
    when: "the process may have few files open (ulimit -n 64)",
    elsewhere: "idle connections keep honest senders out, without a word",
    here: "connections fit the limit, idle ones give way first, status and doctor say it",
    tests: {
      "test/e2e/file-limit.long.test.ts": [
        "FILES-1: with ulimit %s, hundreds of idle connections keep no honest sender and no command out, and status and doctor say the limit",
        "a soft limit that is lower than the hard one is raised",
        "senders that keep their connections open do not keep each other out either",
      ],
    },
  },
  {
    when: "a home of 150 bytes, another user's HOME, PID 1, a taken port, LC_ALL=C",
    elsewhere:
      "no socket, files of root in a user's folder, a signal to the wrong process, lost letters",
    here: "each works, or is refused with the reason",
    tests: {
      [MACHINE]: [
        "a home of %i bytes works, wherever its socket has to stand, and a removed socket comes back there",
        "root with another user's HOME (su without -, sudo -E) is refused, and leaves nothing there",
        "a hub as PID 1 of a container takes events, and is ended from inside, from outside and by the container's end",
        "a hub that hangs in another container is not taken for a process here",
        "the second user on a taken port keeps the port, is told, and gets it once it is free",
        "with LC_ALL=C every letter of every script is kept and printed",
      ],
    },
  },
];
