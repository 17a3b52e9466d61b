import type { PolicyElement, Range } from "../../../policy/tree.ts";
import type { PolicyFinding, PolicyRule } from "../policy-rule.ts";
import { attributeOf, placeOf, policiesNamed } from "./policy-places.ts";

/** Hosts inside a network of one's own: single labels, private addresses, cluster names. */
const internalHost =
  /^(?:[a-z0-9-]+|.*\.(?:local|internal|localhost)|127\..*|10\..*|192\.168\..*|172\.(?:1[6-9]|2\d|3[01])\..*|169\.254\..*)$/i;

export const backendOverPlainHttp: PolicyRule = {
  id: "backend-over-plain-http",
  severity: "warning",
  summary: "A public address is called over plain http.",
  why: "Requests, and the tokens and keys in them, can be read and changed on the way (rule Azure.APIM.HTTPBackend of Azure/PSRule.Rules.Azure; learn.microsoft.com/azure/api-management/mitigate-owasp-api-threats).",
  examples: {
    bad: `<policies><inbound><base /><set-backend-service base-url="http://api.contoso.com" /></inbound></policies>`,
    good: `<policies><inbound><base /><set-backend-service base-url="https://api.contoso.com" /></inbound></policies>`,
  },
  check: (context) => [
    ...policiesNamed(context, "set-backend-service").flatMap(({ element }) => {
      const url = attributeOf(element, "base-url");
      const { range } = placeOf(element, url);
      return findingFor(element, url?.value ?? "", range);
    }),
    ...policiesNamed(context, "set-url").flatMap(({ element }) =>
      element.children.flatMap((node) =>
        node.type === "text" ? findingFor(element, node.value, node.range) : [],
      ),
    ),
  ],
};

function findingFor(element: PolicyElement, url: string, range: Range | undefined): PolicyFinding[] {
  const host = /^\s*(?:@\(\s*\$?")?http:\/\/([A-Za-z0-9.-]+)(?=[:/"?\s]|$)/.exec(url)?.[1];
  if (host === undefined || internalHost.test(host)) return [];
  return [
    {
      message: `\`${host}\` is called over plain http`,
      element,
      ...(range && { range }),
      help: "use https",
    },
  ];
}
