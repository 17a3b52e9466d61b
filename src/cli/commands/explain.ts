import { groupTitles } from "../../core/lint/policy/rule-table.ts";
import {
  formatExplainedListJson,
  formatRule,
  formatRuleJson,
  formatRuleList,
} from "../../report/human/explain.ts";
import { formatPolicy, formatPolicyJson, formatPolicyList } from "../../report/human/explain-policy.ts";
import { explain as explainName, listPolicies, listRules } from "../../usecases/explain.ts";
import type { ExplainOptions } from "../command-options.ts";
import type { CommandHandler } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { usageFailure } from "../usage.ts";

export const explain: CommandHandler<ExplainOptions> = ({ output }, [id], { format }) => {
  output.writeResult(
    id === undefined ? list(format, output.resultColor) : one(id, format, output.resultColor),
  );
  return Promise.resolve(exitCodes.done);
};

type Format = ExplainOptions["format"];

function list(format: Format, color: boolean): string {
  const [rules, policies] = [listRules(), listPolicies()];
  if (format === "json") return formatExplainedListJson(rules, policies);
  return `${formatRuleList(rules, groupTitles, { color })}\n\n${formatPolicyList(policies, { color })}`;
}

/** Throws Failure `USAGE.UNKNOWN_RULE`. */
function one(id: string, format: Format, color: boolean): string {
  const explained = explainName(id);
  switch (explained.kind) {
    case "rule":
      return format === "json" ? formatRuleJson(explained.rule) : formatRule(explained.rule, { color });
    case "policy":
      return format === "json"
        ? formatPolicyJson(explained.policy)
        : formatPolicy(explained.policy, { color });
    case "unknown": {
      const { nearest } = explained;
      throw usageFailure("UNKNOWN_RULE", `there is no rule and no policy "${id}"`, {
        remedy: `${nearest === undefined ? "" : `Did you mean ${nearest}? `}\`apimgw explain\` lists them.`,
      });
    }
  }
}
