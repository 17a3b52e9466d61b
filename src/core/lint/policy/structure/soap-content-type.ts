import type { PolicyRule } from "../policy-rule.ts";
import { inbound } from "./examples.ts";
import { atValue } from "./findings.ts";
import { literalAttribute } from "./literals.ts";
import { placementsAt } from "./placement.ts";

const document = (type: string) =>
  inbound(
    `<validate-content unspecified-content-type-action="ignore" max-size="1024" size-exceeded-action="prevent"><content type="${type}" validate-as="soap" action="prevent" /></validate-content>`,
  );

export const soapContentType: PolicyRule = {
  id: "soap-content-type",
  severity: "warning",
  summary: "Content is validated as SOAP whose type is none of SOAP's.",
  why: "`validate-as=soap` goes with `application/soap+xml` (SOAP 1.2) or `text/xml` (SOAP 1.1), by learn.microsoft.com/azure/api-management/validate-content-policy.",
  examples: { bad: document("application/json"), good: document("text/xml") },
  *check(context) {
    for (const { element } of placementsAt(context, "validate-content/content")) {
      const type = literalAttribute(element, "type")?.toLowerCase().split(";")[0];
      const attribute = element.attributes.find(({ name }) => name === "type");
      const isSoap = literalAttribute(element, "validate-as") === "soap";
      if (!isSoap || type === undefined || type === "" || attribute === undefined) continue;
      if (/^(application\/soap\+xml|text\/xml)$/.test(type)) continue;
      yield atValue(element, attribute, { message: `\`${type}\` is no content type of SOAP` });
    }
  },
};
