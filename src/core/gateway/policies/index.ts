/** The policies that the gateway runs, one file each or one for those that share their work. */
import type { PolicyRunner } from "../policy-definition.ts";
import { authenticationBasic } from "./authentication-basic.ts";
import { authenticationCertificate } from "./authentication-certificate.ts";
import { authenticationManagedIdentity } from "./authentication-managed-identity.ts";
import { cacheLookup, cacheStore } from "./cache-response.ts";
import { cacheLookupValue, cacheRemoveValue, cacheStoreValue } from "./cache-value.ts";
import { checkHeader } from "./check-header.ts";
import { choose } from "./choose.ts";
import { cors } from "./cors.ts";
import { crossDomain } from "./cross-domain.ts";
import { azureOpenAiEmitTokenMetric, emitMetric, llmEmitTokenMetric } from "./emit-metric.ts";
import { findAndReplace } from "./find-and-replace.ts";
import { forwardRequest } from "./forward-request.ts";
import { getAuthorizationContext } from "./get-authorization-context.ts";
import { includeFragment } from "./include-fragment.ts";
import { ipFilter } from "./ip-filter.ts";
import { jsonToXmlPolicy } from "./json-to-xml.ts";
import { jsonp } from "./jsonp.ts";
import { limitConcurrency } from "./limit-concurrency.ts";
import { llmContentSafety } from "./llm-content-safety.ts";
import { logToEventHub } from "./log-to-eventhub.ts";
import { mockResponse } from "./mock-response.ts";
import { proxy } from "./proxy.ts";
import { quotaByKey, quotaBySubscription } from "./quota-by-key.ts";
import { rateLimitByKey, rateLimitBySubscription } from "./rate-limit-by-key.ts";
import { redirectContentUrls } from "./redirect-content-urls.ts";
import { retry } from "./retry.ts";
import { returnResponse } from "./return-response.ts";
import { rewriteUri } from "./rewrite-uri.ts";
import {
  azureOpenAiSemanticCacheLookup,
  azureOpenAiSemanticCacheStore,
  llmSemanticCacheLookup,
  llmSemanticCacheStore,
} from "./semantic-cache.ts";
import { sendOneWayRequest, sendRequest } from "./send-request.ts";
import { sendServiceBusMessage } from "./send-service-bus-message.ts";
import { setBackendService } from "./set-backend-service.ts";
import { setBody } from "./set-body.ts";
import { setHeader } from "./set-header.ts";
import { setMethod } from "./set-method.ts";
import { setQueryParameter } from "./set-query-parameter.ts";
import { setStatus } from "./set-status.ts";
import { setVariable } from "./set-variable.ts";
import { azureOpenAiTokenLimit, llmTokenLimit } from "./token-limit.ts";
import { trace } from "./trace.ts";
import { validateContent } from "./validate-content.ts";
import { validateHeaders } from "./validate-headers.ts";
import { validateAzureAdToken, validateJwt } from "./validate-jwt.ts";
import { validateParameters } from "./validate-parameters.ts";
import { validateStatusCode } from "./validate-status-code.ts";
import { waitFor } from "./wait.ts";
import { xmlToJsonPolicy } from "./xml-to-json.ts";

/** By name. */
export const policyRunners: readonly PolicyRunner[] = [
  authenticationBasic,
  authenticationCertificate,
  authenticationManagedIdentity,
  azureOpenAiEmitTokenMetric,
  azureOpenAiSemanticCacheLookup,
  azureOpenAiSemanticCacheStore,
  azureOpenAiTokenLimit,
  cacheLookup,
  cacheLookupValue,
  cacheRemoveValue,
  cacheStore,
  cacheStoreValue,
  checkHeader,
  choose,
  cors,
  crossDomain,
  emitMetric,
  findAndReplace,
  forwardRequest,
  getAuthorizationContext,
  includeFragment,
  ipFilter,
  jsonToXmlPolicy,
  jsonp,
  limitConcurrency,
  llmContentSafety,
  llmEmitTokenMetric,
  llmSemanticCacheLookup,
  llmSemanticCacheStore,
  llmTokenLimit,
  logToEventHub,
  mockResponse,
  proxy,
  quotaBySubscription,
  quotaByKey,
  rateLimitBySubscription,
  rateLimitByKey,
  redirectContentUrls,
  retry,
  returnResponse,
  rewriteUri,
  sendOneWayRequest,
  sendRequest,
  sendServiceBusMessage,
  setBackendService,
  setBody,
  setHeader,
  setMethod,
  setQueryParameter,
  setStatus,
  setVariable,
  trace,
  validateAzureAdToken,
  validateContent,
  validateHeaders,
  validateJwt,
  validateParameters,
  validateStatusCode,
  waitFor,
  xmlToJsonPolicy,
];

const byName = new Map(policyRunners.map((runner) => [runner.name, runner]));

/** What runs the policy of that name; undefined when nothing does. */
export function policyRunner(name: string): PolicyRunner | undefined {
  return byName.get(name);
}
