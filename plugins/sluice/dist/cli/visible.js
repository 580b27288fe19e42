const require_main = require("./main.js");

// src/sdk/keep-words.ts
const SHELL_TOOLS = /^(?:Bash|Monitor|PowerShell)$/;
function findKeepLimit(tool) {
	return SHELL_TOOLS.test(tool) ? "The rule holds for this text; what the command runs may change." : void 0;
}

// src/flow/prompt/show/lookalikes.ts
const TWIN_LETTERS = /^[АВЕЅІЈКМНОРСТУХҮҺӀԌԚԜаеіјорсухѕһӏүԁԛԝҽѵѴѡΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϳϺϜανικοσρυτγηχϲϱω\u037f]+$/u;
const CLEAR_GREEK = /[ΓΔΘΛΞΠΣΦΨΩδζθλμξπςφψϕϑϵ]/u;
const FALSE_LATIN = /[ƖƼƽǀǁǃȷɑɡɩɪɴʀʏʙʜʟſꜱ\u{1d00}-\u{1d22}\u212a]/u;
const TURKISH = /[ğşçöüİəâîûĞŞÇÖÜ]/u;
const FALSE_SIGNS = /[\u2010\u2011\u02d7\u2043\u2044\u2215\u29f8\u2571\u27cb\u31d3\u2041\u2216\u29f5\u29f9\u27cd\u31d4\u244a\u2024\u2025\u2236\ua789\u205a\u02f8\u204e\u2217\u2223\u23fd\uffe8\u2016\u2225\u223c\u02dc\u2053\u02cb\u02f4\u2035\u1fef\u037e\u2768-\u276b\u276e\u276f\u2772-\u2775\u02c2\u02c3\u2e40\u30a0\ua78a\ua78c\u02c4\u02c6\u02dd\u02ba\u02f6\u02ee\ufd3e\ufd3f]/u;
const SCRIPT_SIGNS = /[\u0589\u05c3\u0701\u0702\u066d\u06d4\u1735\u16ec\u1803\ua4f8\ua60e\u3033\u30ce\uff89\u4e3f\u3007]/u;
const FALSE_DASHES = /[\u2012-\u2015\u2212\u4e00\u30fc\u2500\u2501\u3161]/u;
const COMPATIBLE_FORMS = /[\u2100-\u2115\u2117-\u211f\u2123-\u214f\ufb00-\ufb06\ufe4d-\ufe6b\uff01-\uff5e\u{1d400}-\u{1d7ff}\u{1f100}-\u{1f14f}\u{1fbf0}-\u{1fbf9}\u216c-\u216f\u217c-\u217f]/u;
const ROMAN = /[\u2160-\u217f]/u;
const FALSE_SPACES = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\u2800]/u;
const WIDE_PUNCTUATION = /^[!(),:;?~%]$/;
const FREE_SCRIPTS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gujarati}\p{Script=Gurmukhi}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Oriya}\p{Script=Sinhala}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Ethiopic}\p{Script=Mongolian}]/u;
const KIN_SCRIPTS = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Georgian}]/u;
const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}\p{Script=Mandaic}\p{Script=Samaritan}\p{Script=Hanifi_Rohingya}]/u;

// src/flow/prompt/show/mixed-words.ts
const LATIN = /\p{Script=Latin}/u;
const NO_SCRIPT = /[\p{Script=Common}\p{Script=Inherited}]/u;
const WORD = /[\p{L}\p{M}\p{N}]+/gu;
const NOT_LATIN_TEXT = /[^\p{ASCII}\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]/u;
const OTHER_DIGIT = /(?![0-9])\p{Nd}/u;
function markWords(text, mark) {
	if (!NOT_LATIN_TEXT.test(text)) return text;
	const hasLatin = /[A-Za-z]/.test(text);
	return text.replace(/[^\n]+/g, (line) => NOT_LATIN_TEXT.test(line) ? markLine(line, hasLatin, mark) : line);
}
function markLine(line, hasLatin, mark) {
	const found = [...line.matchAll(WORD)];
	const words = found.map(([text]) => toWord(text));
	const amongKin = findClearRuns(words);
	let marked = "";
	let end = 0;
	for (const [i, word] of words.entries()) {
		const at = found[i]?.index ?? 0;
		const touchesLatin = isGlued(line, at, at + word.text.length);
		marked += line.slice(end, at) + markWord(word, {
			hasLatin,
			isHonest: amongKin.has(i) && !touchesLatin
		}, mark);
		end = at + word.text.length;
	}
	return marked + line.slice(end);
}
function findClearRuns(words) {
	const among = /* @__PURE__ */ new Set();
	let run = [];
	let isClear = false;
	for (const [i, word] of words.entries()) {
		if (LATIN.test(word.text)) {
			run = [];
			isClear = false;
			continue;
		}
		run.push(i);
		isClear ||= word.isClear;
		if (!isClear) continue;
		for (const one of run) among.add(one);
		run = [];
	}
	return among;
}
function toWord(text) {
	const foreign = [...text].filter(isForeign).join("");
	const kin = [...text].filter((char) => KIN_SCRIPTS.test(char) && /\p{L}/u.test(char)).join("");
	const isTwin = TWIN_LETTERS.test(kin);
	return {
		text,
		foreign,
		isTwin,
		isClear: foreign !== "" && !isTwin && !LATIN.test(text)
	};
}
function markWord({ text, foreign, isTwin }, { hasLatin, isHonest }, mark) {
	if (/^[\p{ASCII}]*$/u.test(text)) return text;
	const markIf = (isMarked) => Array.from(text, (char) => isMarked(char) ? mark(char) : char).join("");
	const latin = [...text].filter((char) => LATIN.test(char)).length;
	if (foreign === "") return /[0-9A-Za-z]/.test(text) ? markIf((char) => OTHER_DIGIT.test(char)) : text;
	if (latin > 0) return markIf(!isTwin && [...foreign].length > latin ? (char) => LATIN.test(char) : isForeign);
	if (!KIN_SCRIPTS.test(foreign)) return hasLatin ? markIf(isForeign) : text;
	return isTwin && !isHonest ? markIf(isForeign) : text;
}
function isForeign(char) {
	return !LATIN.test(char) && !NO_SCRIPT.test(char) && /\p{L}/u.test(char) && !FREE_SCRIPTS.test(char) && !RIGHT_TO_LEFT.test(char) && !CLEAR_GREEK.test(char);
}
function isGlued(line, from, to) {
	return /[A-Za-z0-9][/\\._@:=+-]{1,3}$/.test(line.slice(Math.max(0, from - 4), from)) || /^[/\\._@:=+-]{1,3}[A-Za-z0-9]/.test(line.slice(to, to + 4)) || /[/\\=@]$/.test(line.slice(Math.max(0, from - 1), from));
}

// src/flow/prompt/show/visible.ts
const PLAIN = /^[\n\t\x20-\x7e]*$/;
const MAX_BLANK_COLUMNS = 32;
const MAX_INDENT_COLUMNS = 80;
const NOTEWORTHY = new RegExp([
	"\\u{1F3F4}\\u{E0067}\\u{E0062}(?:\\u{E0065}\\u{E006E}\\u{E0067}|\\u{E0073}\\u{E0063}\\u{E0074}|\\u{E0077}\\u{E006C}\\u{E0073})\\u{E007F}",
	"[0-9#*]\\uFE0F\\u20E3",
	"\\p{Extended_Pictographic}(?:[\\uFE0E\\uFE0F]|\\p{Emoji_Modifier})?(?:\\u200D\\p{Extended_Pictographic}(?:\\uFE0F|\\p{Emoji_Modifier})?){0,8}",
	"[\\p{C}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}\\uFFFC]",
	"(?![\\x20-\\x7e])[\\p{S}\\p{P}\\p{Z}\\p{Nl}\\p{Lm}\\u2800]",
	"[\\uFF01-\\uFF5E\\u2100-\\u214F\\uFB00-\\uFB06\\u{1D400}-\\u{1D7FF}\\u{1FBF0}-\\u{1FBF9}\\u4E00\\u4E3F\\u30CE\\u30FC\\u3161\\uFF89\\u2571]",
	FALSE_LATIN.source
].join("|"), "gu");
const NO_LOOK = /^[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\uFFFC]$/u;
const HAS_LOOK = /^[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}]$/u;
const VIRAMA = /[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca\u0e3a\u0f84\u1039\u17d2]$/;
const JOINS_NEXT = /(?![اأإآٱدذرزژڑڈوؤۆۇۈۋىةء])[\p{Script=Arabic}\p{Script=Syriac}]\p{M}*$/u;
const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\u3001-\u3011\uff01-\uff1f]/u;
const PILE = /\p{M}{5,}/gu;
const OVERLAY = /[\u0334-\u0338\u20d0-\u20e2\u20e4-\u20f0]/gu;
const FOREIGN_ACCENTS = /(?<=[A-Za-z0-9])(?:(?![\p{Script=Inherited}\uFE00-\uFE0F])\p{M})+/gu;
const LOOSE_ACCENTS = /(?<=^|[\s\p{P}\p{S}])(?:(?![\uFE00-\uFE0F\u20E3\u{E0100}-\u{E01EF}])\p{M})+/gu;
const QUOTED_CODE = /[‘’‚‛“”„‟′]([^‘’‚‛“”„‟′\n]{1,200})[‘’‛“”‟′]/gu;
function toVisible(text) {
	if (PLAIN.test(text)) return foldFloods(text);
	const lines = /(?<!\r)\n/.test(text) ? text : text.replaceAll("\r\n", "\n");
	return foldFloods(markAccents(markRightToLeft(markWords(lines, require_main.toMark), require_main.toMark)).replace(NOTEWORTHY, (found, at, all) => isMisleading(found, all.slice(Math.max(0, at - 4), at), all.slice(at + found.length, at + 200)) ? require_main.toMark(found) : found).replace(QUOTED_CODE, (quoted, code) => /[`$;|&<>]/.test(code) ? require_main.toMark(quoted[0] ?? "") + code + require_main.toMark(quoted.at(-1) ?? "") : quoted).replace(/[^\n]+/g, (line) => TURKISH.test(line) ? line : line.replaceAll("ı", require_main.toMark)));
}
function isMisleading(found, before, after) {
	if (NO_LOOK.test(found)) return !isAtHome(found, before, after);
	const touchesAscii = /[!-~]$/.test(before) && /^[!-~]/.test(after);
	if (FALSE_SPACES.test(found)) return !isHonestSpace(found, before, after);
	if (FALSE_SIGNS.test(found) || FALSE_LATIN.test(found)) return true;
	if (SCRIPT_SIGNS.test(found)) return touchesAscii;
	if (FALSE_DASHES.test(found)) return isFalseOption(found, before, after);
	if (COMPATIBLE_FORMS.test(found) && !/^\p{Extended_Pictographic}/u.test(found)) {
		const plain = found.normalize("NFKC");
		if (WIDE_PUNCTUATION.test(plain) && found >= "！" && (endsWithCjk(before) || startsWithCjk(after))) return false;
		return /^[\x20-\x7e]+$/.test(plain);
	}
	return ROMAN.test(found) && (/[A-Za-z0-9]$/.test(before) || /^[A-Za-z0-9]/.test(after));
}
function isAtHome(char, before, after) {
	if (char === "\n" || char === "	" || HAS_LOOK.test(char)) return true;
	if (char === "‌" && JOINS_NEXT.test(before) && /^\p{Script=Arabic}/u.test(after)) return true;
	if (char === "‌" || char === "‍") return VIRAMA.test(before);
	if (char === "᠎") return /(?![\u180b-\u180f])\p{Script=Mongolian}[\u180b-\u180d\u180f]?$/u.test(before);
	return /[\u180b-\u180f]/.test(char) && /(?![\u180b-\u180f])\p{Script=Mongolian}$/u.test(before);
}
function isHonestSpace(char, before, after) {
	if (char === "　") return endsWithCjk(before) || startsWithCjk(after);
	if (!/[\u00a0\u2009\u202f]/.test(char)) return false;
	return /^[:;!?»%]/.test(after) || before.endsWith("«") || /\d$/.test(before) && /^[\p{L}\d€£%°]/u.test(after);
}
function isFalseOption(dash, before, after) {
	if (!/(?:^|[\s‒-―−一ー─━ㅡ])$/u.test(before) || !/^[‒-―−一ー─━ㅡ-]*[A-Za-z]/u.test(after)) return false;
	const line = /^[^\n]*/.exec(after)?.[0] ?? "";
	if (/[—―]/.test(dash)) return !/[\p{L}\p{P}][—―]/u.test(line) && !/^\p{Lu}\p{Ll}/u.test(line);
	return true;
}
function markAccents(text) {
	const markAll = (run) => Array.from(run, require_main.toMark).join("");
	return text.replace(PILE, (pile) => `⟨${[...pile].length} combining marks⟩`).replace(OVERLAY, require_main.toMark).replace(FOREIGN_ACCENTS, markAll).replace(LOOSE_ACCENTS, markAll);
}
function foldFloods(text) {
	return text.replace(/(⟨U\+[0-9A-F]{4,6}⟩)\1{3,}/g, (run, one) => one.replace("⟩", ` ×${run.length / one.length}⟩`)).replace(/[ \t]{5,}/g, (run, at, all) => {
		const columns = [...run].reduce((sum, char) => sum + (char === "	" ? 8 : 1), 0);
		return columns <= (at === 0 || all[at - 1] === "\n" ? MAX_INDENT_COLUMNS : MAX_BLANK_COLUMNS) ? run : `⟨${columns} spaces⟩`;
	}).replace(/\n(?:[ \t]*\n){4,}/g, (run) => `\n⟨${run.split("\n").length - 2} empty lines⟩\n`);
}
function endsWithCjk(text) {
	return CJK.test(Array.from(text).at(-1) ?? "");
}
function startsWithCjk(text) {
	return CJK.test(Array.from(text.slice(0, 2))[0] ?? "");
}
const RTL = RIGHT_TO_LEFT.source;
const HONEST_TOKEN = new RegExp(`^["'(]*${RTL}+[-־]?[A-Za-z0-9]+["').,:;!?]*$`, "u");
const ACROSS_OPERATOR = new RegExp(`${RTL}[^\\n\\p{L}]{0,40}[<>|&$=\`][^\\n\\p{L}]{0,40}${RTL}`, "u");
function markRightToLeft(text, mark) {
	if (!RIGHT_TO_LEFT.test(text)) return text;
	return text.replace(/[^\n]+/g, (line) => {
		if (!RIGHT_TO_LEFT.test(line)) return line;
		const isTurned = ACROSS_OPERATOR.test(line);
		return line.replace(/\S+/g, (token) => isTurned || isMixed(token) ? markAll(token, mark) : token);
	});
}
function isMixed(token) {
	if (!RIGHT_TO_LEFT.test(token) || HONEST_TOKEN.test(token)) return false;
	return /[A-Za-z]/.test(token) || /[0-9]/.test(token) && /[/\\=$&|<>_.]\S/.test(token);
}
function markAll(token, mark) {
	return Array.from(token, (char) => RIGHT_TO_LEFT.test(char) && /[\p{L}\p{N}]/u.test(char) ? mark(char) : char).join("");
}

// src/flow/prompt/show/render.ts
const LINE_MAX_CHARS = 240;
function toLine(text) {
	const line = toVisible(text.replaceAll(/\s*[\n\r\v\f\u0085\u2028\u2029]+\s*/gu, " ⏎ ").trim());
	if (line.length <= LINE_MAX_CHARS) return line;
	const headEnd = toCut(line, 179);
	const tailStart = toCut(line, line.length - 60);
	return `${line.slice(0, headEnd)} … ${line.slice(tailStart)}`;
}
function toCut(text, at) {
	const opened = text.lastIndexOf("⟨", at - 1);
	const closed = opened < 0 ? -1 : text.indexOf("⟩", opened);
	const end = opened >= 0 && closed >= at && closed - opened < 40 ? opened : at;
	const unit = text.charCodeAt(end);
	return unit >= 56320 && unit <= 57343 ? end - 1 : end;
}

// src/flow/prompt/rules/rule-words.ts
function toRuleHead(rule) {
	return toVisible(toHead(rule));
}
function toRuleLimits(rule) {
	const { scope, shown = "" } = rule;
	const what = scope === "exact" ? [`exactly "${toLine(shown)}"`] : [];
	return toVisible([...what, ...listLimits(rule)].join(", "));
}
function explainRule(rule) {
	const said = (label, ...values) => values.flatMap((value) => value === void 0 ? [] : [{
		label,
		value: toVisible(value).replaceAll("	", "  ")
	}]);
	const { scope, shown, folder, session } = rule;
	return [
		...said("covers", toCovers(rule)),
		...scope === "exact" ? said("call", shown) : [],
		...said("folder", scope === void 0 ? void 0 : folder),
		...said("session", session === void 0 ? void 0 : scope === void 0 && /^[/~]/.test(session) ? `those opened in a folder that fits ${session}` : `only ${session}`),
		...said("not", ...listGaps(rule))
	];
}
function toHead({ action, tool, scope }) {
	return `${action} ${scope === "edits" ? "ordinary edits" : tool}`;
}
function listLimits({ path, command, session, folder }) {
	return [
		...path === void 0 ? [] : [`path ${path}`],
		...command === void 0 ? [] : [`command ${command}`],
		...folder === void 0 ? [] : [`in ${folder}`],
		...session === void 0 ? [] : [`session ${session}`]
	];
}
function toCovers(rule) {
	const { action, tool, scope, path, command } = rule;
	if (scope === "exact") return "this call, letter for letter, while the session is in this folder; the model may describe it in other words";
	if (scope === "edits") return "edits of files in this folder that are known kinds of source; not files that are hidden, installed, built, run automatically or read by agents";
	const tools = /[*?]/.test(tool) ? `tools whose name fits ${tool}` : tool;
	const parts = [...command === void 0 ? [] : [`the command fits ${command}`], ...path === void 0 ? [] : [`the file fits ${path}`]].join(" and ");
	const calls = parts === "" ? `calls of ${tools}` : `calls of ${tools} of which ${parts}`;
	switch (action) {
		case "allow": return `${calls}; read narrowly: files inside the session's folder unless a path says otherwise, commands of plain words`;
		case "ask": return `${calls}; read widely: people are asked, whatever other rules allow`;
		case "deny": return `${calls}; read widely: where it only may speak of a call, people are asked, with the code`;
		default: return action;
	}
}
function listGaps({ action, tool, scope, path, command }) {
	if (scope === "exact") return [
		"what a rule that denies or asks may speak of, questions and plans",
		findKeepLimit(tool),
		"what the call reads or calls may change as well: a file, an address"
	];
	if (action === "allow") return ["what a rule that denies or asks may speak of, questions and plans", ...scope === "edits" ? [] : toAllowGaps({
		tool,
		path,
		command
	})];
	return ["what the client allows by its own settings: that is never asked about", "files that a program opens once it runs"];
}
function toAllowGaps({ tool, path, command }) {
	const isShell = /[*?]/.test(tool) || /^(?:Bash|Monitor)$/.test(tool);
	return [...path === void 0 ? [] : ["shell commands; hidden files, unless the pattern names them; a path with .. or behind a link that leads elsewhere"], ...path === void 0 && isShell ? ["a command with more than plain words: quotes inside words, $, ~, redirection, several lines; what leaves the client's sandbox", command === void 0 ? void 0 : "a second command: * and ? stand for no ; & | < > ( ) $ quote or backslash"] : []];
}

Object.defineProperty(exports, "explainRule", {
  enumerable: true,
  get: function () {
    return explainRule;
  }
});
Object.defineProperty(exports, "toRuleHead", {
  enumerable: true,
  get: function () {
    return toRuleHead;
  }
});
Object.defineProperty(exports, "toRuleLimits", {
  enumerable: true,
  get: function () {
    return toRuleLimits;
  }
});
Object.defineProperty(exports, "toVisible", {
  enumerable: true,
  get: function () {
    return toVisible;
  }
});