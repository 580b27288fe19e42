import type { Row } from "./row.ts";

export const ROWS: readonly Row[] = [
  {
    when: "a text or a file's name is written in Devanagari, Chinese, Persian, or holds emoji of several parts",
    thread: "ccgram#160",
    elsewhere: "letters become question marks or underscores, emoji fall into their parts",
    here: "every letter, mark and emoji is shown, saved and printed as it was written",
    tests: {
      "src/sdk/unseen.test.ts": ["%s stays letter for letter"],
      "src/flow/intake/file-name.test.ts": [
        "a file called %j keeps its name",
        "a long name is cut between what people take for characters",
        "whatever the name, a file system takes it where it was meant to lie",
      ],
      "src/flow/text/shape.test.ts": [
        "a cut splits no emoji of several parts, and no letter from its marks",
      ],
      "test/e2e/foreign-text.test.ts": [
        "%s: a model reads every letter and emoji, nothing unseen, and one opening and one closing tag",
      ],
    },
  },
  {
    when: "a text holds tag characters, bidi overrides, C1 or escape sequences",
    elsewhere: "a person at the terminal reads another line than the one that was sent",
    here: "the model gets none of them; every command shows them by their number, and JSON as escapes",
    tests: {
      "src/sdk/unseen.test.ts": ["%s is shown"],
      "src/cli/output/print.test.ts": ["%s in text from outside is shown by its number"],
      "src/cli/output/outputs.test.ts": [
        "PRINT-1: commands write to the terminal by print.ts alone",
        "PRINT-1: a line that a command forgot to make safe is made safe as it is printed",
      ],
      "test/e2e/foreign-text.test.ts": [
        "a person at a terminal sees what is hidden by its number, in every list and in JSON",
      ],
    },
  },
  {
    when: "a text holds a tag of the client, also one that nobody knows yet: <teammate-message>, <tick>, <fnc:invoke>",
    elsewhere: "it passes, since the list of reserved names does not hold it",
    here: "what passes is a list; all else is marked, legibly, and the original can be read back",
    tests: {
      "src/flow/text/tags.test.ts": [
        "a tag <%s> is marked in every place, case and shape",
        "TAG-2: a frame's word is marked behind every look-alike bracket, with look-alike letters, over lines",
        "TAG-3: whatever the text, unmarking gives the original, and no frame is left",
        "SHAPE-1: whatever the text, an event has one opening and one closing tag",
      ],
    },
  },
  {
    when: "a text holds TSX, generics or XML",
    elsewhere: "code is cut to pieces, or passes with what pretends to be code",
    here: "code passes letter for letter, but for names that a client could take for its own",
    tests: {
      "src/flow/text/tags.test.ts": [
        "passes letter for letter: %s",
        "TAG-1: TSX, generics and XML in fences, indents and backticks pass letter for letter",
        "TAG-2: in code a frame is marked, and the code around it is not",
      ],
    },
  },
  {
    when: "a session sends app.env.production, tokens.json, wp-config.php, or a key under a harmless name",
    elsewhere: "it leaves, since its name stands on no list",
    here: "a person is asked, with the reason and the digest; without their word it stays",
    tests: {
      "src/flow/tools/secret-file.test.ts": [
        "the name %s is a reason to ask",
        "the name %s is none",
        "%s in a file with a harmless name is a reason to ask",
        "an archive is a reason to ask by its name and by its first bytes; a document that is a zip is none",
      ],
      "src/flow/tools/ask-to-send.test.ts": [
        "a file that looks like a secret leaves when a person has typed the code of its prompt, not before",
        "the word of a person is for these bytes in this conversation, once",
        "ASKSEND-1: nobody answers, or nobody is at the run: the file stays",
        "SECRETFILE-2: that only the begin of a large file was looked at is told",
      ],
      "test/e2e/outbound.long.test.ts": [
        "a file that looks like a secret leaves when a person has said so, not on the session's word",
      ],
    },
  },
];
