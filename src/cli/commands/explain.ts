import { groupTitles } from "../../core/lint/policy/rule-table.ts";
import { formatPolicy, formatPolicyJson, formatPolicyList } from "../../report/human/explain-policy.ts";
import { formatListJson, formatRule, formatRuleJson, formatRuleList } from "../../report/human/explain.ts";
import { explain as explainName, listPolicies, listRules } from "../../usecases/explain.ts";
import type { ExplainOptions } from "../command-options.ts";
import type { CommandHandler } from "../command.ts";
import type { Output } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { usageFailure } from "../usage.ts";

export const explain: CommandHandler<ExplainOptions> = ({ output }, [name], { format }) => {
  const isJson = format === "json";
  output.writeResult(name === undefined ? list(isJson, output) : explained(name, isJson, output));
  return Promise.resolve(exitCodes.done);
};

function list(isJson: boolean, { resultColor: color }: Output): string {
  const [rules, policies] = [listRules(), listPolicies()];
  if (isJson) return formatListJson(rules, policies);
  return `${formatRuleList(rules, groupTitles, { color })}\n\n${formatPolicyList(policies, { color })}`;
}

function explained(name: string, isJson: boolean, { resultColor: color }: Output): string {
  const found = explainName(name);
  switch (found.kind) {
    case "rule":
      return isJson ? formatRuleJson(found.rule) : formatRule(found.rule, { color });
    case "policy":
      return isJson ? formatPolicyJson(found.policy) : formatPolicy(found.policy, { color });
    case "unknown": {
      const hint = found.nearest === undefined ? "" : `Did you mean ${found.nearest}? `;
      throw usageFailure("UNKNOWN_RULE", `there is no rule or policy "${name}"`, {
        remedy: `${hint}\`apimgw explain\` lists them.`,
      });
    }
  }
}
