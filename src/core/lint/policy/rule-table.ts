/** Every rule of lint as one table, for `explain`, the documentation and reports that carry rule descriptions. */
import { compareText } from "../../problem.ts";
import type { Severity } from "../../problem.ts";
import { specRules } from "../../spec/rules.ts";
import type { Rule } from "../rule.ts";
import { rules as gatewayRules } from "../rules/index.ts";
import { listEngineRules } from "./engine-rules.ts";
import type { EngineRule } from "./engine-rules.ts";
import { policyRuleGroups } from "./policy-rules.ts";
import type { PolicyRuleGroup } from "./policy-rules.ts";
import type { PolicyExample, PolicyRule } from "./policy-rule.ts";

export type RuleGroup = "files" | PolicyRuleGroup | "gateway" | "spec" | "compile";

export type RuleExample = {
  readonly text: string;
  /** What has to be known for it, such as `scope: operation`; empty when nothing has. */
  readonly circumstances: string;
};

/** A rule as it is shown to people. */
export type RuleInfo = {
  readonly id: string;
  readonly group: RuleGroup;
  readonly severity: Severity;
  readonly summary: string;
  /** Markdown; absent where the summary says it all. */
  readonly why?: string;
  readonly examples?: {
    readonly language: "xml" | "yaml";
    readonly bad: RuleExample;
    readonly good: RuleExample;
  };
  readonly needsGrammar?: true;
  /** Whether its severity can be changed: a spec that does not compile stays an error. */
  readonly isConfigurable: boolean;
};

export const groupTitles: Readonly<Record<RuleGroup, string>> = {
  structure: "Policy documents: structure",
  references: "Policy documents: references",
  expressions: "Policy documents: expressions",
  practice: "Policy documents: practice",
  gateway: "gateway.yaml: what compiles and misbehaves",
  spec: "gateway.yaml: what does not compile",
  compile: "gateway.yaml: what it refers to",
  files: "Files, suppressions and baselines",
};

/** What the compiler and the reader of OpenAPI documents find; they say it themselves, with the place. */
const compileRules: Readonly<Record<string, readonly [severity: Severity, summary: string]>> = {
  "account-missing": ["error", "An account on which a role is to be given does not exist."],
  "api-missing": ["error", "An API without `openapi` has to exist on the service, and does not."],
  "base-inherits-deny": [
    "error",
    "`<base />` in an open operation would run the API's answer to denied calls.",
  ],
  "backend-missing": ["error", "A backend that the spec expects is not on the service."],
  "deployment-backend": [
    "error",
    "A backend for one deployment of an account, which renaming needs, cannot be made.",
  ],
  "document-content": ["error", "A whole policy document is something else than one `<policies>` element."],
  "fragment-content": ["error", "A policy fragment holds what fragments may not."],
  "fragment-missing": ["error", "A policy fragment that the spec expects is not on the service."],
  "illegal-character": ["error", "A text of the spec holds a character that a policy document cannot hold."],
  "key-vault-unresolved": ["warning", "The service could not fetch the secret of a named value."],
  "logger-missing": ["error", "A logger that the spec expects is not on the service."],
  "missing-file": ["error", "A file that the spec names does not exist."],
  "model-in-form": [
    "warning",
    "An operation takes its model in a part of a form, where no policy can read or rename it.",
  ],
  "model-not-known": [
    "error",
    "An operation goes by the model that a call names, or renames its deployment, and where that stands is not known.",
  ],
  "named-value-missing": ["error", "A named value that the spec expects is not on the service."],
  "nothing-left": [
    "error",
    "`unlisted: remove` without a listed operation leaves an API without operations.",
  ],
  "openapi-unreadable": ["error", "The OpenAPI document cannot be read."],
  "operation-without-backend": ["error", "An open operation has nowhere to go."],
  "policy-not-on-service": ["error", "The service does not know a policy that a document uses."],
  "policy-text": ["error", "There is text where a policy takes none."],
  "section-content": ["error", "Hand-written policy XML holds what may not stand in its section."],
  scenario: ["error", "A simulation's scenario names what the gateway does not have."],
  "service-not-ready": ["error", "The service is being changed, and refuses writes while it is."],
  "streaming-without-effect": [
    "error",
    "`streaming` of an API is meant for none of its operations, as far as their URL templates tell.",
  ],
  "undeclared-named-value": ["warning", "`{{name}}` is not a named value of the spec."],
  "unknown-call": ["error", "A test case calls what the gateway does not have."],
  "unknown-fragment": ["error", "There is no such policy fragment in the spec."],
  "unknown-openapi": ["error", "There is no OpenAPI document of that name."],
  "unknown-operation": ["error", "The API's OpenAPI document has no such operation."],
  "unreachable-policies": ["error", "Policies of an API stand behind the answer that denies every call."],
  "unknown-rule": ["error", "`lint.rules` sets the severity of a rule that does not exist."],
  "unreadable-file": ["error", "A file that the spec names cannot be read."],
};

/** All rules; ids are unique. Sorted by group, then by id. */
export function listRules(): RuleInfo[] {
  const policies = Object.entries(policyRuleGroups).flatMap(([group, rules]) =>
    rules.map((rule) => fromPolicyRule(rule, group as PolicyRuleGroup)),
  );
  const own = new Set([...policies, ...listEngineRules(), ...gatewayRules].map(({ id }) => id));
  const spec = Object.entries(specRules).map(([id, summary]) => fixed(id, "spec", "error", summary));
  const compile = Object.entries(compileRules)
    .filter(([id]) => !own.has(id) && !(id in specRules))
    .map(([id, [severity, summary]]) => fixed(id, "compile", severity, summary));
  return [
    ...policies,
    ...gatewayRules.map(fromGatewayRule),
    ...spec.filter(({ id }) => !own.has(id)),
    ...compile,
    ...listEngineRules().map(fromEngineRule),
  ].sort((a, b) => order.indexOf(a.group) - order.indexOf(b.group) || compareText(a.id, b.id));
}

const order: readonly string[] = Object.keys(groupTitles);

/** Ids whose severity can be set for `apimgw lint`. */
export function configurableRuleIds(): string[] {
  return listRules().flatMap(({ id, isConfigurable }) => (isConfigurable ? [id] : []));
}

function fixed(id: string, group: RuleGroup, severity: Severity, summary: string): RuleInfo {
  return { id, group, severity, summary, isConfigurable: false };
}

function fromPolicyRule(rule: PolicyRule, group: PolicyRuleGroup): RuleInfo {
  const { id, severity, summary, why, examples, needsGrammar } = rule;
  return {
    id,
    group,
    severity,
    summary,
    why,
    examples: { language: "xml", bad: fromExample(examples.bad), good: fromExample(examples.good) },
    ...(needsGrammar === undefined ? {} : { needsGrammar }),
    isConfigurable: true,
  };
}

function fromExample(example: PolicyExample): RuleExample {
  if (typeof example === "string") return { text: example.trim(), circumstances: "" };
  const { text, scope, sku, known, templateParameters } = example;
  const names = Object.entries(known ?? {}).map(([kind, ids]) => `${kind}: ${ids.join(", ") || "none"}`);
  const circumstances = [
    ...(scope === undefined ? [] : [`scope: ${scope}`]),
    ...(sku === undefined ? [] : [`tier: ${sku}`]),
    ...(templateParameters === undefined ? [] : [`parameters: ${templateParameters.join(", ")}`]),
    ...(names.length === 0 ? [] : [`known ${names.join("; ")}`]),
  ];
  return { text: text.trim(), circumstances: circumstances.join("; ") };
}

function fromGatewayRule({ id, severity, summary, why, examples }: Rule): RuleInfo {
  const yaml = (text: string): RuleExample => ({ text: abridge(text.trim()), circumstances: "" });
  return {
    id,
    group: "gateway",
    severity,
    summary,
    why,
    examples: { language: "yaml", bad: yaml(examples.bad), good: yaml(examples.good) },
    isConfigurable: true,
  };
}

/** An example about size is as large as that; nobody reads it. */
function abridge(text: string): string {
  return text.replaceAll(/(.)\1{200,}/g, "$1$1$1…");
}

function fromEngineRule({ id, severity, summary, why, examples }: EngineRule): RuleInfo {
  const xml = (text: string): RuleExample => ({ text, circumstances: "" });
  return {
    id,
    group: "files",
    severity,
    summary,
    why,
    ...(examples === undefined
      ? {}
      : { examples: { language: "xml", bad: xml(examples.bad), good: xml(examples.good) } }),
    isConfigurable: true,
  };
}
