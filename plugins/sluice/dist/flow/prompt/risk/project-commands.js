const SCRIPTS = "build check format lint test typecheck".split(" ");
export const DEFAULT_PROJECT_COMMANDS = [
    "npm test",
    "npm t",
    ...["npm", "pnpm", "yarn", "bun"].flatMap((tool) => SCRIPTS.map((name) => `${tool} run ${name}`)),
    ...["pnpm", "yarn", "bun"].map((tool) => `${tool} test`),
    "tsc --noEmit",
    "pytest",
    "pytest -q",
    "ruff check .",
    "ruff format .",
    "mypy .",
    "cargo build",
    "cargo check",
    "cargo clippy",
    "cargo fmt",
    "cargo test",
    "go build ./...",
    "go fmt ./...",
    "go test ./...",
    "go vet ./...",
    "git add -A",
    "git add .",
    "git commit -m <words>",
];
const WORDS = "<words>";
/** The entry that a command fits; undefined where it fits none. Pure. */
export function findProjectCommand(shell, list) {
    if (shell.kind === "unread" || shell.commands.length !== 1)
        return undefined;
    const words = shell.commands[0]?.words ?? [];
    return list.find((entry) => {
        const wanted = entry.trim().split(/ +/);
        return (wanted.length === words.length &&
            wanted.every((one, index) => {
                const word = words[index];
                if (word === undefined)
                    return false;
                // Without quotes it would be an option or several words.
                return one === WORDS
                    ? word.isQuoted && !word.text.startsWith("-")
                    : !word.isQuoted && one === word.text;
            }));
    });
}
