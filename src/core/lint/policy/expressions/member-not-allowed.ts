import { fieldOf, walkCSharp } from "../../../policy/expression/csharp/node.ts";
import {
  allowedMembers,
  allowedType,
  isRefusedMember,
} from "../../../policy/expression/csharp/type-names.ts";
import type { CodeModel } from "../../../policy/expression/csharp/code-model.ts";
import type { CSharpNode } from "../../../policy/expression/csharp/node.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { analyseExpressions } from "./expression-analysis.ts";
import { findingAt } from "./expression-finding.ts";
import { memberAccesses } from "./names-in-code.ts";

type Fault = {
  readonly node: CSharpNode;
  readonly type: string;
  readonly member: string;
  readonly isStatic: boolean;
};

/** Types of which the documentation allows all members and the policy toolkit some. */
const uncertain = new Set(["System.Net.IPAddress", "System.Enum"]);

export const memberNotAllowed: PolicyRule = {
  id: "member-not-allowed",
  severity: "error",
  summary: "An expression uses a member that is not allowed although its type is.",
  why: "The service refuses the document: \"Usage of member 'X' of type 'Y' is not supported within expressions\". Some types are allowed in part: https://learn.microsoft.com/azure/api-management/api-management-policy-expressions#CLRTypes.",
  needsGrammar: true,
  examples: {
    bad: `<policies><inbound><set-variable name="d" value="@(DateTime.ParseExact("20240101", "yyyyMMdd", null))" /></inbound></policies>`,
    good: `<policies><inbound><set-variable name="d" value="@(DateTime.Parse("2024-01-01"))" /></inbound></policies>`,
  },
  *check(context) {
    for (const { placed, model } of analyseExpressions(context).parsed()) {
      for (const { node, type, member, isStatic } of faultsOf(model)) {
        const shown = member === ".ctor" ? "the constructor" : `member '${member}'`;
        const message = `Usage of ${shown} of type '${type}' is not supported within expressions`;
        const allowed = allowedMembers(type);
        const others = Array.isArray(allowed) ? allowed.filter((name) => name !== ".ctor") : [];
        yield findingAt(context, placed, node, message, {
          ...(others.length === 0 ? {} : { help: `allowed are ${others.join(", ")}` }),
          // What an instance inherits from a type that is allowed in part is not documented.
          ...(isStatic && !uncertain.has(type) ? {} : { severity: "warning" }),
        });
      }
    }
  },
};

function faultsOf(model: CodeModel): Fault[] {
  const faults: Fault[] = [];
  for (const { access } of memberAccesses(model)) {
    const { name: member, nameNode: node, owner } = access;
    const staticType = staticTypeOf(owner, model);
    const type = staticType ?? instanceType(model.typeOf(owner));
    if (type === undefined || !isRefusedMember(type, member)) continue;
    faults.push({ node, type, member, isStatic: staticType !== undefined });
  }
  walkCSharp(model.body, (node) => {
    const named = node.type === "object_creation_expression" ? fieldOf(node, "type") : undefined;
    if (named === undefined || model.isDeclared(model.textOf(named))) return;
    const type = allowedType(model.textOf(named));
    if (type === undefined || !isRefusedMember(type, ".ctor")) return;
    faults.push({ node: named, type, member: ".ctor", isStatic: true });
  });
  return faults;
}

function staticTypeOf(owner: CSharpNode, { textOf, isDeclared }: CodeModel): string | undefined {
  const isName = owner.type === "identifier" || owner.type === "predefined_type";
  const isPath =
    owner.type === "member_access_expression" && /^(?:System|Newtonsoft)\.[\w.]+$/.test(textOf(owner));
  if ((!isName && !isPath) || isDeclared(textOf(owner))) return undefined;
  return allowedType(textOf(owner));
}

/** DateTime only: what other partly allowed types inherit is too uncertain to speak of. */
function instanceType(type: string | undefined): string | undefined {
  return type === "System.DateTime" ? type : undefined;
}
