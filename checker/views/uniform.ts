// Does a model say the same for every number of members? Its Program is compared at a few numbers (sizes.ts); here the
// model's own text is read, so that nothing can begin to differ at a larger one. The number may say how long an array
// is, how many copies an actor has, and what a quantifier ranges over; it may be compared with small constants and with
// counts. An index may select, be stored, and be compared for equality. All else is refused with its line.
//
//   me.lt(5)     refused: among four or five members it is always true
//   me.plus(1)   refused: the members would stand in a ring

import type { ExprNode, Model, Place, SettingValue, SourceLocation } from '../../models/language/index.js';
import type { Properties } from '../../properties/language/index.js';
import { NotUniform } from './schema.js';

type FixedSettings = { readonly [name: string]: SettingValue };
type ModelData = { readonly [key: string]: unknown };

/**
 * Throws a NotUniform with the line. `sizes`: the settings that may be any number. Programs are compared up to one more
 * member than `constantMax`, so a change at a constant up to it is seen there.
 */
export function requireUniform(
  { model, properties, settings }: { model: Model; properties: Properties; settings: FixedSettings },
  sizes: ReadonlySet<string>,
  constantMax: number,
): void {
  const reader = new ModelReader(model, settings, sizes, constantMax);
  const roots: readonly (readonly [what: string, root: unknown])[] = [
    ...Object.entries(model.state),
    ...model.actors.map((one) => [one.name, one] as const),
    ['the first state', model.initially],
    ...Object.entries(properties).filter(([, { expectation }]) => expectation !== 'lemma'),
  ];
  const each = (read: (root: unknown) => void): void => {
    for (const [what, root] of roots) {
      try {
        read(root);
      } catch (error) {
        if (!(error instanceof NotUniform)) throw error;
        throw new NotUniform(`${what}: ${error.message}`, error.at ?? model.at);
      }
    }
  };
  reader.findIndices(each);
  const domains = domainsOf(model);
  for (const [domain, place] of domains) reader.learnArrays(domain, place);
  for (const [domain, place] of domains) {
    try {
      reader.checkFirst(domain, place);
    } catch (error) {
      throw error instanceof NotUniform ? new NotUniform(error.message, model.at) : error;
    }
  }
  each((root) => reader.check(root));
}

/** The domains of the variables and of the locals. */
function domainsOf(
  model: Model,
): readonly (readonly [unknown, Pick<Place, 'name' | 'path' | 'procedure'>])[] {
  const found = Object.entries(model.state).map(([name, domain]) => [domain, { name, path: [] }] as const);
  const locals = new Map<string, readonly [unknown, Pick<Place, 'name' | 'path' | 'procedure'>]>();
  for (const one of model.actors) {
    eachData(one, (of) => {
      const { name, locals: own } = of as { readonly name?: string; readonly locals?: ModelData };
      if (name === undefined || own === undefined || !('body' in of)) return;
      for (const [local, domain] of Object.entries(own))
        locals.set(JSON.stringify([name, local]), [domain, { name: local, path: [], procedure: name }]);
    });
  }
  return [...found, ...locals.values()];
}

/** Operators of expressions whose operands are compared or calculated with. */
const calculations: ReadonlySet<unknown> = new Set(['add', 'sub', 'mul', 'div', 'mod']);
const orders: ReadonlySet<unknown> = new Set(['lt', 'le']);
const quantifiers: ReadonlySet<unknown> = new Set(['any', 'all', 'count']);
/** Statements and domains with a number of parts. */
const ranges: ReadonlySet<unknown> = new Set(['array', 'choose', 'for']);

/** Long, since all its rules ask what numbers a member, which is found by reading the whole model. */
class ModelReader {
  readonly #settings: FixedSettings;
  readonly #sizes: ReadonlySet<string>;
  readonly #constantMax: number;
  /** Actors of which there are any number. */
  readonly #families: ReadonlySet<string>;
  /** Variables of quantifiers, loops and copies that number members. */
  readonly #bound = new Set<symbol>();
  /** Places whose values number members, by text. */
  readonly #places = new Set<string>();
  /** Arrays with an element for each member, by text. */
  readonly #arrays = new Set<string>();

  constructor(model: Model, settings: FixedSettings, sizes: ReadonlySet<string>, constantMax: number) {
    this.#settings = settings;
    this.#constantMax = constantMax;
    this.#sizes = sizes;
    const many = model.actors.filter(({ copies }) => copies.op === 'setting' && sizes.has(copies.name));
    this.#families = new Set(many.map(({ name }) => name));
    for (const { copy, name } of model.actors) if (this.#families.has(name)) this.#bound.add(copy);
  }

  #isSize = (x: unknown): boolean =>
    isData(x) && x['op'] === 'setting' && this.#sizes.has(x['name'] as string);

  /** Does it range over members? */
  #isOverMembers = (of: ModelData): boolean =>
    this.#isSize(of['length']) ||
    this.#isSize(of['from']) ||
    of['length'] === 'everyone' ||
    of['everyone'] === true ||
    (typeof of['actor'] === 'string' && this.#families.has(of['actor']) && 'id' in of);

  /** Finds everything whose value is the number of a member, until there is no more. */
  findIndices(each: (read: (root: unknown) => void) => void): void {
    for (let before = -1; before !== this.#bound.size + this.#places.size; ) {
      before = this.#bound.size + this.#places.size;
      each((root) => eachData(root, (of) => this.#learn(of)));
    }
  }

  #learn(of: ModelData): void {
    if (typeof of['id'] === 'symbol' && this.#isOverMembers(of)) this.#bound.add(of['id']);
    if (of['effect'] === 'set' && this.#isIndex(of['to'])) this.#places.add(placeText(of['place'] as Place));
    const { procedure, args } = of as { procedure?: { readonly name: string }; args?: ModelData };
    if (procedure === undefined || args === undefined) return;
    for (const [local, value] of Object.entries(args)) {
      if (this.#isIndex(value))
        this.#places.add(placeText({ name: local, path: [], procedure: procedure.name }));
    }
  }

  /** May the value of an expression number a member? */
  #isIndex(x: unknown): boolean {
    if (!isData(x)) return false;
    const { op } = x as ExprNode;
    if (op === 'bound') return this.#bound.has(x['id'] as symbol);
    if (op === 'read') return this.#places.has(placeText(x['place'] as Place));
    if (op === 'if') return this.#isIndex(x['then']) || this.#isIndex(x['else']);
    if (op === 'called' || op === 'ordered') return this.#isIndex(x['x']);
    return calculations.has(op) && (this.#isIndex(x['x']) || this.#isIndex(x['y']));
  }

  check(root: unknown): void {
    eachData(root, (of, parents, at) => {
      if (this.#isSize(of)) this.#checkSize(parents, at);
      const { op } = of;
      if (orders.has(op) || calculations.has(op)) {
        if (this.#isIndex(of['x']) || this.#isIndex(of['y'])) {
          throw new NotUniform('which number a member has decides more than who it is', at);
        }
      }
      if (op === 'eq' && (this.#isIndex(of['x']) || this.#isIndex(of['y']))) {
        this.#requireMember(of['x'], 'what is compared with the number of a member', at);
        this.#requireMember(of['y'], 'what is compared with the number of a member', at);
      }
      if (of['effect'] === 'set' && this.#places.has(placeText(of['place'] as Place)))
        this.#requireMember(of['to'], `what is stored in ${(of['place'] as Place).name}`, at);
      if (isPlace(of)) this.#checkSelection(of, at);
      if ((op === 'eq' || orders.has(op)) && this.#counts(of))
        this.#requireSmall(of, 'a count of members', at);
    });
  }

  /** Where values number members, the first ones must, too. `name`: the variable, or the local. */
  checkFirst(domain: unknown, { name, path, procedure }: Pick<Place, 'name' | 'path' | 'procedure'>): void {
    const { node, initial } = domain as { node: ModelData; initial?: { values?: readonly unknown[] } };
    const place = { name, path, ...(procedure !== undefined && { procedure }) } as Place;
    for (const [field, inner] of Object.entries((node['fields'] ?? {}) as ModelData)) {
      this.checkFirst(inner, { ...place, path: [...path, field] });
    }
    if (node['element'] !== undefined) this.checkFirst(node['element'], place);
    if (!this.#places.has(placeText(place))) return;
    if (initial?.values === undefined) throw new NotUniform(`the first value of ${name} is a rule`);
    for (const value of initial.values) this.#requireMember(value, `the first value of ${name}`, undefined);
  }

  /** Remembers which arrays have an element for each member. */
  learnArrays(domain: unknown, place: Pick<Place, 'name' | 'path' | 'procedure'>): void {
    const { node } = domain as { node: ModelData };
    if (node['kind'] === 'array' && this.#isSize(node['length'])) this.#arrays.add(placeText(place as Place));
    for (const [field, inner] of Object.entries((node['fields'] ?? {}) as ModelData)) {
      this.learnArrays(inner, { ...place, path: [...place.path, field] });
    }
    if (node['element'] !== undefined) this.learnArrays(node['element'], place);
  }

  /** Elements of an array with one for each member are selected by members. */
  #checkSelection(place: Place, at: SourceLocation | undefined): void {
    for (const [i, part] of place.path.entries()) {
      if (
        typeof part === 'string' ||
        !this.#arrays.has(placeText({ ...place, path: place.path.slice(0, i) }))
      )
        continue;
      this.#requireMember(part, `what selects an element of ${place.name}`, at);
    }
  }

  /**
   * Throws a NotUniform unless the value is the number of a member, or a constant that is a member at each number of
   * members that is compared, or none at any. A larger constant, or a number from elsewhere, would be a member only
   * where there are enough of them.
   */
  #requireMember(x: unknown, what: string, at: SourceLocation | undefined): void {
    if (this.#isMember(x)) return;
    throw new NotUniform(
      `${what} may be a number that is a member only where there are enough of them: for nobody, use -1`,
      at,
    );
  }

  #isMember(x: unknown): boolean {
    if (typeof x === 'number') return x <= this.#constantMax;
    if (!isData(x)) return true;
    const { op } = x as ExprNode;
    if (op === 'const') return this.#isMember(x['value']);
    if (op === 'setting') return !this.#isSize(x) && this.#isMember(this.#settings[x['name'] as string]);
    if (op === 'if') return this.#isMember(x['then']) && this.#isMember(x['else']);
    if (op === 'called' || op === 'ordered') return this.#isMember(x['x']);
    if ('node' in x) return this.#isMember(x['node']);
    return this.#isIndex(x);
  }

  /** Does it contain the number of members, or a count of them? */
  #counts(of: unknown): boolean {
    let found = false;
    eachData(of, (inner) => {
      found ||= this.#isSize(inner) || (inner['op'] === 'count' && this.#isOverMembers(inner));
    });
    return found;
  }

  /** The constants in it, added up: a comparison cannot change at a larger number. */
  #requireSmall(of: ModelData, what: string, at: SourceLocation | undefined): void {
    let sum = 0;
    eachData(of, (inner) => {
      const value =
        inner['op'] === 'const'
          ? inner['value']
          : inner['op'] === 'setting' && !this.#isSize(inner)
            ? this.#settings[inner['name'] as string]
            : 0;
      if (typeof value === 'number') sum += Math.abs(value);
    });
    if (sum <= this.#constantMax) return;
    throw new NotUniform(`${what} is compared with constants above ${this.#constantMax}`, at);
  }

  /** Where the number of members may stand. */
  #checkSize(parents: readonly ModelData[], at: SourceLocation | undefined): void {
    const [parent] = parents;
    if (parent === undefined) return;
    if ('copies' in parent || 'forAll' in parent || quantifiers.has(parent['op'])) return;
    if (ranges.has(parent['kind']) && !('isQueue' in parent)) return;
    const outer = parents.find(({ op }) => op !== 'add' && op !== 'sub');
    if (outer !== undefined && (outer['op'] === 'eq' || orders.has(outer['op']))) return;
    throw new NotUniform('the number of members is used for more than lengths and comparisons', at);
  }
}

const isPlace = (x: ModelData): x is ModelData & Place =>
  typeof x['name'] === 'string' && Array.isArray(x['path']);
const isData = (x: unknown): x is ModelData => typeof x === 'object' && x !== null;

/** A place without its indices. */
const placeText = ({ name, path, procedure, each }: Place): string =>
  JSON.stringify([procedure, each?.family.name, name, path.filter((part) => typeof part === 'string')]);

/** Visits all data from outside in, with what is around each, the innermost first, and the nearest line. */
function eachData(
  root: unknown,
  visit: (of: ModelData, parents: readonly ModelData[], at: SourceLocation | undefined) => void,
): void {
  const seen = new Set<object>();
  const go = (x: unknown, parents: readonly ModelData[], at: SourceLocation | undefined): void => {
    if (typeof x === 'function') bodyOf(x, parents, at, go);
    if (!isData(x)) return;
    // Statements and procedures may be shared; expressions are small, and what is around them matters.
    if (!('op' in x)) {
      if (seen.has(x)) return;
      seen.add(x);
    }
    const here = isData(x['at']) ? (x['at'] as unknown as SourceLocation) : at;
    if (!Array.isArray(x)) visit(x, parents, here);
    const inner = Array.isArray(x) ? parents : [x, ...parents];
    for (const [key, part] of Object.entries(x)) if (!ignored.has(key)) go(part, inner, here);
  };
  go(root, [], undefined);
}

/** What has no meaning for a Program, and what is looked at where it is used. */
const ignored: ReadonlySet<string> = new Set(['at', 'caption', 'about', 'unsaid', 'pool', 'group']);

/** The body of a procedure is built; of any other function it is not known what it says. */
function bodyOf(
  x: unknown,
  parents: readonly ModelData[],
  at: SourceLocation | undefined,
  go: (x: unknown, parents: readonly ModelData[], at: SourceLocation | undefined) => void,
): void {
  const [parent] = parents;
  if (parent !== undefined && parent['body'] === x && 'locals' in parent) {
    go((x as () => unknown)(), parents, at);
    return;
  }
  throw new NotUniform(
    'a rule that is a function of places or indices (a latch, startsAs, an object) is not read',
    at,
  );
}
