import type { Row } from "./row.ts";

const FILE = "src/channels/whatsapp/whatsapp.test.ts";

export const ROWS: readonly Row[] = [
  {
    when: "WhatsApp accepts a message and says later that the 24 hours were over",
    thread: "hermes-agent#80056",
    elsewhere: "the agent believes that it was sent",
    here: "it has failed, and its owner is told",
    tests: {
      [FILE]: [
        "WALINK-2, WASEND-2: that a message was not delivered is told when Meta says so, and the owner's template asks the person to write, once",
      ],
    },
  },
  {
    when: "a number is given to another person",
    thread: "chat-adapter/whatsapp 4.41",
    elsewhere: "people are their number, which is let in for ever",
    here: "people are their business-scoped id",
    tests: {
      [FILE]: [
        "who x where at the gate: a stranger, a number that is another's now, and a group that is not listed stay out",
      ],
    },
  },
  {
    when: "a request holds several messages",
    thread: "chat-adapter/whatsapp 4.41",
    elsewhere: "the first is read, or all are acknowledged before any is kept",
    here: "all are kept, then Meta is answered",
    tests: {
      [FILE]: [
        "WHATSAPP-2: several messages of several people in one request; one of a strange form is counted",
        "WALINK-1: a request is answered after all of it is kept, and not at all where it could not be",
      ],
    },
  },
  {
    when: "Meta delivers a message twice",
    thread: "chatwoot#5433",
    elsewhere: "it stands there twice, and is answered twice",
    here: "it is known by its own id, in whatever request it comes",
    tests: {
      "src/channels/whatsapp/whatsapp.test.ts": [
        "a message that Meta brings again, alone or among others, is known by its own id",
      ],
    },
  },
  {
    when: "a message comes from a group",
    thread: "hermes-agent#80065",
    elsewhere: "it is dropped, or taken for a direct message of its sender",
    here: "it is the group's, answered there, and no word of an approver",
    tests: {
      "src/channels/whatsapp/whatsapp.test.ts": [
        "what is said in a group is the group's: answered there, and no word of an approver",
      ],
    },
  },
];
