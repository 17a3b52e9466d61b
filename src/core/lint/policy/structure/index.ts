import type { PolicyRule } from "../policy-rule.ts";
import { backendSectionSinglePolicy } from "./backend-section-single-policy.ts";
import { baseMisplaced } from "./base-misplaced.ts";
import { booleanValue } from "./boolean-value.ts";
import { childOrder } from "./child-order.ts";
import { contentSafetyCategory } from "./content-safety-category.ts";
import { corsCredentialsAnyOrigin } from "./cors-credentials-any-origin.ts";
import { corsOrigin } from "./cors-origin.ts";
import { cosmosReplaceWithoutId } from "./cosmos-replace-without-id.ts";
import { daprFormMisplaced } from "./dapr-form-misplaced.ts";
import { daprTopic } from "./dapr-topic.ts";
import { dependentAttributes } from "./dependent-attributes.ts";
import { dimensionWithoutValue } from "./dimension-without-value.ts";
import { duplicateDimension } from "./duplicate-dimension.ts";
import { duplicatePolicy } from "./duplicate-policy.ts";
import { duplicateSection } from "./duplicate-section.ts";
import { enumValue } from "./enum-value.ts";
import { exclusiveAttributes } from "./exclusive-attributes.ts";
import { expressionNotAllowed } from "./expression-not-allowed.ts";
import { findNothing } from "./find-nothing.ts";
import { formattedValue } from "./formatted-value.ts";
import { fragmentContent } from "./fragment-content.ts";
import { graphqlPath } from "./graphql-path.ts";
import { headerNotChangeable } from "./header-not-changeable.ts";
import { headerValueElements } from "./header-value-elements.ts";
import { ignoredAttribute } from "./ignored-attribute.ts";
import { ipAddressValue } from "./ip-address-value.ts";
import { jwtKeyEmpty } from "./jwt-key-empty.ts";
import { jwtWithoutKeys } from "./jwt-without-keys.ts";
import { liquidFilterCase } from "./liquid-filter-case.ts";
import { liquidInReturnResponse } from "./liquid-in-return-response.ts";
import { methodName } from "./method-name.ts";
import { missingAttribute } from "./missing-attribute.ts";
import { missingChild } from "./missing-child.ts";
import { missingOneOfAttributes } from "./missing-one-of-attributes.ts";
import { missingOneOfChildren } from "./missing-one-of-children.ts";
import { missingText } from "./missing-text.ts";
import { numberRange } from "./number-range.ts";
import { numberValue } from "./number-value.ts";
import { orderedValues } from "./ordered-values.ts";
import { policyInWrongScope } from "./policy-in-wrong-scope.ts";
import { policyInWrongSection } from "./policy-in-wrong-section.ts";
import { policyNotOnTier } from "./policy-not-on-tier.ts";
import { quotaPeriod } from "./quota-period.ts";
import { requestIncomplete } from "./request-incomplete.ts";
import { rewriteTemplate } from "./rewrite-template.ts";
import { rootElement } from "./root-element.ts";
import { sectionAsRoot } from "./section-as-root.ts";
import { semanticCacheThreshold } from "./semantic-cache-threshold.ts";
import { separatorLength } from "./separator-length.ts";
import { soapContentType } from "./soap-content-type.ts";
import { textNotAllowed } from "./text-not-allowed.ts";
import { tokenWithScheme } from "./token-with-scheme.ts";
import { tooManyChildren } from "./too-many-children.ts";
import { tooManyDimensions } from "./too-many-dimensions.ts";
import { undocumentedPolicy } from "./undocumented-policy.ts";
import { unknownAttribute } from "./unknown-attribute.ts";
import { unknownChildElement } from "./unknown-child-element.ts";
import { unknownPolicy } from "./unknown-policy.ts";
import { unknownSection } from "./unknown-section.ts";
import { unknownTemplateParameter } from "./unknown-template-parameter.ts";
import { urlValue } from "./url-value.ts";
import { waitInsideRetry } from "./wait-inside-retry.ts";

/** What the service refuses, or reads other than meant, by the catalogue of policies. */
export const structureRules: readonly PolicyRule[] = [
  backendSectionSinglePolicy,
  baseMisplaced,
  booleanValue,
  childOrder,
  contentSafetyCategory,
  corsCredentialsAnyOrigin,
  corsOrigin,
  cosmosReplaceWithoutId,
  daprFormMisplaced,
  daprTopic,
  dependentAttributes,
  dimensionWithoutValue,
  duplicateDimension,
  duplicatePolicy,
  duplicateSection,
  enumValue,
  exclusiveAttributes,
  expressionNotAllowed,
  findNothing,
  formattedValue,
  fragmentContent,
  graphqlPath,
  headerNotChangeable,
  headerValueElements,
  ignoredAttribute,
  ipAddressValue,
  jwtKeyEmpty,
  jwtWithoutKeys,
  liquidFilterCase,
  liquidInReturnResponse,
  methodName,
  missingAttribute,
  missingChild,
  missingOneOfAttributes,
  missingOneOfChildren,
  missingText,
  numberRange,
  numberValue,
  orderedValues,
  policyInWrongScope,
  policyInWrongSection,
  policyNotOnTier,
  quotaPeriod,
  requestIncomplete,
  rewriteTemplate,
  rootElement,
  sectionAsRoot,
  semanticCacheThreshold,
  separatorLength,
  soapContentType,
  textNotAllowed,
  tokenWithScheme,
  tooManyChildren,
  tooManyDimensions,
  undocumentedPolicy,
  unknownAttribute,
  unknownChildElement,
  unknownPolicy,
  unknownSection,
  unknownTemplateParameter,
  urlValue,
  waitInsideRetry,
];
