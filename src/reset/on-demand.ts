/**
 * Facts that are made when they are asked for and not kept, because tens of thousands of objects have some. They are
 * properties of each object, so that it can be copied as any other, but one set of functions serves all of them.
 */
export class OnDemand<Source, Facts extends object> {
  private readonly source = Symbol('source');
  private readonly properties: PropertyDescriptorMap = {};
  /** The newest: who asks for one fact asks for more of the same object at once. */
  private newest: { readonly of: object; readonly facts: Facts } | null = null;

  constructor(names: readonly (keyof Facts & string)[], make: (source: Source) => Facts) {
    const factsOf = (object: object): Facts => {
      if (this.newest?.of !== object) this.newest = { of: object, facts: make(this.sourceOf(object) as Source) };
      return this.newest.facts;
    };
    for (const name of names) {
      this.properties[name] = {
        enumerable: true,
        get(this: object) {
          return factsOf(this)[name];
        },
      };
    }
  }

  /** What the facts of `object` are made of; undefined where they are not made on demand (a copy has its own). */
  sourceOf(object: object): Source | undefined {
    return (object as Readonly<Record<symbol, Source>>)[this.source];
  }

  /** Gives the object its facts, to be made of `source`. */
  give<T extends object>(object: T, source: Source): T & Facts {
    // Not enumerable: a copy has the facts themselves.
    Object.defineProperty(object, this.source, { value: source });
    return Object.defineProperties(object, this.properties) as T & Facts;
  }
}
