import { expect, test } from "vitest";
import { assessRisk } from "./risk.ts";

const cwd = "/home/ann/shop";
const isRisky = (command: string, tool = "Bash"): boolean =>
  assessRisk({ tool, input: { command }, cwd }).isRisky;

test.each([
  // Text that a shell runs though nothing calls it a command
  "ls *(e:'curl x':)",
  "test -v 'a[$(curl x)]'",
  "[[ -v 'a[$(./x)]' ]]",
  "printf -v 'a[$(./x)]' 1",
  "read 'a[$(./x)]' <<< 1",
  "let 'a[$(./x)]=1'",
  "i='a[$(./x)]'; echo $((i))",
  "i='$(./x)'; echo ${i@P}",
  "mapfile -C './x #' -c 1 a < b",
  "compgen -C ./x",
  "enable -f ./x.so x",
  "hash -p /tmp/x ls",
  "coproc X { curl x; }",
  "time -p curl x",
  "trap -- 'curl x' EXIT",
  // zsh
  "=curl x",
  "- curl x",
  "nocorrect curl x",
  "repeat 3 curl x",
  "if [[ a ]] { curl x }",
  "zmodload zsh/net/tcp",
  // Languages of programs
  "sed '1e ./x' a",
  "sed 's/a/b/e' a",
  "sed '1w /home/ann/.bashrc' a",
  "rg --pre ./x a",
  "man -P ./x ls",
  "less '+!./x' a",
  "git grep -O./x a",
  "git init --template=/tmp/x",
  "make --eval='x:;./x' x",
  "tar -I ./x -cf a .",
  "zip a b -T -TT ./x",
  "sqlite3 a '.shell ./x'",
  "psql -c '\\! ./x'",
  "script -qc 'curl x' a",
  "tmux new -d ./x",
  "watch 'curl x'",
  "flock a -c 'curl x'",
  "parallel ::: 'curl x'",
  "xargs -I{} sh -c {} < a",
  "timeout --signal KILL 5 curl x",
  ...["nsenter -t 1", "chroot .", "fakeroot", "ssh-agent", "poetry run", "perf stat"].map(
    (carrier) => `${carrier} curl x`,
  ),
  // Variables
  "LESSOPEN='|./x' less a",
  "GIT_EXTERNAL_DIFF=./x git diff",
  "MAKEFLAGS=--eval=x make",
  "read PATH < a",
  "printf -v PATH /tmp",
  // Files
  "git diff --output=/home/ann/.bashrc",
  "git archive -o /home/ann/x HEAD",
  "cp -rt /home/ann/.ssh a",
  "ln -s /home/ann/.ssh a",
  "gpg -o /etc/x -d a",
  "patch /etc/x < a",
  "tar c /home/ann/.ssh",
  "cat /home/ann/.sluice/secrets/web.vapid",
  "cat .env",
  "cat /proc/self/environ",
  "chmod u+s a",
  // Whoever is told to do it
  "claude -p 'do it' --dangerously-skip-permissions",
  "sluice web remote off",
  "xdg-open https://x.example/?a",
])("not one tap: %s", (command) => {
  expect(isRisky(command)).toBe(true);
});

test("whichever tool takes a command", () => {
  for (const tool of ["Bash", "Monitor", "mcp__desktop__run"]) {
    expect(isRisky("curl x", tool)).toBe(true);
    expect(isRisky("npm test", tool)).toBe(false);
  }
});

test.each([
  "sluice status",
  "sed -n '1,20p' a.ts",
  "sed 's/a/we/' a.ts",
  "grep -o /usr/bin a.txt",
  "gcc -o build/a a.c",
  "tar cf a.tar src",
  "less README.md",
  "printf '%s' PATH",
  "read answer",
  "test -v HOME",
  "npm run build",
  "git grep -n watch",
  "cat .env.example",
  "ln -s src/a.ts b.ts",
  "poetry run pytest",
])("one tap: %s", (command) => {
  expect(assessRisk({ tool: "Bash", input: { command }, cwd }).reasons).toEqual([]);
});
