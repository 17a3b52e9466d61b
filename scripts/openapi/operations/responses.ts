import {
  after,
  before,
  json,
  limit,
  order,
  query,
  type Answer,
  type OperationGroup,
  type Parameter,
} from "../operation.ts";
import { integer, list, ref } from "../schema.ts";

const failed: Answer = { description: "The call failed.", content: json("ErrorAnswer"), requestId: true };

/** The Responses API as 2025-03-01-preview has it: of its operations only the first names an api-version. */
export function responseOperations(apiVersion: Parameter): OperationGroup {
  const path = "/responses/{response_id}";
  return {
    tag: "Responses",
    operations: [
      {
        method: "post",
        path: "/responses",
        id: "Create_Response",
        summary: "Make a response",
        parameters: [apiVersion],
        body: json("ResponseRequest"),
        answers: {
          "200": {
            description: "The response, whole or as events.",
            content: { ...json("Response"), "text/event-stream": ref("ResponseEvent") },
          },
          default: failed,
        },
      },
      {
        method: "get",
        path,
        id: "Get_Response",
        summary: "Get a response",
        parameters: [query("include", list(ref("ResponseInclude")), "More to be put into the answer.")],
        answers: { "200": { description: "The response.", content: json("Response") }, default: failed },
      },
      {
        method: "delete",
        path,
        id: "Delete_Response",
        summary: "Delete a response",
        answers: {
          "200": { description: "Deleted." },
          "404": { description: "There is no such response.", content: json("ErrorDetails") },
          default: failed,
        },
      },
      {
        method: "get",
        path: `${path}/input_items`,
        id: "Get_Input_Items",
        summary: "List the input items of a response",
        parameters: [limit(integer(undefined, { default: 20 })), order(), after, before],
        answers: { "200": { description: "A page of input items.", content: json("ResponseItemPage") } },
      },
    ],
  };
}
