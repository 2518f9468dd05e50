import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { decodersWith } from '../../../src/decode/decoders.ts'
import { parseDialect, parseDialectFile, parseDialects } from '../../../src/decode/dialects/parse-dialect.ts'
import { FUNCTION_NAMES } from '../../../src/decode/dialects/path.ts'
import { DIALECTS } from '../../../src/decode/dialects/table.ts'
import { SessionDecoder } from '../../../src/decode/session-decoder.ts'
import { DECODED_KINDS } from '../../../src/shared/decoded.ts'
import { JSON_TYPES } from '../../../src/shared/dialect.ts'

const ROOT = resolve(import.meta.dirname, '../../..')
const GUIDE = readFileSync(join(ROOT, 'docs/protocols.md'), 'utf8')
const EXAMPLES = [...GUIDE.matchAll(/```json\n(.*?)```/gs)].map(([, json = '']) => json)

const SMALL = { name: 'acme', recognize: [{ host: 'acme.example' }], messages: [{ kind: 'event' }] }

const problemsOf = (value: unknown) => {
  const parsed = parseDialect(value)
  return 'problems' in parsed ? parsed.problems : []
}

describe('a dialect that a user wrote', () => {
  it('may have all that the built-in ones have', () => {
    for (const dialect of DIALECTS) assert.deepEqual(problemsOf(JSON.parse(JSON.stringify(dialect))), [])
    assert.deepEqual(problemsOf(SMALL), [])
  })

  for (const [change, problem] of [
    [{ name: 'Acme' }, /^protocol\.name has to be 1 to 40 lower-case letters, digits, dots and hyphens/],
    [{ name: 'none' }, /^protocol\.name has to be /],
    [{ recognize: [] }, /^protocol\.recognize must not be empty\.$/],
    [{ recognize: undefined, messages: 1 }, /^protocol\.recognize has to be a list\.$/],
    [{ recognise: [] }, /^protocol has no recognise; it can have name, recognize, scope, /],
    [{ messages: [{ kind: 'evnt' }] }, /^protocol\.messages\[0\]\.kind has to be one of "handshake", /],
    [{ messages: [{}] }, /^protocol\.messages\[0\] needs kind\.$/],
    [
      { messages: [{ kind: 'event', value: '$.a[' }] },
      /messages\[0\]\.value is not a path: A path cannot continue with \[\.$/,
    ],
    [{ messages: [{ kind: 'event', value: 'a' }] }, /\.value is not a path: A path begins with \$/],
    [
      { messages: [{ kind: 'event', name: '$.a.eval()' }] },
      /messages\[0\]\.name .*The function eval\(\) does not exist; use one of /,
    ],
    [
      { messages: [{ kind: 'event', value: `$${'.a'.repeat(200)}` }] },
      /A path has at most 200 characters\.$/,
    ],
    [{ messages: [{ kind: 'event', value: `$${'.a'.repeat(17)}` }] }, /A path has at most 16 steps\.$/],
    [
      { messages: [{ kind: 'event', when: { '$.a': { matches: 'x' } } }] },
      /\['\$\.a'\] has no matches; it can have exists, /,
    ],
    [{ messages: [{ kind: 'event', when: { '$.a': { exists: 1 } } }] }, /\.exists has to be a boolean\.$/],
    [{ messages: Array(201).fill({ kind: 'event' }) }, /^protocol\.messages has more than 200 items\.$/],
    [
      { messages: [{ kind: 'event', name: 'x'.repeat(201) }] },
      /^protocol\.messages\[0\]\.name has more than 200 characters\.$/,
    ],
    [{ scope: 'host' }, /^protocol\.scope has to be "url", "origin" or \{"header": "…"\}\.$/],
    [{ batch: 'yes' }, /^protocol\.batch has to be a boolean\.$/],
  ] as const)
    it(`is refused with a sentence: ${problem.source}`, () => {
      const problems = problemsOf({ ...SMALL, ...change })
      assert.match(problems[0] ?? '', problem)
      for (const each of problems) assert.match(each, /\.$/)
    })

  it('does not keep the others from being used', () => {
    const { dialects, problems } = parseDialects([{ name: 'x' }, SMALL])
    assert.deepEqual(dialects, [SMALL])
    assert.deepEqual(problems, ['protocols[0] needs recognize.', 'protocols[0] needs messages.'])
    assert.deepEqual(parseDialects({}).problems, ['protocols has to be a list.'])
    assert.equal(parseDialects(Array(51).fill(SMALL)).dialects.length, 50)
  })

  it('is refused if its file is not JSON', () => {
    assert.match(
      parseDialectFile('[', 'a.json').problems[0] ?? '',
      /^a\.json is not JSON \(SyntaxError: .*\)\.$/,
    )
  })
})

describe('the guide to protocols', () => {
  it('has examples that are right', () => {
    assert.equal(EXAMPLES.length, 2)
    for (const json of EXAMPLES) assert.deepEqual(parseDialectFile(json, 'example').problems, [])
  })

  it('names all kinds, types and functions', () => {
    for (const word of [...DECODED_KINDS, ...FUNCTION_NAMES.map((name) => `.${name}(`)])
      assert.ok(GUIDE.includes(`\`${word}`), word)
  })

  it('has examples that decode what it says', () => {
    const decoders = decodersWith(EXAMPLES.flatMap((json) => parseDialectFile(json, 'example').dialects))
    const session = new SessionDecoder({ decoders })
    let number = 0
    const say = (connection: number, direction: 'in' | 'out', value: unknown) =>
      session.decode(number++, {
        type: 'message',
        connection,
        time: number,
        direction,
        opcode: 'text',
        payload: Buffer.from(JSON.stringify(value)),
      })
    const connect = (connection: number, url: string) =>
      session.decode(number++, {
        type: 'connect',
        connection,
        time: 0,
        transport: 'websocket',
        url,
        attempt: 0,
      })
    connect(1, 'wss://acme.example/chat')
    say(1, 'out', { op: 'hello' })
    say(1, 'out', { op: 'join', room: 'a', ref: 1 })
    assert.deepEqual(say(1, 'in', { ok: true, ref: 1 }), [
      {
        protocol: 'acme-chat',
        kind: 'ack',
        id: '1',
        value: { ok: true, ref: 1 },
        name: 'join',
        channel: 'a',
        answers: 3,
        latency: 1,
      },
    ])
    connect(2, 'wss://eu.feed.acme.example/')
    say(2, 'out', ['sub', 7, 'prices/EUR'])
    say(2, 'in', ['subok', 7, 1001])
    assert.deepEqual(say(2, 'in', ['data', 1001, { bid: 1.1 }]), [
      { protocol: 'acme-feed', kind: 'data', name: 'prices/EUR', channel: 'prices/EUR', value: { bid: 1.1 } },
    ])
  })
})

describe('the JSON schema of protocols', () => {
  const { definitions } = JSON.parse(readFileSync(join(ROOT, 'schemas/protocols.schema.json'), 'utf8'))
  const fieldsOf = (name: string) => Object.keys(definitions[name].properties)
  const allowedIn = (change: object) =>
    /it can have (.*)\.$/.exec(problemsOf({ ...SMALL, ...change })[0] ?? '')?.[1]?.split(', ')

  it('has the fields that the checks have', () => {
    assert.deepEqual(fieldsOf('protocol'), allowedIn({ x: 1 }))
    assert.deepEqual(fieldsOf('recognition'), allowedIn({ recognize: [{ x: 1 }] }))
    assert.deepEqual(fieldsOf('rule'), allowedIn({ messages: [{ kind: 'event', x: 1 }] }))
    assert.deepEqual(
      Object.keys(definitions.test.anyOf[2].properties),
      allowedIn({ messages: [{ kind: 'event', when: { $: { x: 1 } } }] }),
    )
  })

  it('has their kinds and types', () => {
    assert.deepEqual(definitions.rule.properties.kind.enum, [...DECODED_KINDS])
    assert.deepEqual(definitions.test.anyOf[2].properties.type.anyOf[0].enum, [...JSON_TYPES])
  })
})
