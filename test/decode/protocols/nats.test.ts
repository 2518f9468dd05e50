import assert from 'node:assert/strict'
import { nats } from '../../../src/decode/protocols/nats/nats.ts'
import { decodeAll, decodedOf, expectedOf, message, messagesOf, placeOf } from './recordings.ts'
import { itIsRobust } from './robust.ts'

const KINDS: Readonly<Record<string, string>> = {
  INFO: 'handshake',
  CONNECT: 'handshake',
  SUB: 'subscribe',
  UNSUB: 'unsubscribe',
  PING: 'heartbeat',
  PONG: 'heartbeat',
  '-ERR': 'error',
}

/** The operation as it was on the connection. */
function written(fields: Record<string, unknown>) {
  const {
    op,
    options,
    message: text,
    subject,
    queueGroup,
    sid,
    replyTo,
    maxMessages,
    headerSize,
    size,
  } = fields
  const args = [
    options === undefined ? undefined : JSON.stringify(options),
    text === undefined ? undefined : `'${text}'`,
    ...[subject, queueGroup, sid, replyTo, maxMessages, headerSize, size],
  ]
  const { status, headers, payload } = fields
  const lines = Object.entries(headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`)
  const firstLine = status === undefined ? 'NATS/1.0' : `NATS/1.0 ${status}`
  return {
    kind: op,
    line: [op, ...args.filter((each) => each !== undefined)].join(' '),
    ...(headers !== undefined && { headers: `${firstLine}\r\n${lines.join('')}\r\n` }),
    ...(payload !== undefined && { payload: bytesOf(payload).toString('base64') }),
  }
}

function bytesOf(payload: unknown): Buffer {
  if (typeof payload === 'string') return Buffer.from(payload)
  if (typeof payload === 'object' && payload !== null && 'base64' in payload)
    return Buffer.from(String(payload.base64), 'base64')
  return Buffer.from(JSON.stringify(payload))
}

describe('NATS', () => {
  it("decodes nats as the protocol's own parser", async () => {
    const decoded = await decodedOf(nats, 'nats')
    assert.deepEqual(
      decoded.map(({ line, parts, direction, value }) => [
        line,
        parts,
        direction,
        written(value as Record<string, unknown>),
      ]),
      expectedOf('nats').map((packet) => {
        const { lines, direction, line, ...fields } = packet
        // The server ends its INFO line with a space.
        return [...placeOf(packet), { ...fields, line: String(line).trim() }]
      }),
    )
    assert.deepEqual(
      decoded.map(({ kind }) => kind).filter((kind) => !['event', 'request', 'response'].includes(kind)),
      expectedOf('nats').flatMap(
        ({ kind, headers }) => KINDS[kind] ?? (`${headers}`.includes(' 503') ? 'error' : []),
      ),
    )
  })

  it('pairs requests with their replies', async () => {
    const decoded = await decodedOf(nats, 'nats')
    const exchanges = decoded
      .filter(({ line, kind }) => line >= 10 && line <= 15 && kind !== 'subscribe')
      .map(({ line, kind, name, answers }) => [line, kind, name, answers])
    assert.deepEqual(exchanges, [
      [10, 'request', 'svc.add', undefined],
      [11, 'request', 'svc.add', undefined],
      [12, 'response', 'svc.add', 10],
      [13, 'response', 'svc.add', 9],
      [14, 'request', 'no.one', undefined],
      [15, 'error', 'no.one', 13],
    ])
    assert.ok(decoded.filter(({ name }) => name === 'PONG').every(({ answers }) => answers !== undefined))
  })

  it('decodes the same operations from any split', () => {
    const messages = messagesOf('nats')
    const whole = decodeAll(nats, messages)
    const bytewise = messages.flatMap((each) =>
      Array.from(each.payload, (byte) => ({ ...each, payload: Uint8Array.of(byte), size: 1 })),
    )
    const withoutParts = decodeAll(nats, bytewise).map(({ parts, ...packet }) => packet)
    assert.deepEqual(withoutParts, whole)
  })

  it('decodes repeated headers and lower case', () => {
    const headers = 'NATS/1.0 100 Idle\r\na: 1\r\na:2\r\n__proto__: x\r\n\r\n'
    const [packet] = decodeAll(nats, [
      message(`hmsg  a.b\t1 ${headers.length} ${headers.length + 2}\r\n${headers}hi\r\n`),
    ])
    assert.equal(packet?.kind, 'event')
    assert.match(
      JSON.stringify(packet?.value),
      /"status":100,"description":"Idle","headers":\{"a":\["1","2"\],"__proto__":"x"\},"payload":"hi"/,
    )
  })

  it('pairs each of several pings with its answer', () => {
    const packets = decodeAll(nats, [
      message('PING\r\nPING\r\n', { direction: 'out' }),
      message('PONG\r\nPONG\r\nPONG\r\n'),
    ])
    assert.deepEqual(
      packets.map(({ asks, answersTo }) => asks ?? answersTo),
      ['ping 0', 'ping 1', 'ping 0', 'ping 1', undefined],
    )
  })

  itIsRobust(nats, ['nats'])
})
