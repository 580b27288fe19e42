import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { maskSecrets } from "./mask.ts";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE62 = `${LETTERS}0123456789`;
const HEX = "0123456789abcdef";
const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
let seed = 0;
/** The same text in every run, and in no file: nothing that looks like a key stands in this repository. */
const random = (length: number, of = BASE62): string => {
  let text = "";
  while (text.length < length)
    text += [...createHash("sha256").update(`secret ${seed++}`).digest()]
      .map((byte) => of[byte % of.length])
      .join("");
  return text.slice(0, length);
};
const join = (...parts: readonly string[]): string => parts.join("");

/** How an issuer writes its keys, in pieces. */
const ISSUED: readonly (() => string)[] = [
  () => join("gh", "p_", random(36)),
  () => join("gh", "o_", random(36)),
  () => join("gh", "s_", random(36)),
  () => join("github", "_pat_", random(22), "_", random(59)),
  () => join("gl", "pat-", random(20)),
  () => join("xo", "xb-", random(12, "0123456789"), "-", random(12, "0123456789"), "-", random(24)),
  () => join("xo", "xp-", random(12, "0123456789"), "-", random(32, HEX)),
  () => join("xa", "pp-1-", random(11, UPPER), "-", random(13, "0123456789"), "-", random(64, HEX)),
  () => join("s", "k_live_", random(24)),
  () => join("r", "k_live_", random(24)),
  () => join("whs", "ec_", random(32)),
  () => join("AK", "IA", random(16, UPPER)),
  () => join("AS", "IA", random(16, UPPER)),
  () => join("AI", "za", random(35)),
  () => join("ya", "29.", random(60)),
  () => join("GOC", "SPX-", random(28)),
  () => join(random(10, "123456789"), ":AA", random(33)),
  () => join("np", "m_", random(36)),
  () => join("py", "pi-AgEIcHlwaS5vcmc", random(80)),
  () => join("ey", "J", random(30), ".ey", "J", random(60), ".", random(43)),
  () => join("s", "k-ant-api03-", random(80), "-", random(12)),
  () => join("s", "k-proj-", random(48)),
  () => join("s", "k-", random(48)),
  () => join("S", "G.", random(22), ".", random(43)),
  () => join("key", "-", random(32, HEX)),
  () => join("S", "K", random(32, HEX)),
  () => join("h", "f_", random(34)),
  () => join("do", "p_v1_", random(64, HEX)),
  () => join("sh", "pat_", random(32, HEX)),
  () => join("da", "pi", random(32, HEX)),
  () => join("hv", "s.", random(95)),
  () => join("dc", "kr_pat_", random(27)),
  () => join("lin", "_api_", random(40)),
  () => join("fi", "gd_", random(40)),
  () => join("gl", "sa_", random(32), "_", random(8, HEX)),
  () => join("AT", "ATT3x", random(60)),
  () => join("rub", "ygems_", random(48, HEX)),
  () => join("ts", "key-auth-", random(17), "-", random(32)),
  () => join("AGE-", "SECRET-KEY-1", random(58, UPPER)),
  () => join("M", random(23), ".", random(6), ".", random(38)),
  () => join("gs", "k_", random(52)),
];

/** Where any text is a secret, since the place says so. */
const PLACED: readonly ((secret: string) => string)[] = [
  (secret) => `deploy --password ${secret} --verbose`,
  (secret) => `deploy --password=${secret}`,
  (secret) => `tool --api-key "${secret}" run`,
  (secret) => `tool --client-secret '${secret}' run`,
  (secret) => `curl -H "Authorization: Bearer ${secret}" https://api.example.com/v1`,
  (secret) => `curl -H 'Authorization: token ${secret}' https://api.example.com/v1`,
  (secret) => `curl -H "X-Api-Key: ${secret}" https://api.example.com`,
  (secret) => `curl -u ann:${secret} https://example.com`,
  (secret) => `git clone https://ann:${secret}@git.example.com/shop.git`,
  (secret) => `psql postgres://app:${secret}@db.example.com:5432/shop`,
  (secret) => `redis-cli -h cache -a ${secret} ping`,
  (secret) => `mysql -u root -p${secret} shop`,
  (secret) => `sshpass -p ${secret} ssh host`,
  (secret) => `export DB_PASSWORD=${secret}`,
  (secret) => `API_KEY="${secret}" npm start`,
  (secret) => `AWS_SECRET_ACCESS_KEY=${secret} aws s3 ls`,
  (secret) => `# .env\nPORT=3000\nJWT_SECRET='${secret}'\nDEBUG=1`,
  (secret) => JSON.stringify({ user: "ann", password: secret }),
  (secret) => JSON.stringify({ auth: { client_secret: secret, region: "eu" } }, null, 2),
  (secret) => JSON.stringify({ body: JSON.stringify({ accessToken: secret }) }),
  (secret) => `password: ${secret}\nuser: ann`,
  (secret) => `const apiKey = "${secret}";`,
  (secret) => `token := "${secret}"`,
  (secret) => `//registry.npmjs.org/:_authToken=${secret}`,
  (secret) => `machine example.com login ann password ${secret}`,
  (secret) => `https://example.com/cb?access_token=${secret}&x=1`,
  (secret) => `AccountName=shop;AccountKey=${secret}==;EndpointSuffix=x`,
  (secret) => `Server=db;User Id=sa;Password=${secret};`,
  (secret) => `docker login -u ann -p ${secret} registry.example.com`,
  (secret) => `openssl enc -aes-256-cbc -pass pass:${secret} -in a`,
];

const pem = (kind: string, newline: string): { text: string; secret: string } => {
  const lines = Array.from({ length: 12 }, () => random(64));
  const line = (word: string): string => join("-----", word, ` ${kind}PRIVATE`, " KEY-----");
  return {
    text: [line("BEGIN"), ...lines, line("END")].join(newline),
    secret: lines[5] ?? "",
  };
};

// MASK-1
test("at least 99 of 100 secrets of real shapes are masked", () => {
  const cases = [
    ...ISSUED.flatMap((issue) => {
      const around: readonly ((secret: string) => string)[] = [
        (secret) => `echo ${secret} | tool login`,
        (secret) => `{"note":"use ${secret} here"}`,
        (secret) => `fetch('https://example.com/?k=${secret}')`,
      ];
      return around.map((place) => {
        const secret = issue();
        return { secret, text: place(secret) };
      });
    }),
    ...PLACED.flatMap((place) =>
      [
        random(40, `${BASE62}+/`).replace(/^\//, "x"),
        `Tr0ub4dor${random(4)}!`,
        random(20, HEX),
      ].map((secret) => ({
        secret,
        text: place(secret),
      })),
    ),
    ...["", "RSA ", "EC ", "OPENSSH ", "ENCRYPTED "].flatMap((kind) => [
      pem(kind, "\n"),
      pem(kind, "\\n"),
    ]),
  ];
  const shown = cases.filter(({ text, secret }) => maskSecrets(text).includes(secret));
  expect(cases.length).toBeGreaterThanOrEqual(200);
  expect(shown.map(({ text }) => text).slice(0, 20)).toEqual([]);
  expect(shown.length / cases.length).toBeLessThanOrEqual(0.01);
});

test("what stands around a secret stays", () => {
  const secret = random(32);
  for (const place of PLACED) {
    const [before = "", after = ""] = place("SPOT").split("SPOT");
    const masked = maskSecrets(place(secret));
    expect(masked).toContain("[masked]");
    expect(masked.startsWith(before.trimEnd())).toBe(true);
    expect(masked.endsWith(after.replace(/^=+/, ""))).toBe(true);
  }
});

test("a key whose end is missing hides nothing: what stands there could run", () => {
  const { text } = pem("", "\n");
  const cut = text.split("\n").slice(0, 5).join("\n");
  const line = `echo '${cut}' > k; rm -rf build`;
  expect(maskSecrets(line)).toBe(line);
});

const ORDINARY: readonly string[] = [
  "ls -la ~/projects/shop",
  "cat src/auth/token.ts src/secrets/api-key.json",
  "rm -rf secrets/api_key.txt",
  "grep -rn 'password' src --include='*.ts'",
  "grep -n 'token: ' config.yml",
  "rg \"api_key\\s*=\" -g '!node_modules'",
  "git show 3f2a91c0d4e5b6a7980123456789abcdef012345",
  "git log --author=ann --since=2026-01-01",
  "git rebase --onto main 9fceb02d0ae598e95dc970b74767f19372d61af8",
  "git cherry-pick 9fceb02..3f2a91c",
  "git commit -m 'Add token refresh: password reset, secret rotation'",
  "kubectl get secret db-pass -o yaml",
  "kubectl create secret generic db --from-file=password=./pw.txt",
  "vault kv get secret/shop/db",
  "gh auth token",
  "gh secret set API_KEY < key.txt",
  "npm token list",
  "echo $GITHUB_TOKEN | gh auth login --with-token",
  "export TOKEN=$(cat token.txt)",
  'export API_KEY="$MY_KEY"',
  "PASSWORD=${DB_PASSWORD} npm start",
  'curl -H "Authorization: Bearer $TOKEN" https://api.example.com',
  'curl -H "Authorization: Bearer ${TOKEN}" https://api.example.com',
  'curl -u "$USER:$PASS" https://example.com',
  "curl https://example.com/users/550e8400-e29b-41d4-a716-446655440000",
  "docker login --username ann --password-stdin",
  "docker run -u 1000:1000 -v $PWD:/app node:24",
  "docker pull alpine@sha256:c5b1261d6d3e43071626931fc004f70149baeba2c8ec672bd4f27761f8e1ad6b",
  "docker build --secret id=npmrc,src=$HOME/.npmrc .",
  "ssh -i ~/.ssh/id_ed25519 ann@example.com",
  "ssh-keygen -t ed25519 -f ~/.ssh/deploy_key -N ''",
  "scp build.tgz deploy@example.com:/srv/app",
  "rsync -a --exclude=.env ./ ann@host:/srv/",
  "aws secretsmanager get-secret-value --secret-id prod/db",
  "aws s3 cp s3://bucket/key.json .",
  "gcloud secrets versions access latest --secret=db-password",
  "terraform apply -var-file=secrets.tfvars",
  "openssl rand -hex 32",
  "openssl x509 -in cert.pem -text -noout",
  "openssl req -passin file:/run/pw -in a.csr",
  "psql postgres://localhost:5432/shop",
  "psql -h db -U app -d shop -c 'select 1'",
  "mysql -u root -p shop < dump.sql",
  "redis-cli -h cache ping",
  "node --max-old-space-size=4096 build.js",
  "llm --max-tokens 4096 --model x",
  "python train.py --tokenizer bert --num-tokens 512",
  "npx tsx src/auth.ts --token-file ./token.txt",
  "tool --private-key ~/.ssh/id_rsa --passphrase-file /run/pass",
  "tool --token $TOKEN --secret ${SECRET}",
  "const token = getToken();",
  "const { password } = req.body;",
  "if (token === undefined) throw new Error('no token');",
  "function login(user: string, password: string): Promise<Token> {}",
  "client = Client(token=token, password=cfg.password)",
  "type Secret = { token: string; apiKey: string | null };",
  "password: string;",
  "secret: true",
  "token: null",
  "this.#token = options.token;",
  "process.env.API_KEY ?? ''",
  "apiKey: process.env.OPENAI_API_KEY,",
  '"password": ""',
  "PASSWORD=",
  "password = input('Password: ')",
  "token = os.environ['TOKEN']",
  "SECRET_FILE=/run/secrets/db npm start",
  "DB_PASSWORD_FILE=/run/secrets/db_password",
  "cp /etc/ssl/private/server.key /tmp",
  "find / -name '*.pem' -newer a",
  "sed -i 's/password=.*/password=x/' a.conf".replace("=x/", "=$PW/"),
  "jq -r '.token' < a.json",
  "jq '.auth.accessToken' a.json",
  "cat 01ARZ3NDEKTSV4RRFFQ69G5FAV.json",
  "sluice trace evt_01arz3ndektsv4rrffq69g5fav",
  "sha256sum dist/app.js # e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "echo d41d8cd98f00b204e9800998ecf8427e",
  "curl -sSL https://example.com/install.sh | sh",
  "curl 'https://example.com/search?q=token&page=2'",
  "wget https://example.com/a/b/c/1234567890/file.tar.gz",
  "http://localhost:3000/reset?step=2",
  "git clone git@github.com:ann/shop.git",
  "git clone https://github.com/ann/shop.git",
  "git remote add origin ssh://git@example.com:2222/shop.git",
  "npm publish --otp $OTP",
  "npm i @scope/token-utils@1.2.3",
  "pip install password-strength==0.0.3",
  "cargo add secrecy --features serde",
  "go test ./internal/token/... -run TestSecretKey",
  "pytest tests/test_password.py::test_token -q",
  "vitest run src/sdk/secret.test.ts",
  "tar czf secrets.tgz secrets/",
  "zip -r out.zip src",
  "7z x archive.7z -oout",
  "chmod 600 ~/.netrc ~/.pgpass",
  "cd /home/ann/work/token-service && make",
  "C:\\Users\\ann\\secrets\\key.txt",
  "/usr/local/lib/node_modules/npm/lib/utils/auth.js",
  "class Task-skeleton-loader sk-loading-spinner-animated",
  "AKIA is how such ids begin, ghp_ how such tokens do",
  "Bearer tokens are sent in the Authorization header: see RFC 6750",
  "Basic authentication, and cookies: both work",
  "SELECT id, token FROM sessions WHERE user_id = 42",
  "sort -k2 -t: a.txt | awk -F: '{print $1}'",
  "date +%Y-%m-%dT%H:%M:%S",
  "const sessionKey = `user:${id}`;",
];

test("there are at least 100 ordinary commands, paths and lines", () => {
  expect(ORDINARY.length).toBeGreaterThanOrEqual(100);
});

test.each(ORDINARY)("stays: %s", (line) => {
  expect(maskSecrets(line)).toBe(line);
});

test("masking twice is masking once", () => {
  for (const place of PLACED) {
    const once = maskSecrets(place(random(32)));
    expect(maskSecrets(once)).toBe(once);
  }
});

// MASK-3
test("a quarter of a megabyte of hostile text is masked in one go", () => {
  const key = join("-----BEGIN PRIVATE", " KEY-----");
  for (const unit of [
    "a",
    "A1",
    "-",
    "--a",
    "token",
    "token=",
    "password: ",
    "http://",
    "a://b:",
    "ey",
    "eyJaaaaaaaaa.",
    key,
    `${key}\n${random(40)}\n`,
    '"',
    "'",
    '\\"',
    "sk-",
    "1",
    "1:",
    "Bearer ",
    "authorization: ",
    "mysql -",
    "_",
    "x.",
    " -p",
    "Ma",
    "cookie:a=",
  ])
    expect(maskSecrets(unit.repeat(250_000 / unit.length)).length).toBeGreaterThan(0);
});
