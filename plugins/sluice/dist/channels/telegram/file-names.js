/**
 * Names of files in a text that Telegram would make links of: `README.md` is a domain of Moldova to it, `install.sh` one of Saint Helena.
 *
 * Owns: which words those are. Never: changes one: a character that breaks the link would travel along when the name is copied.
 *
 * BAREFILE-1 A word is the name of a file if its ending is a domain's that files have too, or a country's; and none if it has a scheme,
 *    `www.` or an `@`, or a country's ending that is known for its sites.
 */
/** Endings of countries and territories. https://www.iana.org/domains/root/db */
const COUNTRIES = "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bv bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sj sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw";
/** Those in which a bare name is a site. */
const SITES = new Set("ai at au be br ca ch cn co cz de dk es eu fi fr gg hk hu ie il in io ir it jp kr lt lv me mx nl no nz pe ph pt se sg th tr tv tw ua uk us vn za".split(" "));
/** Other endings of domains that files have. */
const FILES = "bar bin boo build cab cat data day docs dot download exe fit foo inc ink java link map mov new nexus now page pics pro prof pub py run sas tab test text video work zip ninja security services session settings";
const ENDINGS = new Set([
    ...COUNTRIES.split(" ").filter((ending) => !SITES.has(ending)),
    ...FILES.split(" "),
]);
/** A word with a dot inside, with the folders before it: what stands between blanks and brackets. It is looked for once in each such run. */
const WORD = /(?<![\p{L}\p{N}\p{M}_@:/\\.~+#%$&=-])[\p{L}\p{N}\p{M}_@:/\\.~+#%$&=-]*[\p{L}\p{N}\p{M}_-]\.[\p{L}]{2,24}(?![\p{L}\p{N}\p{M}_])/gu;
/** The text, its file names written by `name` and all else by `rest`. */
export function markFileNames(text, rest, name) {
    let written = "";
    let from = 0;
    for (const { 0: word, index } of text.matchAll(WORD)) {
        if (!isFileName(word))
            continue;
        written += rest(text.slice(from, index)) + name(word);
        from = index + word.length;
    }
    return written + rest(text.slice(from));
}
function isFileName(word) {
    if (/:\/\/|@/.test(word) || /^www\./i.test(word))
        return false;
    return ENDINGS.has(word.slice(word.lastIndexOf(".") + 1).toLowerCase());
}
