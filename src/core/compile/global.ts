/** The global document. Nothing stands above it, so what it does not say is what a new service does. */
import { globalPolicyResource } from "../model/kinds/policy.ts";
import { defaultGlobalPolicy } from "../policy/global-policy.ts";
import { childElement } from "../policy/tree.ts";
import type { PolicyDocument } from "../policy/tree.ts";
import { pointer } from "../spec/source.ts";
import type { CompileContext, Compiled } from "./compile.ts";
import { document, wholeDocument } from "./policies.ts";
import type { SectionNodes } from "./policies.ts";
import { handWrittenPolicies, sectionNames } from "./sections.ts";

export function compileGlobal(context: CompileContext): Compiled {
  const { spec, source } = context;
  if (spec.policies === undefined) return { resources: [], problems: [], handWritten: [] };
  const { sections, document: whole, problems, handWritten } = handWrittenPolicies(context, "");
  const policies =
    whole === undefined ? globalDocument(sections, spec.name) : wholeDocument(whole, spec.name);
  const at = source.locateKey(pointer("policies"));
  return {
    resources: [globalPolicyResource(policies, context.references.document(policies), at)],
    problems,
    handWritten,
  };
}

/** Sections that nobody wrote are those of a new service: `backend` forwards, the others do nothing. */
export function globalDocument(handWritten: SectionNodes, owner: string): PolicyDocument {
  const sections = sectionNames.map((name) => {
    const usual = childElement(defaultGlobalPolicy.root, name)?.children ?? [];
    return [name, handWritten[name] ?? usual] as const;
  });
  return document(owner, Object.fromEntries(sections));
}
