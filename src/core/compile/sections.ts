/** Hand-written policies of an API or an operation: by section, or a whole document. */
import type { PolicyElement, PolicyNode } from "../policy/tree.ts";
import type { Problem } from "../problem.ts";
import type { SectionName } from "../spec/schema.ts";
import { pointer } from "../spec/source.ts";
import type { CompileContext } from "./compile.ts";
import { parseHandWritten } from "./hand-written.ts";
import type { HandWritten } from "./hand-written.ts";
import type { SectionNodes } from "./policies.ts";

/** In the order in which they stand in a document. */
export const sectionNames: readonly SectionName[] = ["inbound", "backend", "outbound", "on-error"];

export type HandWrittenPolicies = {
  readonly sections: SectionNodes;
  /** The `<policies>` of a whole document. */
  readonly document?: PolicyElement;
  readonly problems: readonly Problem[];
  readonly handWritten: readonly HandWritten[];
};

/** What `policies` of the API or operation at this pointer holds. */
export function handWrittenPolicies(context: CompileContext, at: string): HandWrittenPolicies {
  const parts = sectionNames.flatMap((section) => {
    const written = parsePart(context, at, section);
    return written === undefined ? [] : [{ section, written }];
  });
  const sections = Object.fromEntries(parts.map(({ section, written }) => [section, written.nodes]));
  const misplaced = parts.flatMap(({ section, written }) => misplacedIn(context, section, written));
  const whole = parsePart(context, at, "document");
  const document = whole?.nodes.find((node) => node.type === "element" && node.name === "policies");
  const all = [...parts.map(({ written }) => written), ...(whole === undefined ? [] : [whole])];
  return {
    sections,
    ...(document?.type === "element" ? { document } : {}),
    problems: [
      ...all.flatMap(({ problems }) => problems),
      ...misplaced,
      ...(whole === undefined ? [] : noDocument(context, whole)),
    ],
    handWritten: all,
  };
}

function parsePart(
  { policySources, source, names }: CompileContext,
  at: string,
  part: SectionName | "document",
): HandWritten | undefined {
  const text = policySources.get(`${at}${pointer("policies", part)}`);
  return text === undefined ? undefined : parseHandWritten(text, source, names);
}

function misplacedIn(
  context: CompileContext,
  section: SectionName,
  { source, nodes }: HandWritten,
): Problem[] {
  const names = ["policies", "fragment", ...sectionNames];
  const wrapper = nodes.find((node) => node.type === "element" && names.includes(node.name));
  if (wrapper?.type !== "element") return [];
  return [
    {
      rule: "section-content",
      severity: "error",
      message: `policies.${section} holds <${wrapper.name}>: write only what stands inside the ${section} section`,
      at: context.source.locate(source.pointer),
    },
  ];
}

/** A text that could not be parsed has its problem already. */
function noDocument(context: CompileContext, { source, nodes, problems }: HandWritten): Problem[] {
  const elements = nodes.filter((node: PolicyNode) => node.type === "element");
  const isDocument = elements.length === 1 && elements[0]?.name === "policies";
  if (isDocument || problems.some(({ severity }) => severity === "error")) return [];
  return [
    {
      rule: "document-content",
      severity: "error",
      message: "policies.document is a whole policy document: one <policies> element with its sections",
      at: context.source.locate(source.pointer),
    },
  ];
}
