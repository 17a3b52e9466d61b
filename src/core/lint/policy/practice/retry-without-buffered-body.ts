import { childElements } from "../../../policy/tree.ts";
import type { PolicyElement } from "../../../policy/tree.ts";
import type { PolicyLintContext } from "../policy-context.ts";
import type { Fix, PolicyRule } from "../policy-rule.ts";
import { attributeOf, insertAttribute, literalText, placeOf, policiesNamed } from "./policy-places.ts";

const attribute = `buffer-request-body="true"`;
const title = `add ${attribute}`;

export const retryWithoutBufferedBody: PolicyRule = {
  id: "retry-without-buffered-body",
  severity: "warning",
  summary: "A request is tried again, and its body is not kept for that.",
  why: 'The first attempt reads the body off the wire; without `buffer-request-body="true"` the next one goes out with no body (learn.microsoft.com/azure/api-management/retry-policy; microsoft/service-fabric-issues#346).',
  examples: {
    bad: `<policies><backend><retry condition="@(context.Response.StatusCode == 429)" count="2" interval="1"><forward-request /></retry></backend></policies>`,
    good: `<policies><backend><retry condition="@(context.Response.StatusCode == 429)" count="2" interval="1"><forward-request buffer-request-body="true" /></retry></backend></policies>`,
  },
  check(context) {
    const retries = policiesNamed(context, "retry").map(({ element }) => element);
    const withOwnBody = new Set(retries.filter(setsBody));
    return policiesNamed(context, "forward-request").flatMap(({ element, ancestors }) => {
      const retry = ancestors.find(({ name }) => name === "retry");
      if (retry === undefined || withOwnBody.has(retry)) return [];
      const given = attributeOf(element, "buffer-request-body");
      if (given !== undefined && literalText(given.value)?.toLowerCase() !== "false") return [];
      const fix =
        given === undefined ? insertAttribute(context, element, attribute, title) : replace(context, given);
      return [
        {
          message: "`forward-request` is tried again without its body",
          ...placeOf(element, given),
          help: `write \`<forward-request ${attribute} />\` inside \`retry\``,
          ...(fix && { fix }),
        },
      ];
    });
  },
};

/** A body that is set on every attempt is in memory already. */
function setsBody(element: PolicyElement): boolean {
  return childElements(element).some(
    (child) => child.name === "set-body" || (!/^send-/.test(child.name) && setsBody(child)),
  );
}

function replace({ source }: PolicyLintContext, given: PolicyElement["attributes"][number]): Fix | undefined {
  return source === undefined || given.valueRange === undefined
    ? undefined
    : { range: given.valueRange, text: "true", title: `change to ${attribute}` };
}
