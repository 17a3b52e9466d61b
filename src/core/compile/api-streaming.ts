/** `streaming` of an API: what its chat, completions and responses operations do unless they say otherwise. */
import { findOperation } from "../openapi/find-operation.ts";
import { canAnswerInEvents } from "../openapi/event-streams.ts";
import type { Problem } from "../problem.ts";
import type { ApiSpec, OperationSpec } from "../spec/schema.ts";
import { pointer } from "../spec/source.ts";
import type { CompileContext } from "./compile.ts";

/** The operation with the API's `streaming` in it, where that is meant for it. Hand-written backend sections decide for themselves. */
export function withApiStreaming(
  context: Pick<CompileContext, "openApi">,
  apiId: string,
  api: ApiSpec,
  [id, operation]: readonly [string, OperationSpec],
): OperationSpec {
  const { streaming, policies } = operation;
  const isDecided =
    streaming !== undefined || policies?.backend !== undefined || policies?.document !== undefined;
  if (api.streaming !== true || isDecided || !isMeant(context, apiId, id)) return operation;
  return { ...operation, streaming: true };
}

function isMeant({ openApi }: Pick<CompileContext, "openApi">, api: string, operation: string): boolean {
  const document = openApi.get(api);
  const found = document && findOperation(document, operation);
  return found !== undefined && canAnswerInEvents(found);
}

/** Where the URL templates are not known, or none of them fits, the key would do nothing. */
export function checkApiStreaming(context: CompileContext, id: string, api: ApiSpec): Problem[] {
  const operations = Object.keys(api.operations ?? {});
  const isUnread = api.openapi !== undefined && !context.openApi.has(id);
  if (api.streaming !== true || isUnread || operations.some((each) => isMeant(context, id, each))) return [];
  const why =
    api.openapi === undefined
      ? "the API has no `openapi`, so the URL templates of its operations are not known"
      : "by their URL templates, none of its listed operations is for chat, completions or responses";
  return [
    {
      rule: "streaming-without-effect",
      severity: "error",
      message: `\`streaming: true\` of the API does nothing: ${why}`,
      at: context.source.locateKey(pointer("apis", id, "streaming")),
      help: "give `streaming: true` to the operations that it is meant for",
    },
  ];
}
