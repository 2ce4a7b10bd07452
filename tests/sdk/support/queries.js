// The behavior of every query helper of every SDK on a list of keys: the keys that it returns, or a refusal.

/** The keys of the list, besides the manager's, in creation order. */
export const KEYS = [
  { keyId: 'alpha', name: 'Alpha Reader', scopes: ['rows.read'], expire: '2090-01-01T00:00:00.000+00:00' },
  { keyId: 'beta', name: 'Beta Writer', scopes: ['rows.read', 'rows.write'], expire: '2091-01-01T00:00:00.000+00:00' },
  { keyId: 'gamma', name: 'gamma reader', scopes: ['files.read'] },
  { keyId: 'delta', name: 'Délta & 50% + "more"', scopes: [], expire: '2092-01-01T00:00:00.000+00:00' },
];

/** A call of a helper, for the adapter. */
export const query = (...call) => ({ query: call });

const holds = (key, ...scopes) => scopes.some((scope) => key.scopes.includes(scope));
const finds = (key, text) => key.name.toLowerCase().includes(text.toLowerCase());
const begins = (key, text) => key.name.toLowerCase().startsWith(text);
const ends = (key, text) => key.name.toLowerCase().endsWith(text);
/** Dates in the same format compare as texts; "never" is not a date. */
const dated = (key, test) => key.expire !== '' && test(key.expire);
const [FIRST, SECOND] = ['2090-06-01T00:00:00.000+00:00', '2091-06-01T00:00:00.000+00:00'];
const middle = (keys) => keys[2];

const byName = (a, b) => {
  const [left, right] = [a.name.toLowerCase(), b.name.toLowerCase()];
  return left < right ? -1 : left > right ? 1 : 0;
};

/**
 * The calls of each helper: `args` from the keys of the full list, and either the keys that it `picks`, or the full list `cut` and ordered.
 * `anyOrder` compares without order.
 */
export const ANSWERED = {
  equal: [
    { args: () => ['name', 'Beta Writer'], picks: (key) => key.name === 'Beta Writer' },
    { args: () => ['name', ['Beta Writer', 'gamma reader']], picks: (key) => ['Beta Writer', 'gamma reader'].includes(key.name) },
    { args: () => ['name', KEYS[3].name], picks: (key) => key.name === KEYS[3].name },
    { args: () => ['$id', 'alpha'], picks: (key) => key.$id === 'alpha' },
    { args: () => ['expire', KEYS[1].expire], picks: (key) => key.expire === KEYS[1].expire },
  ],
  notEqual: [{ args: () => ['name', 'Beta Writer'], picks: (key) => key.name !== 'Beta Writer' }],
  lessThan: [{ args: () => ['expire', FIRST], picks: (key) => dated(key, (date) => date < FIRST) }],
  lessThanEqual: [{ args: () => ['expire', KEYS[1].expire], picks: (key) => dated(key, (date) => date <= KEYS[1].expire) }],
  greaterThan: [{ args: () => ['expire', FIRST], picks: (key) => dated(key, (date) => date > FIRST) }],
  greaterThanEqual: [{ args: () => ['expire', KEYS[1].expire], picks: (key) => dated(key, (date) => date >= KEYS[1].expire) }],
  isNull: [{ args: () => ['expire'], picks: (key) => key.expire === '' }],
  isNotNull: [{ args: () => ['expire'], picks: (key) => key.expire !== '' }],
  exists: [{ args: () => [['name', 'expire']], picks: () => true }],
  notExists: [{ args: () => [['name']], picks: () => false }],
  between: [{ args: () => ['expire', FIRST, SECOND], picks: (key) => dated(key, (date) => date >= FIRST && date <= SECOND) }],
  notBetween: [{ args: () => ['expire', FIRST, SECOND], picks: (key) => dated(key, (date) => date < FIRST || date > SECOND) }],
  startsWith: [{ args: () => ['name', 'Alpha'], picks: (key) => begins(key, 'alpha') }],
  notStartsWith: [{ args: () => ['name', 'Alpha'], picks: (key) => !begins(key, 'alpha') }],
  endsWith: [{ args: () => ['name', 'reader'], picks: (key) => ends(key, 'reader') }],
  notEndsWith: [{ args: () => ['name', 'reader'], picks: (key) => !ends(key, 'reader') }],
  search: [{ args: () => ['name', 'writer'], picks: (key) => finds(key, 'writer') }],
  notSearch: [{ args: () => ['name', 'writer'], picks: (key) => !finds(key, 'writer') }],
  contains: [
    { args: () => ['name', 'READER'], picks: (key) => finds(key, 'reader') },
    { args: () => ['name', ' & 50% + "'], picks: (key) => finds(key, ' & 50% + "') },
    { args: () => ['scopes', ['rows.read', 'files.read']], picks: (key) => holds(key, 'rows.read', 'files.read') },
  ],
  containsAny: [{ args: () => ['scopes', ['rows.write', 'files.read']], picks: (key) => holds(key, 'rows.write', 'files.read') }],
  containsAll: [
    { args: () => ['scopes', ['rows.read', 'rows.write']], picks: (key) => holds(key, 'rows.read') && holds(key, 'rows.write') },
  ],
  notContains: [{ args: () => ['scopes', ['rows.read']], picks: (key) => !holds(key, 'rows.read') }],
  createdBefore: [{ args: (keys) => [middle(keys).$createdAt], picks: (key, keys) => key.$createdAt < middle(keys).$createdAt }],
  createdAfter: [{ args: (keys) => [middle(keys).$createdAt], picks: (key, keys) => key.$createdAt > middle(keys).$createdAt }],
  createdBetween: [
    {
      args: (keys) => [keys[1].$createdAt, keys[3].$createdAt],
      picks: (key, keys) => key.$createdAt >= keys[1].$createdAt && key.$createdAt <= keys[3].$createdAt,
    },
  ],
  updatedBefore: [{ args: (keys) => [middle(keys).$updatedAt], picks: (key, keys) => key.$updatedAt < middle(keys).$updatedAt }],
  updatedAfter: [{ args: (keys) => [middle(keys).$updatedAt], picks: (key, keys) => key.$updatedAt > middle(keys).$updatedAt }],
  updatedBetween: [
    {
      args: (keys) => [keys[1].$updatedAt, keys[3].$updatedAt],
      picks: (key, keys) => key.$updatedAt >= keys[1].$updatedAt && key.$updatedAt <= keys[3].$updatedAt,
    },
  ],
  or: [
    {
      args: () => [[query('equal', 'name', 'Beta Writer'), query('isNull', 'expire')]],
      picks: (key) => key.name === 'Beta Writer' || key.expire === '',
    },
  ],
  and: [
    {
      args: () => [[query('endsWith', 'name', 'reader'), query('isNotNull', 'expire')]],
      picks: (key) => ends(key, 'reader') && key.expire !== '',
    },
  ],
  orderAsc: [{ args: () => ['name'], cut: (keys) => [...keys].sort(byName) }],
  orderDesc: [{ args: () => ['name'], cut: (keys) => [...keys].sort(byName).reverse() }],
  orderRandom: [{ args: () => [], cut: (keys) => keys, anyOrder: true }],
  limit: [{ args: () => [2], cut: (keys) => keys.slice(0, 2) }],
  offset: [{ args: () => [3], cut: (keys) => keys.slice(3) }],
  cursorAfter: [{ args: (keys) => [keys[1].$id], cut: (keys) => keys.slice(2) }],
  cursorBefore: [{ args: (keys) => [keys[3].$id], cut: (keys) => keys.slice(0, 3) }],
  page: [{ args: () => [2, 2], cut: (keys) => keys.slice(2, 4) }],
  builder: [
    {
      args: () => [[['startsWith', 'name', 'a'], ['orderDesc', '$createdAt'], ['limit', 1]]],
      cut: (keys) => keys.filter((key) => begins(key, 'a')),
    },
  ],
};

const point = [10.5, 20.5];
const shape = [[0, 0], [0, 1], [1, 1], [0, 0]];
const spatial = ['intersects', 'crosses', 'overlaps', 'touches', 'covers', 'spatialEquals'];
const notSpatial = spatial.map((name) => `not${name[0].toUpperCase()}${name.slice(1)}`);
const distance = ['distanceEqual', 'distanceNotEqual', 'distanceGreaterThan', 'distanceLessThan'];
const summary = ['countDistinct', 'sum', 'avg', 'min', 'max', 'stddev', 'stddevPop', 'stddevSamp', 'variance', 'varPop', 'varSamp', 'bitAnd', 'bitOr', 'bitXor'];
const join = ['join', 'leftJoin', 'rightJoin', 'fullOuterJoin'];
const each = (names, args) => names.map((name) => [name, args]);

/** For each helper, the arguments of a call that is valid for rows but not for keys. */
export const REFUSED = Object.fromEntries([
  ['regex', ['name', '^A']],
  ['select', [['name', 'expire']]],
  ['elemMatch', ['scopes', [query('equal', 'name', 'x')]]],
  ['relationship', ['owner', [query('equal', 'name', 'x')]]],
  ...each(distance, ['name', point, 5]),
  ...each(['vectorDot', 'vectorCosine', 'vectorEuclidean'], ['name', [0.5, 0.5]]),
  ...each([...spatial, ...notSpatial], ['name', shape]),
  ['count', ['name', 'how_many']],
  ...each(summary, ['name', 'result']),
  ['groupBy', [['name']]],
  ['having', [[query('equal', 'name', 'x')]]],
  ['distinct', []],
  ['on', ['a', 'b']],
  ...each(join, ['users', '$id', 'owner', '=', 'u']),
  ['crossJoin', ['users', 'u']],
  ...each(join.map((name) => `${name}On`), ['users', 'u', [query('equal', 'name', 'x')]]),
]);

/** The ids that a call must return. */
export function expectedIds({ picks, cut }, keys) {
  return (cut ? cut(keys) : keys.filter((key) => picks(key, keys))).map((key) => key.$id);
}
