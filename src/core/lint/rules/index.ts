import type { Rule } from "../rule.ts";
import { accountNameDiffers } from "./account-name-differs.ts";
import { accountWithoutEffect } from "./account-without-effect.ts";
import { allowWithoutServiceUrl } from "./allow-without-service-url.ts";
import { apiVersionOnV1 } from "./api-version-on-v1.ts";
import { backendUnused } from "./backend-unused.ts";
import { backendUrlOtherApi } from "./backend-url-other-api.ts";
import { backendUrlTrailingSlash } from "./backend-url-trailing-slash.ts";
import { backendUrlWithoutOpenai } from "./backend-url-without-openai.ts";
import { backendWithoutAccount } from "./backend-without-account.ts";
import { bodyLoggingBreaksStreaming } from "./body-logging-breaks-streaming.ts";
import { breakerIgnoresRetryAfter } from "./breaker-ignores-retry-after.ts";
import { breakerWithoutWayOut } from "./breaker-without-way-out.ts";
import { deploymentNeverCalled } from "./deployment-never-called.ts";
import { deploymentNotMapped } from "./deployment-not-mapped.ts";
import { cacheScoreLoose } from "./cache-score-loose.ts";
import { contentSafetySignIn } from "./content-safety-sign-in.ts";
import { counterKeyWithoutSubscription } from "./counter-key-without-subscription.ts";
import { documentTooLarge } from "./document-too-large.ts";
import { fallbackMissesOpenBreaker } from "./fallback-misses-open-breaker.ts";
import { fallbackSameAccount } from "./fallback-same-account.ts";
import { globalWithoutForwardRequest } from "./global-without-forward-request.ts";
import { inheritanceCutsOff } from "./inheritance-cuts-off.ts";
import { loggerLiteralCredentials } from "./logger-literal-credentials.ts";
import { metricsNotSent } from "./metrics-not-sent.ts";
import { openaiFormsMixed } from "./openai-forms-mixed.ts";
import { poolBreakerWithoutRetry } from "./pool-breaker-without-retry.ts";
import { poolPriorityWithoutBreaker } from "./pool-priority-without-breaker.ts";
import { poolSingleMember } from "./pool-single-member.ts";
import { productWithoutLimit } from "./product-without-limit.ts";
import { retryBeyondPool } from "./retry-beyond-pool.ts";
import { retrySameBackendAtOnce } from "./retry-same-backend-at-once.ts";
import { roleWithoutCalls } from "./role-without-calls.ts";
import { rolesWithoutToken } from "./roles-without-token.ts";
import { semanticCacheForEverybody } from "./semantic-cache-for-everybody.ts";
import { streamingUndecided } from "./streaming-undecided.ts";
import { timeoutOverLimit } from "./timeout-over-limit.ts";
import { tokenMetricDimensions } from "./token-metric-dimensions.ts";
import { workspaceNotOnTier } from "./workspace-not-on-tier.ts";
import { workspaceWithoutIdentity } from "./workspace-without-identity.ts";

/** Every rule; a new one is a file beside this and a line here. */
export const rules: readonly Rule[] = [
  accountNameDiffers,
  accountWithoutEffect,
  allowWithoutServiceUrl,
  apiVersionOnV1,
  backendUnused,
  backendUrlOtherApi,
  backendUrlTrailingSlash,
  backendUrlWithoutOpenai,
  backendWithoutAccount,
  bodyLoggingBreaksStreaming,
  breakerIgnoresRetryAfter,
  breakerWithoutWayOut,
  deploymentNeverCalled,
  deploymentNotMapped,
  cacheScoreLoose,
  contentSafetySignIn,
  counterKeyWithoutSubscription,
  documentTooLarge,
  fallbackMissesOpenBreaker,
  fallbackSameAccount,
  globalWithoutForwardRequest,
  inheritanceCutsOff,
  loggerLiteralCredentials,
  metricsNotSent,
  openaiFormsMixed,
  poolBreakerWithoutRetry,
  poolPriorityWithoutBreaker,
  poolSingleMember,
  productWithoutLimit,
  retryBeyondPool,
  retrySameBackendAtOnce,
  roleWithoutCalls,
  rolesWithoutToken,
  semanticCacheForEverybody,
  streamingUndecided,
  timeoutOverLimit,
  tokenMetricDimensions,
  workspaceNotOnTier,
  workspaceWithoutIdentity,
];
