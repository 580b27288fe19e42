import type { Row } from "./row.ts";

export const ROWS: readonly Row[] = [
  {
    when: "the topic of a message is deleted or closed, or the group turns topics off",
    thread: "openclaw#79408",
    elsewhere: "the answer is lost with a log line",
    here: "it is sent once more to the group itself, every part once",
    tests: {
      "src/channels/telegram/places.test.ts": [
        "a topic that is gone (%s) stops no answer: it goes to the group, once",
        "an answer to a message in a closed topic goes to the group without pointing there",
        "a topic that goes away between two parts, and one of files: every part arrives, none twice",
      ],
    },
  },
  {
    when: "all topics of a group are gone and a message is tried for ever, or never",
    thread: "hermes-agent#95517",
    elsewhere: "every answer is tried in the topic that is gone",
    here: "two tries without it, and then a fault with Telegram's words",
    tests: {
      "src/channels/telegram/places.test.ts": [
        "a group that is closed as a whole is a fault, said once",
      ],
    },
  },
  {
    when: "a session works on a message of a topic",
    thread: "openclaw#8936",
    elsewhere: "typing is shown in the general topic, or nowhere",
    here: "typing is shown in the topic of each message",
    tests: {
      "src/channels/telegram/places.test.ts": [
        "typing is shown in the topic where the answer is waited for",
      ],
      "src/flow/send/presence.test.ts": [
        "two topics of one chat are shown typing, each in its own (PRESENCE-1)",
      ],
    },
  },
  {
    when: "a message answers in a topic",
    thread: "hermes-agent#7877",
    elsewhere: "the answer lands in the general topic",
    here: "it stands in the topic, under the message it answers",
    tests: {
      "src/channels/telegram/send.test.ts": [
        "an answer stands under its question and in its topic; only its first part quotes",
      ],
    },
  },
  {
    when: "a group becomes a supergroup while an answer is on its way",
    thread: "TediCross#533",
    elsewhere: "nothing arrives any more until somebody edits the configuration",
    here: "the answer is sent again under the new id, and points to no message that only has the same number",
    tests: {
      "src/channels/telegram/places.test.ts": [
        "a group that became a supergroup: the answer is sent again there, nothing of the old group is named, the hub hears of it once",
        "in a supergroup that was a group no message is edited or marked that only has the same id",
      ],
    },
  },
  {
    when: "a group becomes a supergroup and its people write on",
    thread: "gatus#179",
    elsewhere: "the id in the configuration is dead, and nobody is told",
    here: "access, contacts and the place for notices move along, and the owner is told once",
    tests: {
      "src/channels/telegram/places.test.ts": [
        "Telegram says in both groups that one became the other: the hub hears it before what is written there",
      ],
      "src/hub/moved-chat.test.ts": [
        "a group that became a supergroup keeps its people, its place in the contacts and the notices; the owner is told once",
        "MOVED-1: rules that the owner has set for the new group are not widened by those of the old one",
        "a group that nobody listed is not let in by becoming another one",
        "rules that cannot be changed at run time stay, and the owner hears once what to change",
      ],
    },
  },
  {
    when: 'somebody writes "/start the dev server please" or "/help me fix the build"',
    thread: "letta-code#625",
    elsewhere: "the bot's greeting, and the message is gone",
    here: "a message for the session",
    tests: {
      "src/channels/telegram/telegram.test.ts": [
        "a message that begins like a command is for the session; the bot's link with a code is the bot's",
      ],
    },
  },
  {
    when: 'somebody writes "/stop using tabs" or "/here is the log"',
    thread: "telegram-gpt-template#13",
    elsewhere: "the session is stopped, the message is gone",
    here: "a message for the session; the word alone, or with a session's name, is the command",
    tests: {
      "src/flow/prompt/chat/chat-commands.test.ts": [
        "%j is a message for the session, whoever writes it",
        "%j is a command of an approver",
      ],
    },
  },
  {
    when: "code stands in a list, or is indented by a tab or four blanks",
    thread: "hermes-agent#84377",
    elsewhere: "stars and underscores of the code are gone",
    here: "letter for letter, on every platform, cut or whole",
    tests: {
      "src/channels/telegram/render.test.ts": [
        "code in a list, indented code and dunders arrive letter for letter",
      ],
      "src/sdk/markdown/cut.test.ts": ["code %s is cut into whole code blocks, letter for letter"],
      "src/channels/telegram/suites.test.ts": [
        "PARSE-1: $name: its code arrives letter for letter",
      ],
      "src/web/markdown.test.ts": ["$name: its code is shown letter for letter"],
    },
  },
  {
    when: "a reply names __init__, __A__ or src/*.ts outside of code",
    thread: "hermes-agent#73212",
    elsewhere: "bold or slanted, without its underscores or stars",
    here: "letter for letter",
    tests: { "src/sdk/markdown/parse.test.ts": ["%j is read letter for letter"] },
  },
  {
    when: "a renderer of its own meets the examples of the standard",
    thread: "gomarkdown#346",
    elsewhere: "blocks that are misread, HTML that goes through",
    here: "all examples of CommonMark and GitHub's run through each writer: nothing is unescaped, nothing throws",
    tests: {
      "src/channels/telegram/suites.test.ts": [
        "BOTHTML-1: $name: Telegram can read it, with its own tags alone",
      ],
      "src/web/markdown.test.ts": [
        "MARKDOWN-1: $name: no element outside the list, no HTML, no other links",
      ],
      "src/sdk/markdown/cut.test.ts": [
        "all examples of the standards, one behind the other, are cut at any size without an exception",
      ],
    },
  },
  {
    when: "a reply holds links",
    thread: "openclaw#8649",
    elsewhere: "each has a page below it that nobody asked for",
    here: "no previews, unless the owner sets link-previews=on",
    tests: {
      "src/channels/telegram/places.test.ts": [
        "links show no preview, in answers, notices and edits, unless the owner wants them",
        "a text that Telegram refuses goes out as it was written, without a preview too",
      ],
    },
  },
  {
    when: "a reply names README.md, main.rs, install.sh, x.py or a.zip",
    thread: "claude-code#46379",
    elsewhere: "a link to a stranger's site",
    here: "the name, set as code, letter for letter; addresses stay links",
    tests: {
      "src/channels/telegram/render.test.ts": [
        "%s is the name of a file: no link of Telegram's, letter for letter",
        "%s is no name of a file",
      ],
    },
  },
  {
    when: "emoji or Devanagari stand at the limit of 4,096",
    elsewhere: "half characters, or a refused message",
    here: "cut between two characters as people see them",
    tests: {
      "src/sdk/markdown/cut.test.ts": ["%s at the limit of 4096 is cut between characters"],
      "src/sdk/chunk.test.ts": ["CHUNK-2: an emoji at the limit of 4096 is not cut"],
    },
  },
  {
    when: "a long paste is split by the client into several messages",
    elsewhere: "a turn for each part, or parts that are lost",
    here: "every part is read, in order, as one note",
    tests: {
      "src/channels/telegram/places.test.ts": [
        "a paste that the client splits at 4096 characters is taken whole, in its order",
      ],
    },
  },
];
