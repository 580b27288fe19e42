import type { Row } from "./row.ts";

const GATEWAY = "src/channels/discord/gateway.test.ts";
const RECEIVE = "src/channels/discord/receive.test.ts";
const SEND = "src/channels/discord/send.test.ts";
const INTERACT = "src/channels/discord/interaction.test.ts";

export const ROWS: readonly Row[] = [
  {
    when: "the session is down, busy or restarted while people write on Discord",
    thread: "claude-plugins-official#1143",
    elsewhere: "the message is gone: nothing is kept",
    here: "it is on disk before the gateway's number moves on, and waits for a session",
    tests: {
      [GATEWAY]: [
        "PROGRESS-1: in a burst the cursor names what is kept, not what has been received",
        "a death in the middle of a burst: the next life resumes from what was kept, nothing lost, nothing twice",
      ],
    },
  },
  {
    when: "any member of a channel types `yes abcde`",
    elsewhere: "the call is allowed",
    here: "only an approver is heard, in a direct chat, in new words of their own",
    tests: {
      [RECEIVE]: [
        "the gate and role matrix: a verdict is heard in a direct chat, from an approver, in new words of their own; nothing leaks",
      ],
    },
  },
  {
    when: "a prompt is longer than a message of Discord",
    elsewhere: '"See more" fails without a word',
    here: "it stays one message, whole, and is changed when it ends",
    tests: {
      [SEND]: [
        "a prompt stays one message, however long: what its words do not hold stands below them, and an edit as well",
      ],
    },
  },
  {
    when: "two programs use one Discord bot",
    thread: "claude-plugins-official#1965",
    elsewhere:
      "both answer, and each start is one of a thousand a day, after which the token is reset",
    here: "one connection for all sessions; another program is noticed and told; no start is made while none is left",
    tests: {
      [GATEWAY]: [
        "another program that writes as this bot is noticed, and its owner told once; our own messages are none",
        "GATEWAY-2: with no session left for the day none is begun, and the owner is told",
        "a gateway that is away for a while costs no session: it is resumed once it is back",
      ],
    },
  },
  {
    when: "people quote, edit, react, forward, send stickers, polls and embeds on Discord",
    thread: "claude-plugins-official#929",
    elsewhere: "the model sees an empty message, or nothing",
    here: "each arrives as what it is",
    tests: {
      [RECEIVE]: [
        "what is answered stands as a quote; an answer to us is for us",
        "DISEVENT-2: an edit is told under its own label, and is no word of anybody's",
        "reactions: whose, on what, added and taken back; our own are none",
        "a forwarded message brings its words, files and embeds under a label that is not the sender's",
        "stickers, polls, embeds and files arrive as what they are",
      ],
    },
  },
  {
    when: "the settings of Claude Code's Discord plugin hold Windows line ends, or ids that are numbers",
    thread: "claude-plugins-official#1615",
    elsewhere: "the token is not found, and numeric ids match nobody",
    here: "both are read, and nobody is lost by rounding",
    tests: {
      "src/cli/claude/official-folder.test.ts": [
        "the plugin for Discord: its own folder, its token, channels by their ids, whole however long",
      ],
    },
  },
  {
    when: "an intent is asked for that is not switched on (close 4014), or the token is reset while it runs",
    thread: "openclaw#21099",
    elsewhere: "the whole process ends, again and again",
    here: "the channel alone waits, and says what to click",
    tests: {
      [GATEWAY]: [
        "GATEWAY-5: close %i waits for the owner, who is told what to click",
        "a token that is reset while it runs is told, and nothing crashes",
        "without the Message Content Intent it is not asked for, so nothing is refused: direct messages work",
      ],
    },
  },
  {
    when: "a session is stale and every resume is closed",
    thread: "openclaw#20668",
    elsewhere: "it is tried every second for hours, over a restart as well",
    here: "after three tries it is given up, and what was missed is read from the chats",
    tests: {
      [GATEWAY]: [
        "GATEWAY-1: a resume that meets %s three times gives the session up",
        "a resume closed with %i is not repeated: a new session begins",
        "DISINTAKE-2: a resume that is refused is followed by what stands in the chats, before what is said now",
      ],
    },
  },
  {
    when: "a message comes by the replay, by the chat's history and live",
    thread: "openclaw#29868, hermes-agent#75067",
    elsewhere: "it is answered twice",
    here: "its own id names the delivery, whichever way it came",
    tests: {
      [GATEWAY]: ["what stands in the chats and comes by the gateway as well is the same delivery"],
    },
  },
  {
    when: "a session writes @everyone",
    thread: "hermes-agent#11339",
    elsewhere: "the whole server is pinged",
    here: "nobody is, by no text that leaves",
    tests: {
      [SEND]: [
        "DISSEND-5: every text that leaves pings nobody, an edit and an answer to a press as well",
      ],
    },
  },
  {
    when: "somebody else presses the button, or a command is given where many people are",
    thread: "hermes-agent#81388",
    elsewhere: "the call is allowed",
    here: "who pressed is judged, in a direct chat with the bot alone; a stranger sees no sign of us",
    tests: {
      [INTERACT]: [
        "INTERACT-2, INTERACT-3: a command in a server, in a group of people or of a bot is heard as no approver's",
        "INTERACT-4: a stranger's press gets no sign, and opens no form",
      ],
    },
  },
  {
    when: "the library's own REST client meets a lost answer or a limit without a time",
    elsewhere: "a POST is repeated up to four times, and a bare 429 at once",
    here: "it is repeated under its nonce, so there is one message; a bare 429 is a second",
    tests: {
      [SEND]: [
        "DISSEND-3: an answer that is lost is asked for again under its nonce: there is one message, and its id is known",
        "DISLIMIT-3: a refusal that names no time is a second, not none",
      ],
    },
  },
  {
    when: "a bot answers a message of another bot",
    thread: "hermes-agent#56605",
    elsewhere: "the answer alone pings it, and both answer each other until one is killed",
    here: "a bot starts nothing, whether it names us, answers us or writes directly",
    tests: {
      "src/channels/discord/receive.test.ts": [
        "a bot that answers us pings us by that alone, and starts no loop; one that names us neither",
      ],
    },
  },
  {
    when: "Discord adds a preview, pins a message or tells a change in parts",
    thread: "discord-api-docs#1669, dimscord#127",
    elsewhere: "each is taken for an edit, and answered",
    here: "an edit is one only where Discord says when and by whom",
    tests: {
      "src/channels/discord/receive.test.ts": [
        "a change that is no edit is none, though the message comes whole, and pinned, and twice",
      ],
    },
  },
];
