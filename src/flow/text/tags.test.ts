import fc from "fast-check";
import { expect, test } from "vitest";
import { toEvent } from "../sample.fixture.ts";
import { neutralise, toTag } from "./shape.ts";
import { markTags } from "./tags.ts";
import { toRuns } from "../../sdk/runs.fixture.ts";

const BRACKETS = [..."<＜﹤〈〈⟨⟪《˂❮❬❰≺≮‹ᐸ⧼⦑⋖≪⋘⪻⦓"];
const QUOTATION = /^[^<＜﹤〈〈⟨⟪《˂❮❬❰≺≮‹ᐸ⧼⦑⦉⋖≪⪡⫷⋘⪻⦓⨞ᚲᗕ𝈶\n]{1,160}›/u;

/** TAG-3, from its words alone: how a reader gets the original back. */
function unmark(marked: string): string {
  return marked.replace(/⟨U\+([0-9A-F]{4,6})⟩|‹/gu, (mark, hex: string | undefined, at: number) => {
    if (hex !== undefined) return String.fromCodePoint(parseInt(hex, 16));
    const rest = marked.slice(at + 1);
    return /^\/?(?!ᐸ|ᚲ|ᗕ)[\p{L}\p{N}_]/u.test(rest) && !QUOTATION.test(rest) ? "<" : mark;
  });
}

/** Tags of clients and models that were seen, and some that nobody has made yet. */
const FRAMES = [
  ..."channel system-reminder task-notification function_calls antml:invoke fnc:invoke teammate-message new-diagnostics".split(
    " ",
  ),
  ..."mcp-resource-update post-tool-use-hook session-start-hook user-prompt-submit-hook tick system assistant human user".split(
    " ",
  ),
  ..."command-name command-message local-command-stdout bash-input bash-stdout ide_selection persisted-output tool_result".split(
    " ",
  ),
  ..."invoke parameter thinking im_start event hook policy_spec never-seen-before some_new_thing a:b bash-output".split(
    " ",
  ),
];

test.each(FRAMES)("a tag <%s> is marked in every place, case and shape", (name) => {
  const shapes = [
    `<${name}>`,
    `</${name}>`,
    `<${name} source="sluice">`,
    `<${name}/>`,
    `<${name.toUpperCase()}>`,
    `</ ${name} >`,
    `<\n${name}>`,
    `<\\${name}>`,
  ];
  const places = ["", "x", "> ", "text ", "`", "```\n", "    ", "- ", "Array"];
  for (const shape of shapes)
    for (const place of places) {
      const marked = neutralise(`${place}${shape}`);
      expect(marked, JSON.stringify(place + shape)).not.toMatch(/<[\s/\\]*[\p{L}_]/u);
      expect(unmark(marked)).toBe(`${place}${shape}`);
    }
});

test("TAG-2: a frame's word is marked behind every look-alike bracket, with look-alike letters, over lines", () => {
  const disguises = [
    "channel",
    "CHANNEL",
    "/channel",
    " / Channel ",
    "сhannel",
    "chаnnel",
    "ｃｈａｎｎｅｌ",
    "𝐜𝐡𝐚𝐧𝐧𝐞𝐥",
    "ch\u0301annel",
    "ᴄʜᴀɴɴᴇʟ",
    "chan\nnel",
    "c\nh\na\nn\nn\ne\nl",
    "sys\n  tem-reminder",
    "ѕуѕтем",
    "system‑reminder",
    "system－reminder",
    "system＿prompt",
    "|im_start|",
    "!channel",
    "／channel",
    "\u00a0channel",
    "\u0338channel",
    "\ufffdchannel",
    "ⓒⓗⓐⓝⓝⓔⓛ",
    "🅲🅷🅰🅽🅽🅴🅻",
    "🇨 🇭 🇦 🇳 🇳 🇪 🇱",
    "c h a n n e l",
    "systemreminder",
    "system·reminder",
    "teammate-message",
    "post-tool-use-hook",
    "tick",
    "⒞⒣⒜⒩⒩⒠⒧",
    "🄲🄷🄰🄽🄽🄴🄻",
    "ⅽommand-name",
    "ⓣask-notification",
  ];
  for (const bracket of BRACKETS)
    for (const disguise of disguises) {
      const text = `a ${bracket}${disguise}> b`;
      const marked = markTags(text);
      expect(marked, JSON.stringify(text)).toMatch(/^a (?:⟨U\+[0-9A-F]{4,5}⟩|‹\/?[^\s/])/u);
      expect(unmark(marked)).toBe(text);
    }
});

/** TAG-1: letter for letter. */
test.each([
  "Array<string>",
  "Map<string, Foo> and Record<string, unknown>",
  "HashMap<String, Vec<u8>> std::vector<std::string> foo::<T>()",
  "function first<T extends U>(list: T[]): T",
  "const f = <T extends U>(x: T) => x",
  "a < b && c > d, 1 <2, a <- b, x <= y, a << 2",
  '<div className="row"><span>1</span><br/></div>',
  "<details><summary>Log</summary>\n\n<p align=center>x</p></details>",
  "`<systemPath>` `<channelId>` `<functionName>`",
  "<https://example.com/a?b=c> <mailto:a@example.com> <ada@example.com> <ada.l+x@example.co.uk>",
  "Co-authored-by: Ada <ada@example.com>",
  "if (x<y) return",
  "<!DOCTYPE html><!-- note --><?xml version='1.0'?>",
  "《三体》 《红楼梦》 《Spider-Man》 〈第一章〉",
  "‹Zitat› und ›Zitat‹ und « citation »",
  "⟨ψ|φ⟩, |ψ⟩⟨ψ|",
  "<3 <-- <> </> <%= x %> <?= $x ?>",
  "ᐃᓄᒃᑎᑐᑦ ᐸᐸᑦ",
])("passes letter for letter: %s", (text) => {
  expect(markTags(text)).toBe(text);
});

/** Text outside of code in which a tag of an unknown name is marked, and stays legible. */
test.each([
  ["<Widget onClick={go}>Go</Widget>", "‹Widget onClick={go}>Go‹/Widget>"],
  ["<modelVersion>4.0.0</modelVersion>", "‹modelVersion>4.0.0‹/modelVersion>"],
  ["sluice add <kind> --name <your-name>", "sluice add ‹kind> --name ‹your-name>"],
  ["cat <<EOF", "cat <‹EOF"],
  ["useState<User | null>(null)", "useState<User | null>(null)"],
  ["Promise<system>", "Promise‹system>"],
  ["a⟨U+202E⟩b", "a⟨U+27E8⟩U+202E⟩b"],
  ["‹tick>", "⟨U+2039⟩tick>"],
  ["<tick›", "⟨U+003C⟩tick›"],
])("%s reads %s", (text, shown) => {
  expect(markTags(text)).toBe(shown);
  expect(unmark(shown)).toBe(text);
});

const TSX = `Fails since yesterday:

\`\`\`tsx
type Props<T extends { id: string }> = { rows: Array<T>; render: (row: T) => ReactNode };

export function Table<T extends { id: string }>({ rows, render }: Props<T>) {
  const [user, setUser] = useState<User | null>(null);
  const cache = useRef<Map<string, Promise<Foo>>>(new Map());
  if (rows.length < 1 || rows.length > 99) return <Empty />;
  return (
    <Context.Provider value={cache}>
      <>
        <table className="rows">{rows.map((row) => <Row<T> key={row.id}>{render(row)}</Row>)}</table>
        <Button onClick={() => setUser(null)}>Log out</Button>
      </>
    </Context.Provider>
  );
}
\`\`\`

and \`Array<string>\`, \`<Foo bar={1} />\`, \`List<? extends Number>\`, and in Maven

    <project>
      <modelVersion>4.0.0</modelVersion>
      <dependencies><dependency><groupId>org.x</groupId></dependency></dependencies>
    </project>

- in a list:
  ~~~xml
  <configuration><appSettings><add key="a" value="b"/></appSettings></configuration>
  ~~~`;

test("TAG-1: TSX, generics and XML in fences, indents and backticks pass letter for letter", () => {
  expect(neutralise(TSX)).toBe(TSX);
});

test("TAG-2: in code a frame is marked, and the code around it is not", () => {
  const code = "```html\n<ul>\n<my-card><user>x</user></my-card>\n</channel>\n<Card/>\n```";
  expect(markTags(code)).toBe(
    "```html\n<ul>\n‹my-card>‹user>x‹/user>‹/my-card>\n‹/channel>\n<Card/>\n```",
  );
});

test.each([
  "<file:parameter name=x>",
  "<git:tool_use>",
  "<http:command-name>",
  "<mailto:tool_result>",
  "<tool_result@a name=x>",
  "<ⅽommand-message>",
  "<ⓣask-notification>",
  "<⒞⒣⒜⒩⒩⒠⒧>",
  "<｜end▁of▁sentence｜>",
  "<|\ufe00call|>",
  "<| / end|>",
  "<systemReminder>",
  "</functionCalls>",
  "<teammateMessage>",
])(
  "TAG-1, TAG-2: no address, no script and no sign between hides the name in %s, in code or out",
  (tag) => {
    for (const text of [tag, `\`${tag}\``, `\`\`\`\n${tag}\n\`\`\``]) {
      expect(neutralise(text)).not.toContain(tag.slice(0, 2));
      expect(unmark(neutralise(text))).toBe(text);
    }
  },
);

test("a fence that opens and closes oddly hides no text behind it", () => {
  for (const fence of ["```\n", "````\n```\n", "~~~\n```\n", "> ```\n", "1. ```js\n", "``` a`b\n"])
    expect(markTags(`${fence}</channel><post-x>\n<system>`)).toMatch(
      /‹\/channel>‹post-x>\n‹system>$/,
    );
  expect(markTags("```\nx\n```\n<other>")).toMatch(/‹other>$/);
  expect(markTags("`a\n\n<other>` b")).toContain("‹other>");
  expect(markTags("a\n    <other>")).toContain("‹other>");
});

const piece = fc.oneof(
  fc.constantFrom(
    ...BRACKETS,
    ..."/ ! | \\ > › ‹ ` ``` ~~~ \n \t = - _ : . ⟨U+003C⟩ ⟨U+".split(" "),
    "\n",
    "\n\n",
    "    ",
    " ",
    "<",
    "<",
  ),
  fc.constantFrom(...FRAMES, "div", "T", "Foo", "string", "chan", "nel", "三体", "é", "сhannel"),
  fc.string({ unit: "binary", maxLength: 4 }),
);

test("TAG-3: whatever the text, unmarking gives the original, and no frame is left", () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 24 }), (pieces) => {
      const text = pieces.join("");
      const marked = markTags(text);
      expect(unmark(marked)).toBe(text);
      expect(marked).not.toMatch(
        /<\s*\/?\s*(?:channel|system|assistant|antml|fnc)(?![\p{L}\p{N}])/iu,
      );
      expect(marked).not.toMatch(/<\/?[a-z]+[-_:](?!\/\/)[a-z-]+>/u);
    }),
    { numRuns: toRuns(20_000) },
  );
});

test("SHAPE-1: whatever the text, an event has one opening and one closing tag", () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 16 }), (pieces) => {
      const text = pieces.join("");
      const tag = toTag(
        toEvent({ text, quotes: [{ label: text, text }], meta: { user: text } }),
        { attempt: 1 },
        600,
      );
      expect(tag.match(/<\s*channel(?![\p{L}\p{N}])/giu)).toHaveLength(1);
      expect(tag.match(/<\s*\/\s*channel(?![\p{L}\p{N}])/giu)).toHaveLength(1);
    }),
    { numRuns: toRuns(5_000) },
  );
});
