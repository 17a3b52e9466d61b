import {
  isNamespace,
  allowedType,
  isKnownTypeName,
  refusedType,
  knownTypeNames,
} from "../../../policy/expression/csharp/type-names.ts";
import { nearestName } from "../../../nearest-name.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { analyseExpressions } from "./expression-analysis.ts";
import type { ParsedExpression } from "./expression-analysis.ts";
import { findingAt } from "./expression-finding.ts";
import { freeNames } from "./names-in-code.ts";
import type { FreeName } from "./names-in-code.ts";

type Fault = { readonly type: string; readonly isCertain: boolean; readonly length: number };

export const typeNotAllowed: PolicyRule = {
  id: "type-not-allowed",
  severity: "error",
  summary: "An expression uses a .NET type outside the allowed list.",
  why: "The service refuses the document: \"Usage of type 'X' is not supported within expressions\". The list is at https://learn.microsoft.com/azure/api-management/api-management-policy-expressions#CLRTypes.",
  needsGrammar: true,
  examples: {
    bad: `<policies><inbound><set-variable name="j" value="@(System.Text.Json.JsonSerializer.Serialize(context.Variables))" /></inbound></policies>`,
    good: `<policies><inbound><set-variable name="j" value="@(JsonConvert.SerializeObject(context.Variables))" /></inbound></policies>`,
  },
  *check(context) {
    for (const { placed, model } of analyseExpressions(context).parsed()) {
      for (const name of freeNames(model)) {
        const fault = faultOf(name, model);
        if (fault === undefined) continue;
        const end = name.path[fault.length - 1]?.end ?? name.node.end;
        const near = fault.isCertain ? undefined : nearestName(fault.type, knownTypeNames());
        const message = fault.isCertain
          ? `Usage of type '${fault.type}' is not supported within expressions`
          : `type '${fault.type}' is not in the list of types that expressions may use`;
        yield findingAt(context, placed, { start: name.node.start, end }, message, {
          help: near === undefined ? helpFor(fault.type) : `did you mean \`${near}\`?`,
          ...(fault.isCertain ? {} : { severity: "warning" }),
        });
      }
    }
  },
};

function faultOf(
  { node, position, path }: FreeName,
  { textOf }: ParsedExpression["model"],
): Fault | undefined {
  const name = textOf(node);
  if (isNamespace(name)) return qualifiedFault(path.map(textOf));
  if (isKnownTypeName(name) || name === "context" || position === "call") return undefined;
  const refused = refusedType(name);
  if (refused !== undefined && (position === "type" || path.length > 1)) {
    return { type: refused, isCertain: true, length: 1 };
  }
  return position === "type" && /^[A-Z][a-z]/.test(name)
    ? { type: name, isCertain: false, length: 1 }
    : undefined;
}

/** `System.X.Y.Member`: the longest dotted name that is an allowed type settles it. */
function qualifiedFault(parts: readonly string[]): Fault | undefined {
  let length = 1;
  while (length < parts.length && isNamespace(parts.slice(0, length + 1).join("."))) length += 1;
  const known = parts.some(
    (_, index) => index > 0 && allowedType(parts.slice(0, index + 1).join(".")) !== undefined,
  );
  if (known || parts.length <= length) return undefined;
  const type = parts.slice(0, length + 1).join(".");
  return { type, isCertain: true, length: length + 1 };
}

function helpFor(type: string): string {
  if (type.startsWith("System.Text.Json")) return "use Newtonsoft: JObject, JToken, JsonConvert";
  if (type.endsWith("HttpClient") || type.includes("WebRequest"))
    return "call other services with the send-request policy";
  if (type.startsWith("System.Xml.Xml")) return "use System.Xml.Linq: XDocument, XElement";
  if (type.endsWith("RSACng"))
    return 'use the key of a certificate: `context.Deployment.Certificates["thumbprint"].GetRSAPrivateKey()`';
  return "see the list of allowed types at https://learn.microsoft.com/azure/api-management/api-management-policy-expressions#CLRTypes";
}
