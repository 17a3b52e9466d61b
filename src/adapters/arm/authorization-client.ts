/** The official client of Azure's role assignments, with the same pipeline. Loaded with the first request about roles. */
import { AuthorizationManagementClient } from "@azure/arm-authorization";
import { clientSettings, preparePipeline, type PipelineOptions } from "./pipeline.ts";

export function createAuthorizationClient(options: PipelineOptions): AuthorizationManagementClient {
  const { credential, subscriptionId } = options;
  const client = new AuthorizationManagementClient(credential, subscriptionId, clientSettings(options));
  preparePipeline(client.pipeline, options);
  return client;
}
