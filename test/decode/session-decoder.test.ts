import assert from 'node:assert/strict'
import type { ConnectionDecoder, Decoder, EncodedMessage, Packet } from '../../src/decode/decoder.ts'
import { json } from '../../src/decode/json.ts'
import type { PairingListener } from '../../src/decode/pairing.ts'
import { SessionDecoder, type SessionDecoderOptions } from '../../src/decode/session-decoder.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import type { ConnectionSpec } from '../../src/shared/spec.ts'
import type { TransportName } from '../../src/shared/transports.ts'

/** Messages such as `ask:1`, `answer:1` and `more:1`; each says how many its decoder has got before. */
class Letters implements ConnectionDecoder {
  #count: number
  readonly openings: string[]

  constructor(count = 0, openings: string[] = []) {
    this.#count = count
    this.openings = openings
  }

  decode({ payload, isRequest, url }: EncodedMessage): Packet[] {
    const [word = '', id = ''] = Buffer.from(payload).toString().split(':')
    if (word === 'bad') throw new Error('bad bytes')
    const value = { count: this.#count++, isRequest, url, openings: this.openings.join() }
    if (word === 'ask') return [{ kind: 'request', name: `call ${id}`, id, asks: id, value }]
    if (word === 'answer') return [{ kind: 'response', id, answersTo: id, value }]
    if (word === 'more') return [{ kind: 'data', id, answersTo: id, continues: true, value }]
    return [{ kind: 'event', name: word, value }]
  }

  opened({ connection }: { readonly connection: number }): void {
    this.openings.push(String(connection))
  }

  copy(): Letters {
    return new Letters(this.#count, [...this.openings])
  }
}

const letters: Decoder = {
  name: 'letters',
  recognize: ({ url }) => (url?.includes('/letters') ? 'path /letters' : undefined),
  open: () => new Letters(),
}
const shared: Decoder = {
  ...letters,
  name: 'shared',
  scope: ({ url = '' }) => url.replace(/[?#].*/s, ''),
  recognize: ({ url }) => (url?.includes('/shared') ? 'path /shared' : undefined),
}
const guessed: Decoder = {
  ...letters,
  name: 'guessed',
  recognize: () => undefined,
  recognizeMessage: ({ payload }) => (Buffer.from(payload).toString() === 'hello' ? 'a greeting' : undefined),
}

class Session {
  readonly decoder: SessionDecoder
  #number = 0
  #last: RealtimeEvent | undefined

  constructor(options: SessionDecoderOptions = {}) {
    this.decoder = new SessionDecoder({ decoders: [letters, shared, guessed, json], ...options })
  }

  #add(event: RealtimeEvent) {
    this.#last = event
    return this.decoder.decode(this.#number++, event)
  }

  /** Gives the last event again, after its decoder was loaded. */
  again() {
    if (this.#last === undefined) throw new RangeError('There was no event.')
    return this.decoder.decode(this.#number - 1, this.#last)
  }

  connect(connection: number, url: string, rest: Partial<ConnectionSpec> & { attempt?: number } = {}) {
    const transport: TransportName = url.startsWith('ws') ? 'websocket' : 'http-stream'
    const event = {
      type: 'connect',
      connection,
      time: this.#number,
      transport,
      url,
      attempt: 0,
      ...rest,
    } as const
    return this.#add(event)
  }

  open(connection: number) {
    return this.#add({ type: 'open', connection, time: this.#number, headers: {} })
  }

  request(connection: number, url: string, body?: string) {
    const rest = body === undefined ? {} : { body }
    return this.#add({ type: 'request', connection, time: this.#number, url, headers: {}, ...rest })
  }

  message(connection: number, text: string, direction: 'in' | 'out' = 'in') {
    const payload = Buffer.from(text)
    return this.#add({ type: 'message', connection, time: this.#number, direction, payload })
  }
}

function names(events: ReturnType<SessionDecoder['decode']>): string {
  return (events ?? []).map(({ protocol, name = '', value }) => `${protocol}:${name}:${count(value)}`).join()
}

function count(value: unknown): unknown {
  return value instanceof Object && 'count' in value ? value.count : ''
}

describe('a decoder of a session', () => {
  it('chooses the decoder of each connection by its facts, and says why', () => {
    const session = new Session()
    session.connect(1, 'ws://host/letters')
    session.connect(2, 'ws://host/other')
    assert.equal(names(session.message(1, 'a')), 'letters:a:0')
    assert.equal(names(session.message(2, '{"type":"b"}')), 'json:b:')
    assert.equal(session.decoder.chosenFor(1)?.reason, 'path /letters')
    assert.equal(session.decoder.chosenFor(2)?.reason, 'no other protocol was recognized')
  })

  it('takes the one that the user chose, or none', () => {
    const choices: Record<number, string> = { 1: 'letters', 2: 'none', 3: 'unheard-of' }
    const session = new Session({ choiceFor: (connection) => ({ decoder: choices[connection] }) })
    for (const connection of [1, 2, 3]) session.connect(connection, 'ws://host/shared')
    assert.equal(names(session.message(1, 'a')), 'letters:a:0')
    assert.deepEqual(session.message(2, 'hello'), [])
    assert.equal(session.decoder.chosenFor(2), undefined)
    assert.equal(names(session.message(3, 'a')), 'shared:a:0')
    assert.equal(session.decoder.chosenFor(1)?.reason, 'chosen for this connection')
  })

  it('recognizes a connection by one of its first eight messages, and tells the decoder what came before', () => {
    const session = new Session()
    session.connect(1, 'ws://host/')
    session.connect(2, 'ws://host/')
    assert.equal(names(session.message(1, '{"type":"x"}')), 'json:x:')
    session.message(1, 'ask:7', 'out')
    assert.equal(names(session.message(1, 'hello')), 'guessed:hello:2')
    assert.equal(session.decoder.chosenFor(1)?.reason, 'a greeting')
    const [answer] = session.message(1, 'answer:7') ?? []
    assert.equal(answer?.name, 'call 7')
    assert.equal(answer?.answers, 4)
    for (let n = 0; n < 8; n++) session.message(2, 'x')
    session.message(2, 'hello')
    assert.equal(session.decoder.chosenFor(2)?.decoder.name, 'json')
  })

  it('pairs answers with requests, also several, and tells its listener of the first', () => {
    const heard: string[] = []
    const listener: PairingListener = {
      asked: ({ number }) => heard.push(`${number}?`),
      answered: ({ number }, by) => heard.push(`${number}!${by}`),
    }
    const session = new Session({ listener })
    session.connect(1, 'ws://host/letters')
    session.message(1, 'ask:1', 'out')
    const all = ['more:1', 'more:1', 'answer:1', 'answer:1'].flatMap((text) => session.message(1, text) ?? [])
    assert.deepEqual(
      all.map(({ name, answers, latency }) => [name, answers, latency]),
      [
        ['call 1', 2, 1],
        ['call 1', 2, 2],
        ['call 1', 2, 3],
        [undefined, undefined, undefined],
      ],
    )
    assert.deepEqual(heard, ['1?', '1!2'])
  })

  it('starts over when a connection opens again', () => {
    const session = new Session()
    session.connect(1, 'ws://host/letters')
    session.open(1)
    session.message(1, 'ask:1', 'out')
    session.open(1)
    const [answer] = session.message(1, 'answer:1') ?? []
    assert.equal(count(answer?.value), 0)
    assert.equal(answer?.answers, undefined)
    session.connect(1, 'ws://host/letters', { attempt: 1 })
    session.open(1)
    assert.equal(names(session.message(1, 'a')), 'letters:a:0')
  })

  it('decodes the body of a request, which its response may answer', () => {
    const session = new Session()
    const [asked] = session.connect(1, 'http://host/letters', { method: 'POST', body: 'ask:1' }) ?? []
    assert.deepEqual(asked?.value, { count: 0, isRequest: true, url: 'http://host/letters', openings: '' })
    session.open(1)
    assert.equal(session.message(1, 'answer:1')?.[0]?.answers, 1)
    const base64 = Buffer.from('ask:2').toString('base64')
    assert.equal(session.connect(2, 'http://host/letters', { body: { base64 } })?.[0]?.name, 'call 2')
  })

  it('decodes the bodies of the cycles of a poll, each once', () => {
    const session = new Session()
    const poll = { transport: 'poll', method: 'POST', body: 'ask:1' } as const
    assert.deepEqual(session.connect(1, 'http://host/letters', poll), [])
    const [first] = session.request(1, 'http://host/letters?n=1') ?? []
    assert.deepEqual(first?.value, {
      count: 0,
      isRequest: true,
      url: 'http://host/letters?n=1',
      openings: '',
    })
    assert.equal(names(session.request(1, 'http://host/letters')), 'letters:call 1:1')
    assert.equal(names(session.request(1, 'http://host/letters', 'ask:2')), 'letters:call 2:2')
    // A recording may also store the bodies as messages.
    session.connect(2, 'http://host/letters', poll)
    assert.equal(names(session.request(2, 'http://host/letters')), 'letters:call 1:0')
    assert.deepEqual(session.message(2, 'ask:1', 'out'), [])
    assert.deepEqual(session.request(2, 'http://host/letters'), [])
    assert.equal(names(session.message(2, 'ask:2', 'out')), 'letters:call 2:1')
  })

  it('shares a decoder among the connections of a scope, which opening again does not end', () => {
    const session = new Session()
    session.connect(1, 'http://host/shared?a', { body: 'ask:1' })
    session.connect(2, 'http://host/shared?b')
    session.connect(3, 'http://host/shared/3')
    for (const connection of [1, 2, 2]) session.open(connection)
    const [answer] = session.message(2, 'answer:1') ?? []
    assert.equal(answer?.answers, 1)
    assert.deepEqual(answer?.value, {
      count: 1,
      isRequest: false,
      url: 'http://host/shared?b',
      openings: '1,2,2',
    })
    assert.equal(names(session.message(3, 'a')), 'shared:a:0')
  })

  it('does not mix up the requests of several clients that share a scope and count alike', () => {
    const session = new Session()
    const answers = (connection: number, text: string) => session.message(connection, text)?.[0]?.answers
    // Each is answered on its own connection.
    for (const connection of [1, 2]) session.connect(connection, 'http://host/shared', { body: 'ask:1' })
    assert.deepEqual([answers(1, 'more:1'), answers(2, 'answer:1'), answers(1, 'answer:1')], [1, 2, 1])
    // On another connection, the answer may belong to any of them, until only one waits.
    for (const connection of [3, 4]) session.connect(connection, 'http://host/shared', { body: 'ask:2' })
    session.connect(5, 'http://host/shared')
    assert.deepEqual(
      [answers(5, 'answer:2'), answers(3, 'answer:2'), answers(5, 'answer:2')],
      [undefined, 6, 7],
    )
    // A WebSocket does not answer what another one asked.
    for (const connection of [6, 7]) session.connect(connection, 'ws://host/shared')
    session.message(6, 'ask:3', 'out')
    assert.deepEqual([answers(7, 'answer:3'), answers(6, 'answer:3')], [undefined, 14])
  })

  it('gives up a decoder that throws, and says why', () => {
    const session = new Session()
    session.connect(1, 'ws://host/letters')
    session.connect(2, 'ws://host/letters')
    assert.equal(names(session.message(1, 'a')), 'letters:a:0')
    assert.deepEqual(session.message(1, 'bad'), [])
    assert.deepEqual(session.message(1, 'a'), [])
    assert.equal(names(session.message(2, 'a')), 'letters:a:0')
    assert.equal(
      session.decoder.problemOf(1),
      'Event 4 could not be decoded as letters (bad bytes); from there on, the connection is shown as it is.',
    )
    assert.equal(session.decoder.problemOf(2), undefined)
  })

  it('tries the next decoder if the first messages contradict one', () => {
    const session = new Session()
    for (const connection of [1, 2]) session.connect(connection, 'ws://host/letters/shared')
    session.message(1, 'bad')
    assert.equal(session.decoder.chosenFor(1)?.decoder.name, 'json')
    const strict = { ...letters, open: () => ({ ...new Letters(), decode: fail, copy: fail }) }
    const other = new Session({ decoders: [strict, shared, json] })
    other.connect(1, 'ws://host/letters/shared')
    assert.equal(names(other.message(1, 'a')), 'shared:a:0')
    assert.match(
      other.decoder.problemOf(1) ?? '',
      /^Event 2 could not be decoded as letters \(no\); .* as shared\.$/,
    )
  })

  it('gives up a decoder that holds too much, or takes too long again and again', () => {
    const slow = () => {
      const until = performance.now() + 510
      while (performance.now() < until);
      return []
    }
    for (const [bad, why] of [
      [{ decode: () => [], stateSize: 65 * 1024 * 1024 }, /a packet does not end/],
      [{ decode: slow }, /Event 4 .*messages take too long/],
    ] as const) {
      const session = new Session({ decoders: [{ ...letters, open: () => ({ copy: fail, ...bad }) }, json] })
      session.connect(1, 'ws://host/letters')
      for (let n = 0; n < 3; n++) session.message(1, 'a')
      assert.match(session.decoder.problemOf(1) ?? '', why)
    }
  })

  it('waits for a decoder that has to be loaded', async () => {
    const session = new Session({ decoders: [{ ...letters, load: async () => {} }, json] })
    session.connect(1, 'ws://host/letters')
    assert.equal(session.message(1, 'a'), undefined)
    assert.equal(session.decoder.wanted?.name, 'letters')
    await session.decoder.loadAll()
    assert.equal(names(session.again()), 'letters:a:0')
    assert.equal(session.decoder.wanted, undefined)
  })

  it('goes on with the next decoder if one cannot be loaded', async () => {
    const load = () => Promise.reject(new Error('no library'))
    const session = new Session({ decoders: [{ ...letters, load }, shared, json] })
    await session.decoder.loadAll()
    session.connect(1, 'ws://host/letters/shared')
    assert.equal(names(session.message(1, 'a')), 'shared:a:0')
    assert.match(session.decoder.problemOf(1) ?? '', /no library/)
  })
})

function fail(): never {
  throw new Error('no')
}
