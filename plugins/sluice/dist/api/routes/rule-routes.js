import { Hono } from "../../vendor/hono.js";
import { findNoEffect } from "../../flow/prompt/rules/rule-effect.js";
import { DEFAULT_PROJECT_COMMANDS } from "../../flow/prompt/risk/project-commands.js";
import { toRuleLine } from "../../flow/prompt/rules/rule-words.js";
import { SluiceError } from "../../sdk/errors.js";
import { addPromptRule, countPromptRules, listPromptRules, MAX_RULES, removePromptRule, } from "../../store/prompts/prompt-rules.js";
import { body } from "./parse.js";
import { requirePerson } from "./require-caller.js";
import { ruleAddSchema, ruleRemoveSchema, } from "../wire/rule-wire.js";
function toView(rule) {
    const noEffect = findNoEffect(rule);
    return noEffect === undefined ? rule : { ...rule, noEffect };
}
export function createRuleRoutes({ db, clock, access, settings, toCaller, }) {
    /** @throws SluiceError `not_found`. */
    const find = (number) => {
        const rule = listPromptRules(db, clock.now()).find(({ id }) => String(id) === number);
        if (rule === undefined)
            throw new SluiceError("not_found", `no rule ${number}; "sluice rule list" shows them`);
        return rule;
    };
    return new Hono()
        .get("/rules", (c) => c.json(listPromptRules(db, clock.now()).map(toView)))
        .get("/project-commands", (c) => {
        const commands = settings.readProjectCommands();
        const isDefault = commands === DEFAULT_PROJECT_COMMANDS;
        return c.json({ commands, isDefault });
    })
        .get("/rules/:number", (c) => c.json(toView(find(c.req.param("number")))))
        .post("/rules", body(ruleAddSchema), async (c) => {
        const { caller: facts, action, tool, path, command, session } = c.req.valid("json");
        const caller = toCaller(facts);
        if (action === "allow")
            requirePerson(caller, "a rule that allows is added");
        const rule = await db.write(() => {
            if (countPromptRules(db) >= MAX_RULES)
                throw new SluiceError("conflict", `there are ${MAX_RULES} rules already; "sluice rule remove <n>" makes room`);
            const added = addPromptRule(db, {
                action,
                tool,
                ...(path === undefined ? {} : { path }),
                ...(command === undefined ? {} : { command }),
                ...(session === undefined ? {} : { session }),
                createdAt: clock.now(),
                by: caller.origin,
            });
            access.policy.note(caller.origin, "rule-add", toRuleLine(added));
            return added;
        });
        if (action === "allow")
            access.notifyOwner(`Sluice: a rule that allows was added: ${toRuleLine(rule)}. If it was not you: sluice rule remove ${rule.id}`);
        return c.json(toView(rule));
    })
        .post("/rules/:number/remove", body(ruleRemoveSchema), async (c) => {
        const caller = toCaller(c.req.valid("json").caller);
        const rule = find(c.req.param("number"));
        if (rule.action !== "allow")
            requirePerson(caller, `a rule that ${rule.action === "ask" ? "asks" : "denies"} is removed`);
        await db.write(() => {
            if (removePromptRule(db, rule.id) !== undefined)
                access.policy.note(caller.origin, "rule-remove", toRuleLine(rule));
        });
        if (rule.action !== "allow")
            access.notifyOwner(`Sluice: a rule that ${rule.action === "ask" ? "asks" : "denies"} was removed: ${toRuleLine(rule)}. If it was not you, add it again.`);
        return c.json(rule);
    });
}
