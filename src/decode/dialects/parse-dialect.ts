/** Checks dialects that users wrote, and says what is wrong in them. */
import { DECODED_KINDS } from '../../shared/decoded.ts'
import { type Dialect, JSON_TYPES } from '../../shared/dialect.ts'
import { NO_DECODER } from '../../shared/protocol/decoding.ts'
import { anyOf, choice, list, literal, map, object, path, scalar, source, text } from './checks.ts'

/** Maximum number of dialects, of rules in a dialect, and of ways to recognize it. */
const MAX_DIALECTS = 50
const MAX_RULES = 200
const MAX_RECOGNITIONS = 20
/** Maximum number of items in a list of alternatives, and of tests of a message. */
const MAX_PARTS = 20

const NAME = /^[a-z][a-z0-9.-]{0,39}$/

const texts = anyOf('a text or a list of texts', text(), list(text(), MAX_PARTS))
const direction = choice(['in', 'out'])
const types = choice(JSON_TYPES)

const test = anyOf(
  'a text, number, boolean or null, a list of them, or an object such as {"exists": true}',
  scalar,
  list(scalar, MAX_PARTS),
  object({
    exists: literal('boolean'),
    present: literal('boolean'),
    type: anyOf('a type or a list of types', types, list(types, JSON_TYPES.length)),
    startsWith: text(),
    contains: text(),
    atLeast: literal('number'),
    remembered: text(),
  }),
)
const tests = map(path, test, MAX_PARTS)
const sources = anyOf('a text, a path or a list of them', source, list(source, MAX_PARTS))
const key = anyOf('true, a text, a path or a list of them', choice([true]), source, list(source, MAX_PARTS))
const places = map(text(), path, MAX_PARTS)
const fields = map(text(), text(0), MAX_PARTS)
const ids = map(text(), anyOf('a path or a list of paths', path, list(path, MAX_PARTS)), MAX_PARTS)

const recognition = object({
  subprotocol: texts,
  transport: texts,
  host: text(),
  path: text(),
  query: fields,
  requestHeader: fields,
  responseHeader: fields,
  message: tests,
  direction,
  as: text(),
})

const rule = object(
  {
    direction,
    when: tests,
    kind: choice(DECODED_KINDS),
    name: sources,
    channel: sources,
    id: sources,
    ids,
    asks: key,
    answersTo: key,
    continues: literal('boolean'),
    value: path,
    remember: places,
    recall: places,
  },
  ['kind'],
)

const dialect = object(
  {
    name: (value, where, problems) => {
      if (typeof value !== 'string' || !NAME.test(value) || value === NO_DECODER)
        problems.push(
          `${where} has to be 1 to 40 lower-case letters, digits, dots and hyphens, not ${NO_DECODER}.`,
        )
    },
    recognize: list(recognition, MAX_RECOGNITIONS, 1),
    scope: anyOf(
      '"url", "origin" or {"header": "…"}',
      choice(['url', 'origin']),
      object({ header: text() }, ['header']),
    ),
    batch: literal('boolean'),
    separator: text(),
    text: literal('boolean'),
    ids,
    messages: list(rule, MAX_RULES, 1),
  },
  ['name', 'recognize', 'messages'],
)

export type ParsedDialect = { readonly dialect: Dialect } | { readonly problems: readonly string[] }

/** Problems are sentences that begin with the place of the mistake, such as `protocols[0].messages[2].kind`. */
export function parseDialect(value: unknown, where = 'protocol'): ParsedDialect {
  const problems: string[] = []
  dialect(value, where, problems)
  return problems.length > 0 ? { problems } : { dialect: value as Dialect }
}

export interface ParsedDialects {
  /** The valid ones. */
  readonly dialects: readonly Dialect[]
  readonly problems: readonly string[]
}

/** Checks a list of dialects. Valid ones are used even if others are not valid. */
export function parseDialects(value: unknown, where = 'protocols'): ParsedDialects {
  if (!Array.isArray(value)) return { dialects: [], problems: [`${where} has to be a list.`] }
  const parsed = value.slice(0, MAX_DIALECTS).map((each, index) => parseDialect(each, `${where}[${index}]`))
  const problems = parsed.flatMap((each) => ('problems' in each ? each.problems : []))
  if (value.length > MAX_DIALECTS) problems.push(`${where} has more than ${MAX_DIALECTS} protocols.`)
  return { dialects: parsed.flatMap((each) => ('dialect' in each ? each.dialect : [])), problems }
}

/** Checks the text of a file with a list of dialects. */
export function parseDialectFile(json: string, where: string): ParsedDialects {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (thrown) {
    return { dialects: [], problems: [`${where} is not JSON (${String(thrown)}).`] }
  }
  return parseDialects(value, where)
}
