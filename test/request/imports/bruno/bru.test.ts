/** The parser of `.bru` files, compared with Bruno's own. */
import assert from 'node:assert/strict'
import { bruToEnvJsonV2, bruToJsonV2, envJsonToBruV2, jsonToBruV2 } from '@usebruno/lang'
import { type BruPair, parseBru } from '../../../../src/request/imports/bruno/bru.ts'
import { Failure } from '../../../../src/shared/failure.ts'
import { assertLinear } from '../../../support/linear.ts'
import { seededRandom } from '../../../support/splits.ts'
import { fixtures } from '../fixtures.ts'

type Random = () => number

function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[Math.floor(random() * items.length)] ?? assert.fail('nothing to pick')
}

const WORDS = ['room', 'a-b', 'X-Client', 'seq_1', 'a.b', 'two words', 'a:b', '"quoted"', '{{host}}']
const VALUES = ['1', 'a b', 'http://h:1/?a=b', '{{token}}', '', 'x: y', '~', '[1]', '"q"', 'é', '}', '{ a }']
const TEXTS = [
  '{\n  "a": "{{b}}"\n}',
  'one',
  'a\n\n  b',
  '# no comment',
  '} {',
  '{\n}',
  'name: value\n  ~x: y',
]

function pairs(random: Random): { name: string; value: string; enabled: boolean }[] {
  const names = new Set(Array.from({ length: Math.floor(random() * 5) }, () => pick(random, WORDS)))
  return [...names].map((name) => ({ name, value: pick(random, VALUES), enabled: random() < 0.7 }))
}

/** A request as Bruno keeps it. */
function request(random: Random) {
  return {
    meta: { name: pick(random, VALUES) || 'x', type: 'ws', seq: 1 },
    ws: { url: `ws://h/${pick(random, ['', '?a=1', ':room'])}`, body: 'ws', auth: 'basic' },
    headers: pairs(random),
    params: pairs(random).map((pair) => ({ ...pair, type: pick(random, ['query', 'path']) })),
    auth: { basic: { username: pick(random, VALUES), password: pick(random, VALUES) } },
    body: {
      json: pick(random, TEXTS),
      ws: Array.from({ length: Math.floor(random() * 3) }, () => ({
        name: pick(random, WORDS),
        type: 'text',
        content: pick(random, TEXTS),
      })),
    },
    docs: pick(random, TEXTS),
  }
}

function enabledOrNot(list: readonly BruPair[]) {
  return list.map(({ name, value, isDisabled }) => ({ name, value, enabled: !isDisabled }))
}

/** What we read, in the shape that Bruno reads. */
function read(text: string) {
  const blocks = parseBru(text)
  const of = (name: string) => blocks.filter((block) => block.name === name)
  const pairsOf = (name: string) => of(name).flatMap((block) => enabledOrNot(block.pairs))
  const fields = (list: readonly BruPair[]) =>
    Object.fromEntries(list.map(({ name, value }) => [name, value]))
  return {
    headers: pairsOf('headers'),
    query: pairsOf('params:query'),
    path: pairsOf('params:path'),
    auth: fields(of('auth:basic').flatMap((block) => block.pairs)),
    json: of('body:json').map((block) => block.text),
    docs: of('docs').map((block) => block.text),
    messages: of('body:ws').map((block) => fields(block.pairs)),
  }
}

/** What Bruno reads. */
function oracle(text: string): ReturnType<typeof read> {
  const json = bruToJsonV2(text)
  const plain = (list: readonly { name: string; value: string; enabled: boolean }[] = []) =>
    list.map(({ name, value, enabled }) => ({ name, value, enabled }))
  const params: readonly { name: string; value: string; enabled: boolean; type: string }[] = json.params ?? []
  return {
    headers: plain(json.headers),
    query: plain(params.filter(({ type }) => type === 'query')),
    path: plain(params.filter(({ type }) => type === 'path')),
    auth: json.auth?.basic ?? {},
    json: json.body?.json === undefined ? [] : [json.body.json],
    docs: json.docs === undefined ? [] : [json.docs],
    messages: (json.body?.ws ?? []).map(({ selected: _, ...message }: Record<string, unknown>) => message),
  }
}

describe('the parser of .bru files', () => {
  it('reads what Bruno writes as Bruno reads it', () => {
    let compared = 0
    for (let seed = 1; seed <= 150; seed++) {
      const text = jsonToBruV2(request(seededRandom(seed)))
      let expected: ReturnType<typeof read>
      try {
        expected = oracle(text)
      } catch {
        // Some of what Bruno writes it cannot read.
        continue
      }
      assert.deepEqual(read(text), expected, `seed ${seed}\n${text}`)
      compared++
    }
    assert.ok(compared > 75, `${compared} compared`)
  })

  it('reads environments as Bruno reads them', () => {
    const variables = [
      { name: 'host', value: '127.0.0.1:1', enabled: true, secret: false },
      { name: 'off', value: 'x', enabled: false, secret: false },
      { name: 'key', value: '-----BEGIN KEY-----\nabc\n-----END KEY-----', enabled: true, secret: false },
      { name: 'token', value: '', enabled: true, secret: true },
      { name: 'other', value: '', enabled: true, secret: true },
    ]
    const text = envJsonToBruV2({ variables })
    const own: { name: string; value: string; enabled: boolean }[] = bruToEnvJsonV2(text).variables
    const [vars, secrets] = parseBru(text)
    assert.deepEqual(
      [
        ...enabledOrNot(vars?.pairs ?? []),
        ...(secrets?.items ?? []).map((name) => ({ name, value: '', enabled: true })),
      ],
      own.map(({ name, value, enabled }) => ({ name, value, enabled })),
    )
  })

  it('skips annotations, and reads lists and lines that end with CRLF', () => {
    const text = `meta {
  name: A
  tags: [
    smoke
    slow
  ]
}

headers {
  @description('says who')
  X-Client: a
  @description('''
    of several
    lines: here
  ''')
  ~"X: Y": b
}
`
    for (const each of [text, text.replaceAll('\n', '\r\n')])
      assert.deepEqual(
        parseBru(each).map(({ pairs: list }) =>
          list.map(({ name, value, isDisabled }) => [name, value, isDisabled]),
        ),
        [
          [
            ['name', 'A', false],
            ['tags', 'smoke, slow', false],
          ],
          [
            ['X-Client', 'a', false],
            ['X: Y', 'b', true],
          ],
        ],
      )
  })

  it('says in which line a file is wrong', () => {
    assert.throws(() => parseBru('meta {\n  name: A\n}\nwhat is this', 'a.bru'), {
      name: 'Failure',
      code: 'BAD_FILE',
      message:
        "a.bru is not valid in Bruno's language: in line 4, a block such as meta { … } was expected. Correct it or save it again.",
    })
  })

  it('reads every beginning of a file, or says what is wrong', () => {
    for (const { text } of fixtures('bruno/bru'))
      for (let end = 0; end < text.length; end++)
        try {
          parseBru(text.slice(0, end))
        } catch (thrown) {
          assert.ok(thrown instanceof Failure, String(thrown))
        }
  })

  it('takes time in proportion to the text', () => {
    const attempt = (text: string) => {
      try {
        parseBru(text)
      } catch (thrown) {
        assert.ok(thrown instanceof Failure, String(thrown))
      }
    }
    const texts: Readonly<Record<string, string>> = {
      pairs: '  name: value\n',
      quotes: "  a: '''\n",
      items: '  a: [\n',
      backslashes: '\\"',
      'open braces': '{ ',
      spaces: ' ',
      annotations: '  @a\n',
    }
    for (const [what, part] of Object.entries(texts))
      for (const head of ['headers {\n', 'vars:secret [\n', 'headers {\n  "'])
        assertLinear(
          `${what} in ${head.trim()}`,
          (size) => head + part.repeat(size / part.length),
          attempt,
          128 * 1024,
        )
  })
})
