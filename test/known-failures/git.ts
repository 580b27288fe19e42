import type { Row } from "./row.ts";

export const ROWS: readonly Row[] = [
  {
    when: "a repository stores its refs as reftable",
    thread: "github/app#4029",
    elsewhere: "the branch is called .invalid",
    here: "git names the branch where it knows the format; else there is none",
    tests: {
      "src/hub/git/git-files.test.ts": ["a repository with reftable is not called .invalid"],
    },
  },
  {
    when: "a remote's address is rewritten by insteadOf, quoted, commented or written in capitals",
    thread: "dandavison/delta#693",
    elsewhere: "links and names of another repository, or none",
    here: "git is asked for the address; without git its file is read by git's own syntax",
    tests: {
      "src/hub/git/projects.test.ts": [
        "insteadOf, the user's own too, is applied as git does",
        "without git, or where git refuses, its files are read as text",
      ],
      "src/hub/git/git-files.test.ts": ["a configuration with %s is read as git does"],
    },
  },
  {
    when: "remotes stand in included files, in a linked worktree or in a submodule",
    thread: "microsoft/vscode#328416",
    elsewhere: "the folder has no repository, or its parent's",
    here: "each folder has the repository and the branch that git says",
    tests: {
      "src/hub/git/projects.test.ts": [
        "include, includeIf and a worktree's own configuration are followed",
        "linked worktrees and submodules are their own repository and branch",
      ],
    },
  },
  {
    when: "a session works on a fork, and something happens upstream",
    thread: "cli/cli#12916",
    elsewhere: "the event is nobody's",
    here: "all remotes count; a session whose origin it is comes first",
    tests: {
      "src/hub/git/projects.test.ts": [
        "a checkout of a fork names its upstream too, and where it pushes",
      ],
      "src/flow/route/route.test.ts": [
        "an event of the upstream belongs to the checkout of a fork, unless one has it as its origin",
      ],
    },
  },
  {
    when: "a repository is hostile: programs in its configuration, pipes, a hundred megabytes",
    elsewhere: "asking git for the branch runs a program of the repository, or never ends",
    here: "three commands that run nothing, two seconds, 256 KiB; nobody waits for them",
    tests: {
      "src/hub/git/projects.test.ts": [
        "ASKGIT-1: a hostile repository runs nothing",
        "ASKGIT-2: a configuration that includes a pipe or 100 MB holds nothing up, and ends with what the files say",
        "variables of another repository, and a git that a project has brought, do not count",
      ],
      "src/hub/git/git-files.test.ts": [
        "GITFILES-1: pipes, folders and huge files in place of git's are passed over",
      ],
    },
  },
];
