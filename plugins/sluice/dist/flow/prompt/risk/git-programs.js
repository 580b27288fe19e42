/**
 * The commands of git that only read, with the options under which that is so.
 *
 * Owns: the table. Never: reads a command (known-command.ts), or what git is configured to run (disk.ts). Data only.
 */
import { COLOR, GREP, NUMBER, TEXT } from "./programs.js";
const REVISIONS = "revision";
/** Names of config could stand for a format with %G, which runs a program. */
const FORMAT = /^(?:oneline|short|medium|full|fuller|reference|raw|t?format:(?!.*%[-+ ]?G).*|(?!.*%[-+ ]?G).*%.*)$/;
const DIFF = {
    flags: "pwbzRMCsu",
    values: { U: NUMBER },
    options: [
        ..."--stat --shortstat --numstat --name-only --name-status --patch --no-patch --cached --staged --summary".split(" "),
        ..."--no-color --no-ext-diff --no-textconv --exit-code --quiet --minimal --word-diff --ignore-all-space".split(" "),
        ..."--ignore-space-change --ignore-blank-lines --check --merge-base --no-renames --find-renames".split(" "),
    ],
    optionValues: {
        ...COLOR,
        "--unified": NUMBER,
        "--diff-filter": TEXT,
        "--stat": TEXT,
        "--diff-algorithm": TEXT,
    },
    operands: REVISIONS,
};
const LOG = {
    ...DIFF,
    values: { ...DIFF.values, n: NUMBER },
    flags: `${DIFF.flags}i`,
    options: [
        ...(DIFF.options ?? []),
        ..."--oneline --graph --all --decorate --no-decorate --follow --merges --no-merges --first-parent --reverse".split(" "),
        ..."--abbrev-commit --branches --tags --remotes --topo-order --date-order --full-history --cherry-pick".split(" "),
        "--left-right",
    ],
    optionValues: {
        ...DIFF.optionValues,
        "--since": TEXT,
        "--until": TEXT,
        "--after": TEXT,
        "--before": TEXT,
        "--author": TEXT,
        "--committer": TEXT,
        "--grep": TEXT,
        "--max-count": NUMBER,
        "--skip": NUMBER,
        "--date": TEXT,
        "--format": FORMAT,
        "--pretty": FORMAT,
        "--abbrev": NUMBER,
    },
    takesCount: true,
};
/** Their first operand could be a command: `git reflog expire`. */
function withoutOperands(shape) {
    return Object.fromEntries(Object.entries(shape).filter(([key]) => key !== "operands"));
}
/** By the words after `git`; the longest that fits counts. */
export const GIT_COMMANDS = {
    blame: { flags: "wCMes", values: { L: TEXT }, options: ["--date"], operands: REVISIONS },
    branch: {
        flags: "arv",
        options: ["--all", "--remotes", "--list", "--show-current", "--verbose", "--no-color"],
    },
    "config --get": { first: /^(?:user\.(?:name|email)|init\.defaultBranch|remote\.origin\.url)$/ },
    describe: {
        options: ["--tags", "--always", "--dirty", "--all", "--long"],
        optionValues: { "--abbrev": NUMBER },
        operands: REVISIONS,
    },
    diff: DIFF,
    "diff-tree": {
        ...DIFF,
        flags: `${DIFF.flags}r`,
        options: [...(DIFF.options ?? []), "--no-commit-id"],
    },
    // A revision is no folder that could be looked through: only files and folders as they are now.
    grep: { ...GREP, operands: "path", reads: "folders-and-dots" },
    log: LOG,
    "ls-files": {
        flags: "cdmostu",
        options: ["--others", "--modified", "--deleted", "--cached", "--exclude-standard", "--stage"],
        operands: "path",
    },
    "ls-tree": { flags: "rdtlz", options: ["--name-only", "--full-tree"], operands: REVISIONS },
    "merge-base": { options: ["--is-ancestor", "--all"], operands: REVISIONS },
    reflog: withoutOperands(LOG),
    remote: { flags: "v", options: ["--verbose"] },
    "remote get-url": { operands: TEXT },
    "rev-list": { ...LOG, options: [...(LOG.options ?? []), "--count"] },
    "rev-parse": {
        options: [
            "--show-toplevel",
            "--show-prefix",
            "--abbrev-ref",
            "--short",
            "--verify",
            "--git-dir",
            "--is-inside-work-tree",
        ],
        optionValues: { "--short": NUMBER },
        operands: REVISIONS,
    },
    shortlog: { flags: "sne", options: ["--summary", "--numbered", "--email"], operands: REVISIONS },
    show: LOG,
    "show-ref": { options: ["--heads", "--tags", "--head"] },
    "stash list": withoutOperands(LOG),
    "stash show": withoutOperands(DIFF),
    status: {
        flags: "sbzv",
        options: "--short --branch --porcelain --long --ignored --show-stash -uno -uall -unormal".split(" "),
        optionValues: { "--porcelain": TEXT, "--untracked-files": TEXT },
        operands: "path",
    },
    tag: { flags: "ln", options: ["--list"] },
    "worktree list": { options: ["--porcelain"] },
};
