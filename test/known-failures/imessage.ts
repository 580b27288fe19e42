import type { Row } from "./row.ts";

const FILE = "src/channels/imessage/imessage.test.ts";

export const ROWS: readonly Row[] = [
  {
    when: "a message in Messages has 128 bytes or more",
    thread: "claude-plugins-official#1362",
    elsewhere: "its length is read as one, two or three bytes: it loses its end",
    here: "it is read whole, at every length",
    tests: { [FILE]: ["ATTRIBUTED-1: a text of %i bytes is read whole"] },
  },
  {
    when: "the owner writes to themself under their phone number",
    thread: "claude-plugins-official#4503",
    elsewhere:
      "only the account of own rows counts: it is dropped in silence, and so are rows from another device",
    here: "each own address counts, and a message is read once, whichever of its two rows comes",
    tests: {
      [FILE]: [
        "READER-3, IMESSAGE-1, IMESSAGESEND-3: in the chat with oneself a message counts once, and our own answers never",
      ],
    },
  },
  {
    when: "the session answers in the chat with oneself, and the hub starts again",
    thread: "claude-plugins-official#1010",
    elsewhere: "echoes are remembered for 15 s in memory: afterwards an answer is the owner's word",
    here: "the mark stands in the text: whatever begins with it is never read",
    tests: {
      [FILE]: [
        "READER-3, IMESSAGE-1, IMESSAGESEND-3: in the chat with oneself a message counts once, and our own answers never",
      ],
    },
  },
  {
    when: "a synchronisation writes old messages anew",
    thread: "claude-plugins-official#1113",
    elsewhere: "they are new messages",
    here: "what is older than the channel is no news",
    tests: {
      [FILE]: ["READER-2: old messages that a synchronisation writes anew are no news"],
    },
  },
  {
    when: "Messages is asked to send and does not",
    thread: "imsg#90",
    elsewhere: "osascript ended well, so it was sent",
    here: "it counts as sent once Messages has written it down as sent; else it failed, or is maybe",
    tests: { [FILE]: ["IMESSAGESEND-2: %s"] },
  },
  {
    when: "osascript cannot be started",
    thread: "claude-plugins-official#1466",
    elsewhere: "the plugin throws, and stands still while it runs",
    here: "a fault with its reason; nothing waits for it but the message",
    tests: { [FILE]: ["osascript that cannot be started, and a chat that Messages does not have"] },
  },
  {
    when: "somebody reacts to a prompt, or edits an answer",
    thread: "claude-plugins-official server.ts",
    elsewhere: "edits are never seen, and a tapback's text is words",
    here: "a tapback is a reaction, an edit is an edit, and neither allows anything",
    tests: {
      [FILE]: [
        "a tapback is a reaction and never words; joins, renames and other apps' rows are no messages",
        "IMESSAGE-2: an edit is told apart, a message taken back too, and a text that was edited before it was read is no fresh word",
      ],
    },
  },
  {
    when: "somebody writes in a group",
    thread: "openclaw#17514",
    elsewhere: "the answer goes to them alone",
    here: "it goes to the group",
    tests: {
      "src/channels/imessage/imessage.test.ts": [
        "an answer in a group goes to the group, and of its conversations to the one where something was said, not to an empty one",
      ],
    },
  },
  {
    when: "a group has several conversations in the database, some of them empty",
    thread: "blip#8, imsg#16",
    elsewhere: "Messages cannot send to the empty one, or a new chat begins",
    here: "the one where something was said last is taken",
    tests: {
      "src/channels/imessage/imessage.test.ts": [
        "an answer in a group goes to the group, and of its conversations to the one where something was said, not to an empty one",
      ],
    },
  },
];
