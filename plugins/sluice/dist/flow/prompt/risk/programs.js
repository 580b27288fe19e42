/**
 * The programs that are known to read and do nothing else, with the options under which that is so.
 *
 * Owns: the table. Never: reads a command (known-command.ts). Data only: what is not here is not known.
 *
 * Left out on purpose: options that run a program (rg --pre, sort --compress-program), write a file (sort -o, tree -o, git --output),
 * name files in a file (grep -f, wc --files0-from), follow links out of the folder (-L, grep -R), or never end (tail -f).
 */
export const NUMBER = "number";
export const TEXT = "text";
/** A glob makes rg read hidden files that fit it, so it must end in the name of a kind of source. */
const GLOB = /^!|(?:^|\/)[\w*-]+(?:\.[\w*-]+)*\.(?:[cm]?[jt]sx?|py|go|rs|java|kt|rb|php|c|h|cc|cpp|hpp|cs|swift|md|css|html|vue|svelte|\{[cm]?[jt]sx?(?:,[cm]?[jt]sx?)*\})$/;
export const COLOR = { "--color": /^(?:never|auto|always)$/ };
const JQ_STEP = "(?:\\.(?:[A-Za-z_]\\w*)?(?:\\[\\d*\\])*(?:\\.[A-Za-z_]\\w*(?:\\[\\d*\\])*)*|keys|length|type)";
const JQ_FILTER = new RegExp(`^${JQ_STEP}(?: ?\\| ?${JQ_STEP})*$`);
export const GREP = {
    flags: "abcEFGhHiIlLnoqsvwxy",
    values: { A: NUMBER, B: NUMBER, C: NUMBER, m: NUMBER, e: TEXT },
    options: [
        "--ignore-case",
        "--line-number",
        "--count",
        "--files-with-matches",
        "--only-matching",
        "--word-regexp",
        "--fixed-strings",
        "--extended-regexp",
        "--invert-match",
        "--no-color",
    ],
    optionValues: {
        ...COLOR,
        "--include": TEXT,
        "--exclude": TEXT,
        "--exclude-dir": TEXT,
        "--max-count": NUMBER,
        "--context": NUMBER,
        "--after-context": NUMBER,
        "--before-context": NUMBER,
        "--regexp": TEXT,
    },
    first: TEXT,
    insteadOfFirst: ["-e", "--regexp"],
    operands: "path",
};
export const PROGRAMS = {
    basename: { operands: TEXT },
    cat: { flags: "AbeEnstTv", operands: "path" },
    cmp: { flags: "bls", operands: "path" },
    cut: {
        flags: "sn",
        values: { d: TEXT, f: TEXT, c: TEXT, b: TEXT },
        optionValues: { "--delimiter": TEXT, "--fields": TEXT },
        operands: "path",
    },
    date: {
        flags: "uIR",
        options: ["--utc", "--iso-8601"],
        operands: /^\+/,
    },
    df: { flags: "hkmPTi", operands: "path" },
    diff: {
        flags: "bBcduiNpqswy",
        values: { U: NUMBER },
        options: ["--brief", "--side-by-side", "--unified", "--ignore-all-space"],
        optionValues: COLOR,
        operands: "path",
        reads: "files",
    },
    dirname: { operands: TEXT },
    du: {
        flags: "abchkms",
        values: { d: NUMBER },
        optionValues: { "--max-depth": NUMBER },
        operands: "path",
    },
    echo: { flags: "n", operands: TEXT },
    file: { flags: "bi", options: ["--brief", "--mime-type"], operands: "path" },
    find: {
        options: ["-not", "-o", "-or", "-a", "-and", "-print", "-empty", "-prune"],
        takesNextWord: true,
        optionValues: {
            "-name": TEXT,
            "-iname": TEXT,
            "-path": TEXT,
            "-ipath": TEXT,
            "-type": /^[fdl](?:,[fdl])*$/,
            "-maxdepth": NUMBER,
            "-mindepth": NUMBER,
            "-size": TEXT,
            "-mtime": TEXT,
            "-mmin": TEXT,
        },
        operands: "path",
    },
    grep: {
        ...GREP,
        flags: `${GREP.flags}r`,
        options: [...(GREP.options ?? []), "--recursive"],
        reads: "folders-and-dots",
        readsWith: ["-r", "--recursive"],
    },
    head: {
        flags: "qv",
        values: { n: /^-?\d+$/, c: /^-?\d+[kKM]?$/ },
        optionValues: { "--lines": NUMBER, "--bytes": NUMBER },
        takesCount: true,
        operands: "path",
    },
    hostname: {},
    id: {},
    jq: {
        flags: "cerSsM",
        options: ["--raw-output", "--compact-output", "--exit-status", "--sort-keys"],
        // A filter can read the environment and load files, in an index too: only the way to a value is known, by names and numbers.
        first: JQ_FILTER,
        operands: "path",
    },
    ls: {
        flags: "1aAcdFghilmnopqrRsStuvUXG",
        options: ["--all", "--almost-all", "--recursive", "--human-readable", "--full-time"],
        optionValues: { ...COLOR, "--sort": TEXT, "--time-style": TEXT, "--ignore": TEXT },
        operands: "path",
    },
    md5sum: { operands: "path" },
    nl: { flags: "p", values: { b: TEXT, w: NUMBER }, operands: "path" },
    pwd: { flags: "LP" },
    readlink: { flags: "efmn", operands: "path" },
    realpath: { flags: "ems", operands: "path" },
    rg: {
        flags: "cFHhiIlnNoPqSsUvwx",
        values: {
            A: NUMBER,
            B: NUMBER,
            C: NUMBER,
            m: NUMBER,
            e: TEXT,
            g: GLOB,
            t: TEXT,
            T: TEXT,
            M: NUMBER,
        },
        options: [
            "--files",
            "--ignore-case",
            "--smart-case",
            "--line-number",
            "--no-heading",
            "--heading",
            "--count",
            "--files-with-matches",
            "--files-without-match",
            "--fixed-strings",
            "--word-regexp",
            "--multiline",
            "--only-matching",
            "--no-line-number",
            "--with-filename",
            "--stats",
            "--json",
            "--type-list",
            "--trim",
        ],
        takesNextWord: true,
        optionValues: {
            ...COLOR,
            "--glob": GLOB,
            "--iglob": GLOB,
            "--type": TEXT,
            "--type-not": TEXT,
            "--max-count": NUMBER,
            "--max-depth": NUMBER,
            "--context": NUMBER,
            "--after-context": NUMBER,
            "--before-context": NUMBER,
            "--regexp": TEXT,
            "--sort": TEXT,
            "--max-columns": NUMBER,
        },
        first: TEXT,
        insteadOfFirst: ["-e", "--regexp", "--files", "--type-list"],
        operands: "path",
        reads: "folders",
    },
    sed: {
        // Its scripts write files and run commands: only printed lines are known.
        flags: "nE",
        first: /^(?:\d+|\$)(?:,(?:\d+|\$))?p$/,
        operands: "path",
    },
    sha1sum: { operands: "path" },
    sha256sum: { operands: "path" },
    sort: {
        flags: "bdfghinrsuVz",
        values: { k: TEXT, t: TEXT },
        options: ["--numeric-sort", "--reverse", "--unique", "--human-numeric-sort"],
        optionValues: { "--key": TEXT },
        operands: "path",
    },
    stat: {
        flags: "tx",
        values: { c: TEXT },
        optionValues: { "--format": TEXT },
        operands: "path",
    },
    tac: { operands: "path" },
    tail: {
        flags: "qv",
        values: { n: /^[+-]?\d+$/, c: /^[+-]?\d+[kKM]?$/ },
        optionValues: { "--lines": /^[+-]?\d+$/, "--bytes": NUMBER },
        takesCount: true,
        operands: "path",
    },
    tr: { flags: "cCdst", operands: TEXT },
    tree: {
        flags: "aAdDfFghipstu",
        options: ["--dirsfirst", "--noreport", "--gitignore"],
        // Letters behind one with a value are options to it, not the value: -Po writes a file.
        takesNextWord: true,
        optionValues: { "-L": NUMBER, "-I": TEXT, "-P": TEXT },
        operands: "path",
    },
    true: {},
    uname: { flags: "amnrsv" },
    // Its second operand would be written.
    uniq: { flags: "cdiuD", values: { f: NUMBER, s: NUMBER, w: NUMBER } },
    wc: {
        flags: "clmLw",
        options: ["--lines", "--words", "--bytes", "--chars"],
        operands: "path",
    },
    which: { flags: "a", operands: TEXT },
    whoami: {},
};
/** Read word for word. */
export const EXACT_COMMANDS = new Set([
    "bun deno node npm npx pnpm yarn python python3 pip pip3 ruby rustc cargo git tsc rg jq make docker"
        .split(" ")
        .map((program) => `${program} --version`),
    ["node -v", "npm -v", "go version", "java -version", "python3 -V"],
].flat());
