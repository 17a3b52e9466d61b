/**
 * The document of everything: the global one, or in a workspace the workspace's. Nothing stands above the global one, so what it
 * does not say is what a new service does; what that of a workspace does not say, it inherits.
 */
import { globalPolicyResource } from "../model/kinds/policy.ts";
import { defaultGlobalPolicy } from "../policy/global-policy.ts";
import { base } from "../policy/build.ts";
import { childElement } from "../policy/tree.ts";
import type { PolicyDocument } from "../policy/tree.ts";
import type { ServiceRef } from "../ports.ts";
import { pointer } from "../spec/source.ts";
import type { CompileContext, Compiled } from "./compile.ts";
import { document, inheriting, wholeDocument } from "./policies.ts";
import type { SectionNodes } from "./policies.ts";
import { handWrittenPolicies, sectionNames } from "./sections.ts";

export function compileGlobal(context: CompileContext): Compiled {
  const { spec, source } = context;
  if (spec.policies === undefined) return { resources: [], problems: [], handWritten: [] };
  const { sections, document: whole, problems, handWritten } = handWrittenPolicies(context, "");
  const policies =
    whole === undefined ? globalDocument(sections, spec.name, spec.service) : wholeDocument(whole, spec.name);
  const at = source.locateKey(pointer("policies"));
  return {
    resources: [globalPolicyResource(policies, context.references.document(policies), spec.service, at)],
    problems,
    handWritten,
  };
}

/** Sections that nobody wrote are those of a new service: `backend` forwards, the others do nothing. In a workspace they are inherited. */
export function globalDocument(
  handWritten: SectionNodes,
  owner: string,
  { workspace }: Pick<ServiceRef, "workspace">,
): PolicyDocument {
  if (workspace !== undefined)
    return document(owner, {
      inbound: inheriting(handWritten.inbound),
      backend: handWritten.backend ?? [base()],
      outbound: inheriting(handWritten.outbound),
      "on-error": inheriting(handWritten["on-error"]),
    });
  const sections = sectionNames.map((name) => {
    const usual = childElement(defaultGlobalPolicy.root, name)?.children ?? [];
    return [name, handWritten[name] ?? usual] as const;
  });
  return document(owner, Object.fromEntries(sections));
}
