import type { Row } from "./row.ts";

/** Bridges of Slack. */
export const ROWS: readonly Row[] = [
  {
    when: "Slack ends a socket after hours, and the next one is opened afterwards",
    thread: "NVIDIA/NemoClaw#3582",
    elsewhere: "the first mention after the refresh is lost, and health stays green",
    here: "the next socket stands before the old one ends; what a hole held is looked up",
    tests: {
      "src/channels/slack/socket-mode.test.ts": [
        "SOCKETMODE-1: no message is lost over fifty refreshes, and there is always a socket",
        "SLACKSOCKET-2: a socket that is silent, as after sleep, is noticed",
      ],
    },
  },
  {
    when: "a mention in a joined channel comes as app_mention and as message",
    thread: "jeremylongshore/claude-code-slack-channel#8",
    elsewhere: "it is handled twice",
    here: "one message by workspace, channel and time",
    tests: {
      "src/channels/slack/socket-mode.test.ts": [
        "SLACKEVENT-2: a mention in a channel comes as a message and as a mention, and is one",
        "SLACKEVENT-2: the same envelope twice, and the same event in another envelope, are one",
      ],
    },
  },
  {
    when: "a file is fetched without the bot's token, or the token is refused for it",
    thread: "openclaw/openclaw#12336",
    elsewhere: "Slack's page to sign in is saved as a PDF and given to the model",
    here: "the token goes to Slack's hosts for files alone, and a page is no file",
    tests: {
      "src/channels/slack/send.test.ts": [
        "SLACKFILE-1, SLACKFILE-2: the token goes to no other host, and a page to sign in is no file",
      ],
    },
  },
  {
    when: "another member of the channel clicks or types the approval",
    thread: "NousResearch/hermes-agent#81388",
    elsewhere: "the command that they did not start is executed",
    here: "a verdict counts of the approver who was asked, in their own direct conversation",
    tests: {
      "src/channels/slack/gate.test.ts": [
        "SLACKWHO-1, SLACKAUTHOR-1: a verdict counts of the owner alone, in a new direct message of their own",
        "SLACKTAP-1: taps and commands of guests, other companies and bots carry no verdict, whatever the list says",
      ],
      "src/hub/channels/slack.test.ts": [
        "by requests: challenge, messages, retries, taps, forms and commands, each answered once it is kept",
      ],
    },
  },
  {
    when: "the value of a button holds the whole request, or blocks grow beyond Slack's limits",
    thread: "archestra-ai/archestra#6000",
    elsewhere: "Slack refuses the message, and nobody is asked",
    here: "a button holds a handle; everything is cut to the limits; refused blocks leave the text with its code",
    tests: {
      "src/channels/slack/send.test.ts": [
        "BLOCKS-1: forty options, long labels and a text of 9,000 characters that escaping makes longer stay within the limits",
        "SLACKSEND-5: where Slack refuses the blocks, the text with its code goes alone",
      ],
    },
  },
  {
    when: "events raised while no socket stood come again after five minutes, or never",
    thread: "vercel/chat#666",
    elsewhere: "retries are dropped as duplicates, and the message is lost; or it is handled twice",
    here: "a retry is known by its message, however late; what never comes again is looked up",
    tests: {
      "src/channels/slack/socket-mode.test.ts": [
        "SOCKETMODE-3, SLACKINTAKE-3, SLACKHISTORY-1, SLACKHISTORY-2: what was said while no socket stood is looked up, threads too, in its order",
        "SLACKCURSOR-1: what is looked up again is not taken again, as it may be an answer to a prompt",
      ],
    },
  },
  {
    when: "an app-level token is revoked, or reconnecting fails for good",
    thread: "slackapi/node-slack-sdk#2656",
    elsewhere: "an unhandled rejection ends the process, or it asks for ever",
    here: "the channel waits for its owner and asks nothing; all else is tried again with pauses",
    tests: {
      "src/channels/slack/socket-mode.test.ts": [
        "SOCKETMODE-4: a token that is taken back while it runs waits for its owner, and nothing asks on",
        "SOCKETMODE-4: network faults, 5xx, 429 and a socket that never says hello are waited out",
        "frames that are none of Slack's, and events without an inner event, end nothing",
      ],
    },
  },
  {
    when: "the model's text holds <!channel>",
    thread: "NousResearch/hermes-agent#11339",
    elsewhere: "everybody is pinged",
    here: "all of a session's text is escaped; no mark of it names anybody",
    tests: { "src/channels/slack/mrkdwn.test.ts": ["MRKDWN-1: %s names nobody"] },
  },
  {
    when: "somebody edits a message that mentions the bot",
    thread: "inkeep/agents#2284",
    elsewhere: "app_mention comes once more, and is answered once more",
    here: "it is the message that is known; the edit is told as one",
    tests: {
      "src/channels/slack/receive.test.ts": [
        "a mention that is edited comes as app_mention once more, with its mark: nothing new is said",
      ],
    },
  },
  {
    when: "Slack adds a preview to the bot's own answer, or another bot keeps its message up to date",
    thread: "nearform/slack-knowledgebase-chatgpt-responder#983, NousResearch/hermes-agent#89639",
    elsewhere: "an answer that nobody asked for, or an old thread answered again",
    here: "what changes at messages of bots is nobody's question",
    tests: {
      "src/channels/slack/receive.test.ts": [
        "what changes at messages of bots and of ours, previews too, is nobody's question",
      ],
    },
  },
  {
    when: "several people mention the bot in one channel at once",
    thread: "use-agent-os/agent-os#1543, nextlevelbuilder/goclaw#1476",
    elsewhere: "answers stand in each other's threads",
    here: "each event bears its thread, and is answered there",
    tests: {
      "src/channels/slack/receive.test.ts": [
        "five mentions at once are five threads, and each is answered in its own; a direct message is answered in none",
      ],
    },
  },
  {
    when: "a direct message follows upon another",
    thread: "stacklok/mecatl#1409",
    elsewhere: "each is answered in the thread of the first",
    here: "it is answered in the direct chat itself",
    tests: {
      "src/channels/slack/receive.test.ts": [
        "five mentions at once are five threads, and each is answered in its own; a direct message is answered in none",
      ],
    },
  },
  {
    when: "other bots write much in a channel",
    thread: "slackapi/hubot-slack#621",
    elsewhere: "Slack is asked for each of their messages until it refuses, and people wait",
    here: "nobody is asked for: the message says that it is a bot's; people are asked for once",
    tests: {
      "src/channels/slack/receive.test.ts": [
        "a storm of bots' messages asks Slack for nobody, one of a person's once",
      ],
    },
  },
  {
    when: "the process dies before what it missed was looked up, and a message comes with the next hello",
    elsewhere: "its time is kept as how far was read, and what was said before it is lost",
    here: "what did not wait moves no place; what comes with the hello waits",
    tests: {
      "src/channels/slack/hello.test.ts": [
        "SLACKINTAKE-3: an event that comes with the hello itself waits for the look back as well",
        "SLACKINTAKE-3: an event that did not wait moves no place: a hub that dies then looks back from where it was",
      ],
    },
  },
];
