/** A policy as `explain` shows it: what the catalogue knows of it, and how the gateway on the desk runs it. */
import type { Fidelity } from "../../core/gateway/policy-definition.ts";
import { contentOf } from "../../core/policy/catalogue/catalogue.ts";
import type {
  AttributeDefinition,
  ChildDefinition,
  ContentDefinition,
  PolicyDefinition,
} from "../../core/policy/catalogue/catalogue.ts";
import { palette, type ReportStyle } from "../style.ts";

export type ExplainedPolicy = {
  readonly definition: PolicyDefinition;
  /** Absent when the gateway on the desk does not run it. */
  readonly fidelity: Fidelity | undefined;
};

export function formatPolicy({ definition, fidelity }: ExplainedPolicy, style: ReportStyle): string {
  const { bold } = palette(style);
  const { name, category, isPreview, undocumented } = definition;
  const marks = [
    categoryTitle(category),
    ...(isPreview ? ["preview"] : []),
    ...(undocumented ? ["undocumented"] : []),
  ];
  return [
    `${bold(name)} (policy: ${marks.join(", ")})`,
    standing(definition).join("\n"),
    ...contentParts(definition, style),
    `${bold("On the desk")} (simulate, test, dev): ${localLines(fidelity).join("\n")}`,
    `${bold("From:")} ${sourceOf(definition)}`,
  ].join("\n\n");
}

/** A compact block: the names of a category behind its title; `*` marks what the gateway on the desk does not run. */
export function formatPolicyList(policies: readonly ExplainedPolicy[], style: ReportStyle): string {
  const { bold, dim } = palette(style);
  const groups = [...Map.groupBy(policies, ({ definition }) => definition.category)].map(
    ([category, members]) => {
      const names = members.map(
        ({ definition, fidelity }) => definition.name + (fidelity === undefined ? "*" : ""),
      );
      return [`  ${categoryTitle(category)}`, ...wrap(names, 92).map((line) => `    ${line}`)].join("\n");
    },
  );
  const note = dim(
    "  *: simulate, test and dev do not run it. `apimgw explain NAME` says what a policy takes.",
  );
  return [bold("Policies"), ...groups, note].join("\n");
}

/** The same for scripts; `local` is null where the gateway on the desk does not run it. */
export function policyJson({ definition, fidelity }: ExplainedPolicy): object {
  const { name, category, isPreview, sections, scopes, gateways, oncePerSection } = definition;
  return {
    name,
    category,
    isPreview: isPreview === true,
    sections,
    scopes,
    gateways,
    oncePerSection: oncePerSection === true,
    ...contentJson(definition, 0),
    local:
      fidelity === undefined
        ? null
        : { level: fidelity.level, notes: fidelity.notes.map(([text, evidence]) => ({ text, evidence })) },
    source: sourceOf(definition),
  };
}

export function formatPolicyJson(policy: ExplainedPolicy): string {
  return JSON.stringify({ formatVersion: 1, policy: policyJson(policy) }, null, 2);
}

function categoryTitle(category: string): string {
  return category.replaceAll("-", " ");
}

function standing({ sections, otherSections, scopes, gateways, oncePerSection }: PolicyDefinition): string[] {
  const others = otherSections === undefined ? "" : `; by other sources also ${otherSections.join(", ")}`;
  const list = (names: readonly string[]): string => (names.length === 0 ? "not known" : names.join(", "));
  return [
    `Sections: ${sections.length === 0 ? "none; it stands in resolvers" : sections.join(", ")}${others}`,
    `Scopes:   ${list(scopes)}`,
    `Gateways: ${list(gateways)}`,
    ...(oncePerSection === true ? ["At most once in a section."] : []),
  ];
}

/** How deep children are shown; XSLT and the like go on beyond. */
const mostDepth = 4;

function contentParts(content: ContentDefinition, style: ReportStyle): string[] {
  const { bold } = palette(style);
  const { attributes } = content;
  const inside = contentLines(content, 1);
  return [
    ...(attributes.length === 0 ? [] : [[bold("Attributes:"), ...attributeLines(attributes, 1)].join("\n")]),
    ...(inside.length === 0 ? [] : [[bold("Content:"), ...inside].join("\n")]),
  ];
}

function attributeLines(attributes: readonly AttributeDefinition[], depth: number): string[] {
  const width = Math.max(...attributes.map(({ name }) => name.length));
  return attributes.map(
    (attribute) =>
      `${"  ".repeat(depth)}${attribute.name.padEnd(width)}  ${attributeFacts(attribute).join("; ")}`,
  );
}

function attributeFacts(attribute: AttributeDefinition): string[] {
  const { type, required, values, min, max, expressions, undocumented } = attribute;
  return [
    values === undefined ? type.replaceAll("-", " ") : values.join(" | "),
    ...range(min, max),
    ...(required ? ["required"] : []),
    ...(attribute.default === undefined ? [] : [`default ${attribute.default}`]),
    ...(expressions === undefined ? [] : [expressions ? "may be an expression" : "no expression"]),
    ...(undocumented ? ["undocumented"] : []),
  ];
}

function range(min: number | undefined, max: number | undefined): string[] {
  if (min === undefined) return max === undefined ? [] : [`at most ${max}`];
  return [max === undefined ? `at least ${min}` : `${min} to ${max}`];
}

function contentLines({ children, text, anyPolicy, anyXml }: ContentDefinition, depth: number): string[] {
  const indent = "  ".repeat(depth);
  return [
    ...(text === undefined
      ? []
      : [
          `${indent}text${text.required ? ", required" : ""}${text.expressions ? "; may be an expression" : ""}`,
        ]),
    ...(anyPolicy === undefined ? [] : [`${indent}${policiesInside(anyPolicy)}`]),
    ...(anyXml ? [`${indent}any XML`] : []),
    ...children.flatMap((child) => childLines(child, depth)),
  ];
}

function policiesInside({ min, except = [] }: NonNullable<ContentDefinition["anyPolicy"]>): string {
  const least = min === 0 ? "policies" : `policies, at least ${min}`;
  return except.length === 0 ? least : `${least}; not ${except.join(", ")}`;
}

function childLines(child: ChildDefinition, depth: number): string[] {
  const indent = "  ".repeat(depth);
  const head = `${indent}<${child.name}>, ${howOften(child)}`;
  if (child.policy !== undefined) return [`${head}: as the policy ${child.policy}`];
  if (depth > mostDepth) return [head];
  return [
    head,
    ...(child.attributes.length === 0 ? [] : attributeLines(child.attributes, depth + 1)),
    ...contentLines(child, depth + 1),
  ];
}

function howOften({ min, max }: ChildDefinition): string {
  if (max === undefined) return min === 0 ? "any number" : `${min} or more`;
  if (min === max) return min === 1 ? "once" : `${min} times`;
  return min === 0 && max === 1 ? "at most once" : `${min} to ${max} times`;
}

function localLines(fidelity: Fidelity | undefined): string[] {
  if (fidelity === undefined) {
    return [
      "not run. It stops the request with a text that names it, or is passed over with --skip-unsupported.",
    ];
  }
  return [levels[fidelity.level], ...fidelity.notes.map(([text, evidence]) => `  - ${text} (${evidence})`)];
}

const levels: Readonly<Record<Fidelity["level"], string>> = {
  full: "full, as documented",
  partial: "partial, some of it differs or is refused",
  recorded: "recorded, written down with the request and sent nowhere",
};

/** The page of the documentation where the source is one of its articles. */
function sourceOf({ source }: PolicyDefinition): string {
  const article = /^articles\/api-management\/(.+)\.md$/.exec(source)?.[1];
  return article === undefined ? source : `https://learn.microsoft.com/azure/api-management/${article}`;
}

function wrap(names: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const name of names) {
    const last = lines.at(-1);
    if (last === undefined || last.length + name.length + 2 > width) lines.push(name);
    else lines[lines.length - 1] = `${last}, ${name}`;
  }
  return lines;
}

function contentJson(content: ContentDefinition, depth: number): object {
  const { attributes, children, text, anyPolicy, anyXml } = content;
  return {
    attributes: attributes.map(attributeJson),
    text:
      text === undefined ? null : { required: text.required === true, expressions: text.expressions ?? null },
    takesPolicies: anyPolicy === undefined ? null : { min: anyPolicy.min, except: anyPolicy.except ?? [] },
    takesAnyXml: anyXml === true,
    children: depth > mostDepth ? [] : children.map((child) => childJson(child, depth + 1)),
  };
}

function attributeJson(attribute: AttributeDefinition): object {
  const { name, type, required, values, min, max, expressions } = attribute;
  return {
    name,
    type,
    required: required === true,
    default: attribute.default ?? null,
    values: values ?? null,
    min: min ?? null,
    max: max ?? null,
    expressions: expressions ?? null,
  };
}

/** A child that is a policy only says which: what it takes is said there. */
function childJson(child: ChildDefinition, depth: number): object {
  const { name, min, max, policy } = child;
  const head = { name, min, max: max ?? null, policy: policy ?? null };
  return policy === undefined ? { ...head, ...contentJson(contentOf(child), depth) } : head;
}
