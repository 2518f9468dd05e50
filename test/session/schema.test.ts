import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { formatHeader, formatLine, formatPieces } from '../../src/session/line.ts'
import { parseLine } from '../../src/session/parse-line.ts'
import { maskingOf } from '../../src/session/payload-masks.ts'
import { redactEvent } from '../../src/session/redact.ts'
import { EVENT_TYPES, type RealtimeEvent } from '../../src/shared/event.ts'
import { plain, randomSession } from '../support/random-events.ts'

interface Schema {
  anyOf: unknown[]
  $defs: Record<string, { type?: string; additionalProperties?: boolean }>
}

function readSchema(): Schema {
  return JSON.parse(readFileSync(new URL('../../docs/session.schema.json', import.meta.url), 'utf8'))
}

describe('the schema of the session file', () => {
  const strict = readSchema()
  for (const name of [...EVENT_TYPES, 'session']) {
    const definition = strict.$defs[name]
    if (definition !== undefined) definition.additionalProperties = false
  }
  const options = { formats: { 'date-time': true as const } }
  const validate = new Ajv2020(options).compile(strict)
  const validateOpen = new Ajv2020(options).compile(readSchema())

  it('describes every event type', () => {
    for (const type of EVENT_TYPES) assert.ok(type in strict.$defs, type)
    assert.equal(strict.anyOf.length, EVENT_TYPES.length + 1)
  })

  for (const seed of [1, 2, 3])
    it(`matches every written line, and describes all of its fields (seed ${seed})`, () => {
      const seen = new Set<string>()
      for (const event of randomSession(seed, 2000)) {
        const line = formatLine(redactEvent(event, {}))
        const value = JSON.parse(line)
        seen.add(value.type)
        const ok = event.extra === undefined ? validate(value) : validateOpen(value)
        assert.ok(ok, `${line}\n${JSON.stringify(validate.errors ?? validateOpen.errors)}`)
        assert.equal([...formatPieces(redactEvent(event, {}))].join(''), line)
      }
      assert.deepEqual([...seen].sort(), [...EVENT_TYPES].sort())
    })

  for (const seed of [4, 5])
    it(`describes lines that can be read back as the same event (seed ${seed})`, () => {
      for (const event of randomSession(seed, 2000)) {
        const read = parseLine(formatLine(event))
        assert.ok(read !== undefined)
        assert.deepEqual(plain(read), plain(event))
      }
    })

  it('matches a masked payload', () => {
    for (const type of ['message', 'ping', 'comment'] as const) {
      const event = {
        connection: 1,
        time: 1,
        direction: 'in',
        payload: Buffer.from('{"pin":1}'),
        wireSize: 11,
      }
      const masked = redactEvent({ type, ...event } as RealtimeEvent, maskingOf({ mask: ['pin'] }))
      const { direction: _, ...line } = JSON.parse(formatLine(masked))
      assert.ok(validate(type === 'comment' ? line : JSON.parse(formatLine(masked))), type)
      assert.deepEqual([line.masked, line.originalSize, line.wireSize], [true, 9, undefined])
    }
  })

  it('matches the header', () => {
    for (const dropped of [{}, { events: 3, payloads: 1 }])
      assert.ok(validate(JSON.parse(formatHeader(new Date(), 'x', dropped))))
  })

  it('does not match anything else', () => {
    const message = { type: 'message', connection: 1, time: 1, direction: 'in', size: 1, text: 'x' }
    assert.ok(validate(message))
    for (const wrong of [
      { ...message, connection: 0 },
      { ...message, text: undefined },
      { ...message, base64: 'eA==' },
      { ...message, direction: 'up' },
      { ...message, type: 'mesage' },
      { ...message, other: 1 },
    ])
      assert.equal(validate(JSON.parse(JSON.stringify(wrong))), false, JSON.stringify(wrong))
  })
})
