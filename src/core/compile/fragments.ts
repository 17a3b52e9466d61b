import { element, policyDocument } from "../policy/build.ts";
import type { PolicyDocument, PolicyNode } from "../policy/tree.ts";
import type { Problem } from "../problem.ts";
import type { FragmentSpec } from "../spec/schema.ts";
import { pointer } from "../spec/source.ts";
import { fragmentResource } from "../model/kinds/fragment.ts";
import type { CompileContext, Compiled } from "./compile.ts";
import { parseHandWritten } from "./hand-written.ts";

/** A policy fragment: its text may be the whole `<fragment>` or what stands in it. */
export function compileFragment(context: CompileContext, id: string, spec: FragmentSpec): Compiled {
  const at = pointer("fragments", id);
  const text = context.policySources.get(at);
  if (text === undefined) return { resources: [], problems: [], handWritten: [] };
  const handWritten = parseHandWritten(text, context.source, context.names);
  const { nodes, problems } = handWritten;
  const place = context.source.locateKey(at);
  const { document, problem } = fragmentDocument(nodes, id);
  const settings = typeof spec === "string" ? {} : settingsOf(spec);
  const references = context.references.document(document);
  const resource = fragmentResource(id, document, settings, references, context.spec.name, place);
  const own: Problem[] =
    problem === undefined
      ? []
      : [{ rule: "fragment-content", severity: "error", message: problem, at: place }];
  return { resources: [resource], problems: [...problems, ...own], handWritten: [handWritten] };
}

function settingsOf(spec: Exclude<FragmentSpec, string>): {
  readonly description?: string;
  readonly isProtected?: boolean;
} {
  return {
    ...(spec.description === undefined ? {} : { description: spec.description }),
    ...(spec.protected === undefined ? {} : { isProtected: spec.protected }),
  };
}

function fragmentDocument(
  nodes: readonly PolicyNode[],
  id: string,
): { document: PolicyDocument; problem?: string } {
  const elements = nodes.filter((node) => node.type === "element");
  const [first, ...others] = elements;
  if (first?.name === "fragment" && others.length === 0) return { document: policyDocument(first) };
  const document = policyDocument(element("fragment", {}, nodes));
  const stray = elements.find(({ name }) =>
    ["policies", "inbound", "backend", "outbound", "on-error", "fragment"].includes(name),
  );
  if (stray === undefined) return { document };
  return {
    document,
    problem: `fragment \`${id}\` holds <${stray.name}>: a fragment holds policies only, no document or section`,
  };
}
