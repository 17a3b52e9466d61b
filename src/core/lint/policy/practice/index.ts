import type { PolicyRule } from "../policy-rule.ts";
import { addressFromClient } from "./address-from-client.ts";
import { azureOpenaiPolicySuperseded } from "./azure-openai-policy-superseded.ts";
import { backendOverPlainHttp } from "./backend-over-plain-http.ts";
import { backendWithoutForwardRequest } from "./backend-without-forward-request.ts";
import { baseMissing } from "./base-missing.ts";
import { bodyPolicyBreaksStreaming } from "./body-policy-breaks-streaming.ts";
import { cacheBeforeAuthentication } from "./cache-before-authentication.ts";
import { cacheHalfMissing } from "./cache-half-missing.ts";
import { cacheMixesCallers } from "./cache-mixes-callers.ts";
import { cacheWithoutLimit } from "./cache-without-limit.ts";
import { certificateByThumbprint } from "./certificate-by-thumbprint.ts";
import { chooseWithoutEffect } from "./choose-without-effect.ts";
import { clientKeyForwarded } from "./client-key-forwarded.ts";
import { conditionConstant } from "./condition-constant.ts";
import { conditionOnReasonPhrase } from "./condition-on-reason-phrase.ts";
import { corsAtProductScope } from "./cors-at-product-scope.ts";
import { corsBehindChecks } from "./cors-behind-checks.ts";
import { errorAnsweredAsSuccess } from "./error-answered-as-success.ts";
import { eventStreamOnConsumption } from "./event-stream-on-consumption.ts";
import { forwardTimeoutOverLimit } from "./forward-timeout-over-limit.ts";
import { ignoredFailureUnchecked } from "./ignored-failure-unchecked.ts";
import { jwtCheckWeakened } from "./jwt-check-weakened.ts";
import { jwtKeyNotBase64 } from "./jwt-key-not-base64.ts";
import { jwtWithoutAudience } from "./jwt-without-audience.ts";
import { lastErrorWithoutError } from "./last-error-without-error.ts";
import { literalSecret } from "./literal-secret.ts";
import { modelLimitedByCallsOnly } from "./model-limited-by-calls-only.ts";
import { namedValueInBackendId } from "./named-value-in-backend-id.ts";
import { openaiApiVersion } from "./openai-api-version.ts";
import { policyTooLarge } from "./policy-too-large.ts";
import { productMayBeNull } from "./product-may-be-null.ts";
import { responseBodyReadBreaksStreaming } from "./response-body-read-breaks-streaming.ts";
import { responseReadBeforeBackend } from "./response-read-before-backend.ts";
import { retrySameUrlAtOnce } from "./retry-same-url-at-once.ts";
import { retryTestsOtherResponse } from "./retry-tests-other-response.ts";
import { retryWithoutBufferedBody } from "./retry-without-buffered-body.ts";
import { rewriteWithoutSlash } from "./rewrite-without-slash.ts";
import { secretInLog } from "./secret-in-log.ts";
import { semanticCacheShared } from "./semantic-cache-shared.ts";
import { sharedCounterKey } from "./shared-counter-key.ts";
import { singleHeaderAppended } from "./single-header-appended.ts";
import { streamBuffered } from "./stream-buffered.ts";
import { throttlingWithoutRetryAfter } from "./throttling-without-retry-after.ts";
import { tokenLimitNotEstimated } from "./token-limit-not-estimated.ts";
import { tokenVariableUnused } from "./token-variable-unused.ts";
import { unreachableAfterResponse } from "./unreachable-after-response.ts";
import { variablesOverDesign } from "./variables-over-design.ts";
import { waitChildrenDepend } from "./wait-children-depend.ts";
import { waitForOneChild } from "./wait-for-one-child.ts";

/** What the service accepts and then misbehaves on, and what is better done otherwise. */
export const practiceRules: readonly PolicyRule[] = [
  addressFromClient,
  azureOpenaiPolicySuperseded,
  backendOverPlainHttp,
  backendWithoutForwardRequest,
  baseMissing,
  bodyPolicyBreaksStreaming,
  cacheBeforeAuthentication,
  cacheHalfMissing,
  cacheMixesCallers,
  cacheWithoutLimit,
  certificateByThumbprint,
  chooseWithoutEffect,
  clientKeyForwarded,
  conditionConstant,
  conditionOnReasonPhrase,
  corsAtProductScope,
  corsBehindChecks,
  errorAnsweredAsSuccess,
  eventStreamOnConsumption,
  forwardTimeoutOverLimit,
  ignoredFailureUnchecked,
  jwtCheckWeakened,
  jwtKeyNotBase64,
  jwtWithoutAudience,
  lastErrorWithoutError,
  literalSecret,
  modelLimitedByCallsOnly,
  namedValueInBackendId,
  openaiApiVersion,
  policyTooLarge,
  productMayBeNull,
  responseBodyReadBreaksStreaming,
  responseReadBeforeBackend,
  retrySameUrlAtOnce,
  retryTestsOtherResponse,
  retryWithoutBufferedBody,
  rewriteWithoutSlash,
  secretInLog,
  semanticCacheShared,
  sharedCounterKey,
  singleHeaderAppended,
  streamBuffered,
  throttlingWithoutRetryAfter,
  tokenLimitNotEstimated,
  tokenVariableUnused,
  unreachableAfterResponse,
  variablesOverDesign,
  waitChildrenDepend,
  waitForOneChild,
];
