/**
 * Facts that are made when they are asked for and not kept, because tens of thousands of objects have some. They are
 * properties of each object, so that it can be copied as any other, but one set of functions serves all of them.
 */
export class OnDemand<Source, Facts extends object> {
  private readonly source = Symbol('source');
  private readonly properties: readonly (readonly [string, PropertyDescriptor])[];
  /** The newest: who asks for one fact asks for more of the same object at once. */
  private newest: { readonly of: object; readonly facts: Facts } | null = null;

  constructor(names: readonly (keyof Facts & string)[], make: (source: Source) => Facts) {
    const factsOf = (object: object): Facts => {
      if (this.newest?.of !== object) this.newest = { of: object, facts: make(this.sourceOf(object) as Source) };
      return this.newest.facts;
    };
    this.properties = names.map((name) => {
      const get = function (this: object) {
        return factsOf(this)[name];
      };
      return [name, { enumerable: true, get }];
    });
  }

  /** What the facts of `object` are made of; undefined where they are not made on demand (a copy has its own). */
  sourceOf(object: object): Source | undefined {
    return (object as Readonly<Record<symbol, Source>>)[this.source];
  }

  /** Gives the object its facts, to be made of `source`. */
  give<T extends object>(object: T, source: Source): T & Facts {
    // Not enumerable: a copy has the facts themselves.
    Object.defineProperty(object, this.source, { value: source });
    // One by one: all at once, by defineProperties, takes twice as long (measured).
    for (const [name, property] of this.properties) Object.defineProperty(object, name, property);
    return object as T & Facts;
  }
}
