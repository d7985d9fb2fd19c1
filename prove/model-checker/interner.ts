/** A value and the number that identifies all equal values. */
export interface Interned<Value> {
  readonly id: number;
  readonly value: Value;
}

/** Keeps one copy of equal values. */
export class Interner<Value> {
  private readonly known = new Map<string, Interned<Value>>();
  /** Of values that are objects: their key is long. */
  private readonly ofObjects = new WeakMap<object, Interned<Value>>();

  constructor(private readonly keyOf: (value: Value) => string) {}

  intern(value: Value): Interned<Value> {
    if (typeof value !== "object" || value === null) return this.byKey(value);
    const interned = this.ofObjects.get(value) ?? this.byKey(value);
    this.ofObjects.set(value, interned);
    return interned;
  }

  private byKey(value: Value): Interned<Value> {
    const key = this.keyOf(value);
    const found = this.known.get(key);
    if (found) return found;
    const interned = { id: this.known.size, value };
    this.known.set(key, interned);
    return interned;
  }
}
