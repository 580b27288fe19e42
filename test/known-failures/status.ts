import type { Row } from "./row.ts";

export const ROWS: readonly Row[] = [
  {
    when: "a hub is started with nohup, and its terminal closes",
    thread: "tinode/chat#25",
    elsewhere: "the server ends with the terminal, since its own handler undoes nohup",
    here: "what has no terminal on its standard streams goes on; SIGTERM ends it",
    tests: {
      "src/cli/hangup.test.ts": [
        "HANGUP-1: under nohup a hub outlives its terminal",
        "a hub in a terminal ends with it",
        "HANGUP-1: sluice tail under nohup goes on",
      ],
    },
  },
];
