/**
 * Characters that look like others: those that a reader would take for plain ASCII.
 *
 * Owns: the tables, chosen from the data of Unicode's security mechanisms (https://www.unicode.org/reports/tr39/). Never: decides
 * where a character misleads (visible.ts, mixed-words.ts).
 *
 * The standard's whole list would mark honest text: it says that "rn" looks like "m". These are the ones that can stand for a letter or
 * sign of a command, a path or a host.
 */
/** Cyrillic and Greek letters that no reader tells from Latin ones. */
export const TWIN_LETTERS = /^[АВЕЅІЈКМНОРСТУХҮҺӀԌԚԜаеіјорсухѕһӏүԁԛԝҽѵѴѡΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϳϺϜανικοσρυτγηχϲϱω\u037f]+$/u;
/** Greek letters that honest people put beside Latin ones (Δt, 5μs) and that look like none of them. */
export const CLEAR_GREEK = /[ΓΔΘΛΞΠΣΦΨΩδζθλμξπςφψϕϑϵ]/u;
/** Latin by script, and yet not the letter or sign it looks like: phonetic letters, small capitals, clicks, long s. */
export const FALSE_LATIN = /[ƖƼƽǀǁǃȷɑɡɩɪɴʀʏʙʜʟſꜱ\u{1d00}-\u{1d22}\u212a]/u;
/** Dotless i, which Turkish has and others only pretend with; and letters that show a text to be Turkish. */
export const DOTLESS_I = "\u0131";
export const TURKISH = /[ğşçöüİəâîûĞŞÇÖÜ]/u;
/** Signs that look like those of a shell, a path or a host: hyphens, slashes, dots, colons, stars, bars, tildes, backticks, brackets. */
export const FALSE_SIGNS = /[\u2010\u2011\u02d7\u2043\u2044\u2215\u29f8\u2571\u27cb\u31d3\u2041\u2216\u29f5\u29f9\u27cd\u31d4\u244a\u2024\u2025\u2236\ua789\u205a\u02f8\u204e\u2217\u2223\u23fd\uffe8\u2016\u2225\u223c\u02dc\u2053\u02cb\u02f4\u2035\u1fef\u037e\u2768-\u276b\u276e\u276f\u2772-\u2775\u02c2\u02c3\u2e40\u30a0\ua78a\ua78c\u02c4\u02c6\u02dd\u02ba\u02f6\u02ee\ufd3e\ufd3f]/u;
/** Signs of a script that look like a slash, dot or colon: honest in their own script, a trap where they touch ASCII. */
export const SCRIPT_SIGNS = /[\u0589\u05c3\u0701\u0702\u066d\u06d4\u1735\u16ec\u1803\ua4f8\ua60e\u3033\u30ce\uff89\u4e3f\u3007]/u;
/** Strokes that look like the dash of an option where a word of ASCII follows. */
export const FALSE_DASHES = /[\u2012-\u2015\u2212\u4e00\u30fc\u2500\u2501\u3161]/u;
/** Forms whose normal form, and whose look, is ASCII. What looks otherwise (½, ², ™, №, ①, ㎏) is not in here. */
export const COMPATIBLE_FORMS = /[\u2100-\u2115\u2117-\u211f\u2123-\u214f\ufb00-\ufb06\ufe4d-\ufe6b\uff01-\uff5e\u{1d400}-\u{1d7ff}\u{1f100}-\u{1f14f}\u{1fbf0}-\u{1fbf9}\u216c-\u216f\u217c-\u217f]/u;
/** Roman numerals: honest alone, letters where they touch some. */
export const ROMAN = /[\u2160-\u217f]/u;
/** Spaces that are none to a shell, or have another width. */
export const FALSE_SPACES = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\u2800]/u;
/** Fullwidth punctuation that is honest beside letters of Chinese, Japanese or Korean, by its normal form. */
export const WIDE_PUNCTUATION = /^[!(),:;?~%]$/;
/** Letters of scripts written without spaces, or wholly unlike Latin: honest people put Latin words right beside them. */
export const FREE_SCRIPTS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gujarati}\p{Script=Gurmukhi}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Oriya}\p{Script=Sinhala}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Ethiopic}\p{Script=Mongolian}]/u;
/** Scripts of living people that share letters with Latin; every other one is marked beside Latin text. */
export const KIN_SCRIPTS = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Georgian}]/u;
export const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}\p{Script=Mandaic}\p{Script=Samaritan}\p{Script=Hanifi_Rohingya}]/u;
