/**
 * Routes of the owner's rules for prompts.
 *
 * Owns: who may write one. A change that gives a session more rights (adding a rule that allows, removing one that asks or denies) needs a
 * person at a terminal. A change that gives it fewer is taken from any caller. Never: which rule fits a call (flow/prompt/rules/rules.ts).
 */
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { findNoEffect } from "../../flow/prompt/rules/rule-effect.ts";
import { DEFAULT_PROJECT_COMMANDS } from "../../flow/prompt/risk/project-commands.ts";
import { toRuleLine } from "../../flow/prompt/rules/rule-words.ts";
import { SluiceError } from "../../sdk/errors.ts";
import {
  addPromptRule,
  countPromptRules,
  listPromptRules,
  MAX_RULES,
  type PromptRule,
  removePromptRule,
} from "../../store/prompts/prompt-rules.ts";
import type { ApiOptions } from "./options.ts";
import { body } from "./parse.ts";
import { requirePerson } from "./require-caller.ts";
import {
  type ProjectCommandsView,
  ruleAddSchema,
  ruleRemoveSchema,
  type RuleView,
} from "../wire/rule-wire.ts";

function toView(rule: PromptRule): RuleView {
  const noEffect = findNoEffect(rule);
  return noEffect === undefined ? rule : { ...rule, noEffect };
}

export function createRuleRoutes({
  db,
  clock,
  access,
  settings,
  toCaller,
}: Pick<ApiOptions, "db" | "clock" | "access" | "settings" | "toCaller">) {
  /** @throws SluiceError `not_found`. */
  const find = (number: string): PromptRule => {
    const rule = listPromptRules(db, clock.now()).find(({ id }) => String(id) === number);
    if (rule === undefined)
      throw new SluiceError("not_found", `no rule ${number}; "sluice rule list" shows them`);
    return rule;
  };
  return new Hono<{ Bindings: HttpBindings }>()
    .get("/rules", (c) => c.json(listPromptRules(db, clock.now()).map(toView)))
    .get("/project-commands", (c) => {
      const commands = settings.readProjectCommands();
      const isDefault = commands === DEFAULT_PROJECT_COMMANDS;
      return c.json({ commands, isDefault } satisfies ProjectCommandsView);
    })
    .get("/rules/:number", (c) => c.json(toView(find(c.req.param("number")))))
    .post("/rules", body(ruleAddSchema), async (c) => {
      const { caller: facts, action, tool, path, command, session } = c.req.valid("json");
      const caller = toCaller(facts);
      if (action === "allow") requirePerson(caller, "a rule that allows is added");
      const rule = await db.write(() => {
        if (countPromptRules(db) >= MAX_RULES)
          throw new SluiceError(
            "conflict",
            `there are ${MAX_RULES} rules already; "sluice rule remove <n>" makes room`,
          );
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
        access.notifyOwner(
          `Sluice: a rule that allows was added: ${toRuleLine(rule)}. If it was not you: sluice rule remove ${rule.id}`,
        );
      return c.json(toView(rule));
    })
    .post("/rules/:number/remove", body(ruleRemoveSchema), async (c) => {
      const caller = toCaller(c.req.valid("json").caller);
      const rule = find(c.req.param("number"));
      if (rule.action !== "allow")
        requirePerson(
          caller,
          `a rule that ${rule.action === "ask" ? "asks" : "denies"} is removed`,
        );
      await db.write(() => {
        if (removePromptRule(db, rule.id) !== undefined)
          access.policy.note(caller.origin, "rule-remove", toRuleLine(rule));
      });
      if (rule.action !== "allow")
        access.notifyOwner(
          `Sluice: a rule that ${rule.action === "ask" ? "asks" : "denies"} was removed: ${toRuleLine(rule)}. If it was not you, add it again.`,
        );
      return c.json(rule);
    });
}
