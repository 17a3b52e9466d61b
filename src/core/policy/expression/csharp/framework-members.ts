/** All members of the few .NET types whose every member is known here, extension methods included. */
const linq =
  "Aggregate All Any Append AsEnumerable Average Cast Concat Contains Count DefaultIfEmpty Distinct ElementAt ElementAtOrDefault Except First FirstOrDefault GroupBy GroupJoin Intersect Join Last LastOrDefault LongCount Max Min OfType OrderBy OrderByDescending Prepend Reverse Select SelectMany SequenceEqual Single SingleOrDefault Skip SkipLast SkipWhile Sum Take TakeLast TakeWhile ToArray ToDictionary ToHashSet ToList ToLookup Union Where Zip AsQueryable AsParallel Chunk DistinctBy MaxBy MinBy ExceptBy IntersectBy UnionBy";
const ofObject = "Equals GetHashCode GetType ToString";
const ofDictionary =
  "Comparer ContainsKey ContainsValue Count GetEnumerator Item Keys TryGetValue Values GetValueOrDefault ToFormUrlEncodedContent ToQueryString";
const ofString =
  "Chars Clone CompareTo Contains CopyTo EndsWith GetEnumerator GetTypeCode IndexOf IndexOfAny Insert IsNormalized LastIndexOf LastIndexOfAny Length Normalize PadLeft PadRight Remove Replace ReplaceLineEndings Split StartsWith Substring ToCharArray ToLower ToLowerInvariant ToUpper ToUpperInvariant Trim TrimEnd TrimStart TryCopyTo AsSpan AsMemory AsBasic AsJwt TryParseBasic TryParseJwt";

const dictionaryMembers = new Set(`${linq} ${ofObject} ${ofDictionary}`.split(" "));
const stringMembers = new Set(`${linq} ${ofObject} ${ofString}`.split(" "));
const objectMembers = new Set(ofObject.split(" "));

/** Members of a type that are all known; undefined for every other type. */
export function frameworkMembers(type: string): ReadonlySet<string> | undefined {
  if (type === "string") return stringMembers;
  if (type === "object") return objectMembers;
  return type.startsWith("System.Collections.Generic.IReadOnlyDictionary<") ? dictionaryMembers : undefined;
}
