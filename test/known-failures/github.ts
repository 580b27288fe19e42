import type { Row } from "./row.ts";

const TOLD = "src/channels/github/told.test.ts";
const STATE = "src/channels/github/state.test.ts";
const EXAMPLES = "src/channels/github/examples.test.ts";

export const ROWS: readonly Row[] = [
  {
    when: "GitHub sends one of its 70 events, not one of the dozen that everybody knows",
    elsewhere: "the event's name and the repository; nothing of the payload",
    here: "each says what happened to which thing, how bad it is and where it is; of an unknown one the payload is kept for details",
    tests: {
      [EXAMPLES]: [
        "every published payload is taken, and names what it is about and where that is",
        "docs/github-events.md shows what the model reads of every event",
      ],
      [TOLD]: [
        "all external CI comes as status: which check, what came out, and where it is explained",
        "how bad an alert is stands in its line, its meta and its priority",
        "a dispatch by a program tells its name and what it sent, without credentials",
      ],
      "src/channels/github/payload.test.ts": [
        "an event that GitHub invents tomorrow names its object, and its payload is kept beside the note",
        "PAYLOAD-1: %j leaves no credential",
      ],
      "src/store/events/payloads.test.ts": [
        "KEPT-1: of %s at most 64 KiB are kept, and the rest is counted",
      ],
      "test/e2e/github.test.ts": [
        "all 329 published payloads are stored, or are known where their bytes are equal",
        "of an event that is not described a note has a line, and details the payload",
      ],
    },
  },
  {
    when: "a workflow, branch, label or account has a name that is not Latin, or an emoji",
    thread: "ccgram#160",
    elsewhere: "question marks, and two failures that become one",
    here: "shown letter for letter; keys are made of ids and exact names",
    tests: {
      "src/sdk/field.test.ts": [
        "FIELD-1: names that are not Latin vanish: %s stays letter for letter",
        "FIELD-2: what is not seen goes from a name, in whatever words it stands",
      ],
      [STATE]: [
        "STATE-1: 测试 failed and 构建 succeeded on one branch: two names that are shown alike are two things",
      ],
      [TOLD]: ["a branch, a workflow, a label and a login of any script are shown as they are"],
    },
  },
  {
    when: "several checks of one pull request end, or one runs again",
    elsewhere: "the last one hides the failure before it",
    here: "only a later end of the very same thing supersedes it",
    tests: {
      [STATE]: [
        "events of one pull request that are different things are states of different things",
        "a check is told apart by its app; jobs of GitHub Actions that share a name, by their suite",
        "STATE-2: what runs again does not end the failure before it",
        "an old deployment that becomes inactive does not end the failure of the new one",
        "what people write, and what happened once, is a state of nothing",
      ],
    },
  },
  {
    when: "a session comments on GitHub with the account whose events it gets",
    thread: "NousResearch/hermes-agent#57125",
    elsewhere: "its own comment wakes it, and it answers itself",
    here: "an account's own acts can be ignored, answered 202 and counted; outcomes of its work still come",
    tests: {
      "src/channels/github/ignore.test.ts": [
        "a session's own comments do not wake it; everybody else's do",
        "GITHUB-4: what machines find out about an ignored account's work still comes",
      ],
      "test/e2e/github.test.ts": [
        "a session's own comments are answered 202, ignored and counted, from the next delivery on",
      ],
    },
  },
  {
    when: "a team is asked to review, a base changes, the merge queue drops a pull request, a review is dismissed",
    elsewhere: "the action's name, without whom or what it concerns",
    here: "told, and never low where somebody must act",
    tests: {
      [TOLD]: [
        "a pull request's %s %j was untold",
        "what needs somebody is never low: a pull request that left the merge queue, a dismissed review",
        "the action that somebody requested of a check was untold",
        "a review comment's hunk was cut at its end, where the commented line is",
        "pushes of tags were told as commits of a branch, and one called main as the default branch",
        'a webhook of all events read "events: ?", and names with digits were dropped',
      ],
      "src/channels/github/receive.test.ts": [
        "a failed required check is never low, whatever its branch; a green one waits for company",
      ],
    },
  },
];
