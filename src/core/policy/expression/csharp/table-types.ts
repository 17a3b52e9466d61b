/** All members of a type, or those that may be used; `.ctor` stands for the constructors. */
export type TypeMembers = "all" | readonly string[];

/** A type that is reached from `context`: members with the C# name of their type; methods as `() => type`. */
export type ExpressionInterface = {
  readonly extends?: string;
  /** It may have members that are not known: nothing is said about unknown ones. */
  readonly isOpen?: true;
  readonly members: Readonly<Record<string, string>>;
};
