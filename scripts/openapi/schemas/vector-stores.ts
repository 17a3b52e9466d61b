import {
  anyObject,
  choice,
  deleted,
  flag,
  integer,
  list,
  metadata,
  number,
  object,
  oneOf,
  orNull,
  page,
  ref,
  seconds,
  text,
  type Schemas,
} from "../schema.ts";

const chunking = ref("ChunkingStrategy");
const attributes = orNull(anyObject("The caller's own attributes of the file, to filter searches by."));
const expiry = ref("VectorStoreExpiry");
const fileState = choice(["in_progress", "completed", "cancelled", "failed"]);

/** Vector stores, their files, batches of files and searches. */
export const vectorStoreSchemas: Schemas = {
  VectorStoreRequest: object({
    file_ids: list(text()),
    name: text(),
    expires_after: expiry,
    chunking_strategy: chunking,
    metadata,
  }),
  VectorStoreChange: object({ name: orNull(text()), expires_after: expiry, metadata }),
  VectorStoreExpiry: object({ "anchor!": choice(["last_active_at"]), "days!": integer() }),
  ChunkingStrategy: object({
    "type!": text("`auto` or `static`."),
    static: object({ "max_chunk_size_tokens!": integer(), "chunk_overlap_tokens!": integer() }),
  }),
  FileCounts: object({
    "in_progress!": integer(),
    "completed!": integer(),
    "failed!": integer(),
    "cancelled!": integer(),
    "total!": integer(),
  }),
  VectorStore: object({
    "id!": text(),
    "object!": choice(["vector_store"]),
    "created_at!": seconds(),
    "name!": text(),
    "usage_bytes!": integer(),
    "file_counts!": ref("FileCounts"),
    "status!": choice(["expired", "in_progress", "completed"]),
    expires_after: expiry,
    expires_at: orNull(seconds()),
    "last_active_at!": orNull(seconds()),
    "metadata!": metadata,
  }),
  VectorStorePage: page("VectorStore"),
  VectorStoreDeleted: deleted("vector_store.deleted"),
  VectorStoreFileRequest: object({ "file_id!": text(), chunking_strategy: chunking }),
  VectorStoreFile: object({
    "id!": text(),
    "object!": choice(["vector_store.file"]),
    "usage_bytes!": integer(),
    "created_at!": seconds(),
    "vector_store_id!": text(),
    "status!": fileState,
    "last_error!": orNull(object({ "code!": text(), "message!": text() })),
    chunking_strategy: chunking,
    attributes,
  }),
  VectorStoreFilePage: page("VectorStoreFile"),
  VectorStoreFileDeleted: deleted("vector_store.file.deleted"),
  FileAttributesChange: object({ "attributes!": attributes }),
  VectorStoreFileContent: object({
    "object!": choice(["vector_store.file_content.page"]),
    "data!": list(object({ type: text(), text: text() })),
    "has_more!": flag(),
    "next_page!": orNull(text()),
  }),
  SearchRequest: object({
    "query!": oneOf([text(), list(text())]),
    rewrite_query: flag("Rewrite the query for vector search."),
    max_num_results: integer(undefined, { minimum: 1, maximum: 50, default: 10 }),
    filters: anyObject("Conditions on the attributes of files."),
    ranking_options: object({ ranker: text(), score_threshold: number() }),
  }),
  SearchResultPage: object({
    "object!": choice(["vector_store.search_results.page"]),
    "search_query!": list(text()),
    "data!": list(
      object({
        "file_id!": text(),
        "filename!": text(),
        "score!": number(),
        "attributes!": attributes,
        "content!": list(object({ "type!": text(), "text!": text() })),
      }),
    ),
    "has_more!": flag(),
    "next_page!": orNull(text()),
  }),
  FileBatchRequest: object({ "file_ids!": list(text()), chunking_strategy: chunking }),
  FileBatch: object({
    "id!": text(),
    "object!": choice(["vector_store.files_batch"]),
    "created_at!": seconds(),
    "vector_store_id!": text(),
    "status!": fileState,
    "file_counts!": ref("FileCounts"),
  }),
};
