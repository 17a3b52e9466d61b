import {
  fileFilter,
  json,
  paging,
  type Operation,
  type OperationGroup,
  type Parameter,
} from "../operation.ts";

type Row = readonly [
  method: Operation["method"],
  path: string,
  id: string,
  summary: string,
  answer: string,
  request?: string,
];

const stores = "/vector_stores";
const store = `${stores}/{vector_store_id}`;
const file = `${store}/files/{file_id}`;
const batch = `${store}/file_batches/{batch_id}`;

// prettier-ignore
const rows: readonly Row[] = [
  ["get", stores, "List_Vector_Stores", "List vector stores", "VectorStorePage"],
  ["post", stores, "Create_Vector_Store", "Create a vector store", "VectorStore", "VectorStoreRequest"],
  ["get", store, "Get_Vector_Store", "Get a vector store", "VectorStore"],
  ["post", store, "Modify_Vector_Store", "Change a vector store", "VectorStore", "VectorStoreChange"],
  ["delete", store, "Delete_Vector_Store", "Delete a vector store", "VectorStoreDeleted"],
  ["get", `${store}/files`, "List_Vector_Store_Files", "List the files of a vector store", "VectorStoreFilePage"],
  ["post", `${store}/files`, "Create_Vector_Store_File", "Add a file to a vector store", "VectorStoreFile", "VectorStoreFileRequest"],
  ["get", file, "Get_Vector_Store_File", "Get a file of a vector store", "VectorStoreFile"],
  ["delete", file, "Delete_Vector_Store_File", "Take a file out of a vector store", "VectorStoreFileDeleted"],
  ["post", file, "Update_Vector_Store_File_Attributes", "Change the attributes of a file", "VectorStoreFile", "FileAttributesChange"],
  ["get", `${file}/content`, "Retrieve_Vector_Store_File_Content", "Read the parsed text of a file", "VectorStoreFileContent"],
  ["post", `${store}/search`, "Search_Vector_Store", "Search a vector store", "SearchResultPage", "SearchRequest"],
  ["post", `${store}/file_batches`, "Create_Vector_Store_File_Batch", "Add several files to a vector store", "FileBatch", "FileBatchRequest"],
  ["get", batch, "Get_Vector_Store_File_Batch", "Get a batch of files", "FileBatch"],
  ["post", `${batch}/cancel`, "Cancel_Vector_Store_File_Batch", "Cancel a batch of files", "FileBatch"],
  ["get", `${batch}/files`, "List_Vector_Store_File_Batch_Files", "List the files of a batch", "VectorStoreFilePage"],
];

/** These came later, and the service's own description gives them no api-version. */
const withoutApiVersion: ReadonlySet<string> = new Set([
  "Update_Vector_Store_File_Attributes",
  "Retrieve_Vector_Store_File_Content",
  "Search_Vector_Store",
]);

const lists: Readonly<Record<string, readonly Parameter[]>> = {
  List_Vector_Stores: paging,
  List_Vector_Store_Files: [...paging, fileFilter],
  List_Vector_Store_File_Batch_Files: [...paging, fileFilter],
};

/** Vector stores, their files and batches of files. */
export function vectorStoreOperations(apiVersion: Parameter): OperationGroup {
  return {
    tag: "Vector Stores",
    operations: rows.map(([method, path, id, summary, answer, request]) => ({
      method,
      path,
      id,
      summary,
      parameters: [...(lists[id] ?? []), ...(withoutApiVersion.has(id) ? [] : [apiVersion])],
      ...(request === undefined ? {} : { body: json(request) }),
      answers: { "200": { description: "Done.", content: json(answer) } },
    })),
  };
}
