import { expect, test } from "vitest";
import { maskSecrets } from "./mask.ts";

const mark = (word: string): string => ["-----", word, " PRIVATE", " KEY-----"].join("");

// MASK-2
test.each([
  // Between the marks of a key that is none
  `: '${mark("BEGIN")}'; ./steal; : '${mark("END")}'`,
  `: ${mark("BEGIN")}\n./steal\n${mark("END")}`,
  `: ${mark("BEGIN")}\n/home/ann/shop/AAAAAAAAAAAAAAAA/steal\n`,
  `: ${mark("BEGIN")}\nAAAAAAAAAAAAAAAAAAAAAAAA\nsteal\n${mark("END")}`,
  `: ${mark("BEGIN")}\nscripts/stealeverything`,
  `: ${mark("BEGIN")}\nscripts/stealeverything\n${mark("END")}`,
  `: ${mark("BEGIN")}\nAAAAAAAAAAAAAAAAAAAAAAAA\nscripts/steal\n${mark("END")}`,
  `: ${mark("BEGIN")}\nAAAAAAAAAAAAAAAA\nbin/steal\nAAAAAAAAAAAAAAAA\n${mark("END")}`,
  `: ${mark("BEGIN")}\n${mark("BEGIN")}\nscripts/stealeverything\n${mark("END")}`,
  // In the value of what is called a secret
  'TOKEN="x$(./steal)" ls',
  'TOKEN="x`./steal`" ls',
  "TOKEN=x${A:=steal}",
  'make --password "a$(./steal)"',
  'cat <<X\nsecret: "a$(./steal)"\nX',
  "bash -c 'TOKEN=\"a;./steal\"'",
  'eval TOKEN="a;./steal"',
  // Right behind it
  "echo Authorization:abc&&./steal",
  "echo cookie: a=bbbbbbbb|./steal",
  "echo curl -u ann:abc;./steal",
  "sshpass -p abc;./steal",
  "zip -P abc;./steal",
  "echo redis-cli -a abc;./steal",
  "mysql -pabc;./steal",
  "7z a -pabc;./steal",
  "htpasswd -b f ann abc;./steal",
  "make pass:abc;./steal -pass",
  "echo machine a login b password abc;./steal",
  "Pwd=abc&&./steal",
  "_password=abc;./steal",
])("no command hides behind a secret: %j", (command) => {
  expect(maskSecrets(command)).toContain("steal");
});

test("a key is masked as it stands in a script, in JSON and in code, to its last line", () => {
  const line = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj";
  for (const [newline, last] of [
    ["\n", "Rk9P"],
    ["\\n", "Rk9PQg=="],
    ["\r\n    ", line],
    ['\\n" +\n  "', line],
  ] as const) {
    const text = [mark("BEGIN"), line, line, last, mark("END")].join(newline);
    expect(maskSecrets(`echo "${text}" > key`)).toBe(`echo "${mark("BEGIN")}[masked]" > key`);
  }
  const head = ["Proc-Type: 4,ENCRYPTED", "DEK-Info: AES-256-CBC,0A1B", ""];
  const old = [mark("BEGIN"), ...head, line, mark("END")].join("\n");
  expect(maskSecrets(old)).not.toContain(line);
});
