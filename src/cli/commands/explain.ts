import { groupTitles } from "../../core/lint/policy/rule-table.ts";
import { formatRule, formatRuleJson, formatRuleList, formatRulesJson } from "../../report/human/explain.ts";
import { explainRule, listRules } from "../../usecases/explain.ts";
import type { ExplainOptions } from "../command-options.ts";
import type { CommandHandler } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { usageFailure } from "../usage.ts";

export const explain: CommandHandler<ExplainOptions> = ({ output }, [id], { format }) => {
  const style = { color: output.resultColor };
  if (id === undefined) {
    const rules = listRules();
    output.writeResult(
      format === "json" ? formatRulesJson(rules) : formatRuleList(rules, groupTitles, style),
    );
    return Promise.resolve(exitCodes.done);
  }
  const explained = explainRule(id);
  if (!explained.ok) {
    const { nearest } = explained;
    throw usageFailure("UNKNOWN_RULE", `there is no rule "${id}"`, {
      remedy: `${nearest === undefined ? "" : `Did you mean ${nearest}? `}\`apimgw explain\` lists the rules.`,
    });
  }
  output.writeResult(format === "json" ? formatRuleJson(explained.rule) : formatRule(explained.rule, style));
  return Promise.resolve(exitCodes.done);
};
