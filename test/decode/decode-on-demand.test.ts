import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { OnDemandDecoder, type OnDemandDecoderOptions } from '../../src/decode/decode-on-demand.ts'
import type { ConnectionDecoder, Decoder } from '../../src/decode/decoder.ts'
import { json } from '../../src/decode/json.ts'
import type { DecodedEvent } from '../../src/shared/decoded.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import { KIND_BIT, packKind, typeOf } from '../../src/shared/event-columns.ts'

interface Row {
  readonly connection: number
  readonly kind: number
  readonly payload: Uint8Array | undefined
}

/** A session in memory, which counts the rows and the payloads that are read of it. */
class Source {
  readonly eventNames = ['']
  readonly rows: Row[] = []
  readonly requests = new Map<number, RealtimeEvent>()
  firstKept = 0
  rowReads = 0
  reads = 0

  get count(): number {
    return this.rows.length
  }

  open(connection = 1): void {
    this.rows.push({ connection, kind: packKind({ type: 'open' }), payload: undefined })
  }

  message(text: string, connection = 1, kind = 0): number {
    this.rows.push({ connection, kind: packKind({ type: 'message' }) | kind, payload: Buffer.from(text) })
    return this.count - 1
  }

  row(index: number) {
    this.rowReads++
    const row = index < this.firstKept ? undefined : this.rows[index]
    if (row === undefined) throw new RangeError(`There is no event ${index}.`)
    return { ...row, time: index, size: row.payload?.length ?? 0, eventName: 0 }
  }

  payload(index: number, maxBytes?: number): Uint8Array | undefined {
    this.reads++
    return this.rows[index]?.payload?.subarray(0, maxBytes)
  }

  /** The events without payloads do not say more than `startOf`. */
  peek(index: number): RealtimeEvent {
    const { connection, kind, time } = this.row(index)
    const { connect, open } = this.startOf(connection)
    if (typeOf(kind) === 'open') return { ...open, time }
    return this.requests.get(index) ?? { ...connect, time }
  }

  startOf(connection: number) {
    const on = { connection, time: 0 }
    const connect = {
      type: 'connect',
      transport: connection === 2 ? 'sse' : 'websocket',
      url: `ws://host/${connection}`,
      attempt: 0,
      ...on,
    } as const
    const open = {
      type: 'open',
      headers: {},
      subprotocol: connection === 9 ? 'other' : 'words',
      ...on,
    } as const
    return { connect, open }
  }
}

/** Words that end with a full stop, spread over messages or several in one; each says how many came before it. */
class WordDecoder implements ConnectionDecoder {
  #rest: string
  #parts: number
  #count: number

  constructor(rest = '', parts = 0, count = 0) {
    this.#rest = rest
    this.#parts = parts
    this.#count = count
  }

  get stateSize(): number {
    return this.#rest.length
  }

  decode({ payload }: { readonly payload: Uint8Array }): DecodedEvent[] {
    const text = Buffer.from(payload).toString()
    if (text.includes('!')) throw new Error('an exclamation mark')
    const words = (this.#rest + text).split('.')
    this.#rest = words.pop() ?? ''
    const events = words.map((name, at): DecodedEvent => {
      const parts = at === 0 ? this.#parts + 1 : 1
      return { protocol: 'words', kind: 'data', name, id: String(this.#count++), ...(parts > 1 && { parts }) }
    })
    this.#parts = this.#rest === '' ? 0 : events.length === 0 ? this.#parts + 1 : 1
    return events
  }

  copy(): WordDecoder {
    return new WordDecoder(this.#rest, this.#parts, this.#count)
  }
}

const words: Decoder = {
  name: 'words',
  recognize: ({ subprotocol }) => (subprotocol === 'words' ? 'subprotocol words' : undefined),
  open: () => new WordDecoder(),
}

function windowOf(source: Source, options: OnDemandDecoderOptions = {}) {
  const slices = new EventEmitter()
  const decoded = new OnDemandDecoder(source, (connection) => source.startOf(connection), {
    decoders: [words, json],
    onProgress: () => slices.emit('slice'),
    ...options,
  })
  /** Asks until the message is decoded. */
  const names = async (index: number): Promise<string[]> => {
    for (;;) {
      const events = decoded.decode(index)
      if (events !== undefined) return events.map(({ name = '', id, parts = 1 }) => `${id}:${name}/${parts}`)
      await once(slices, 'slice')
    }
  }
  return { decoded, names }
}

describe('the decoded events of a session', () => {
  it('are those of packets that lie in one message, several in one, or spread over messages', async () => {
    const source = new Source()
    source.open()
    for (const text of ['one.two.', 'thr', 'e', 'e.fo', 'ur.']) source.message(text)
    const { names } = windowOf(source)
    const all = []
    for (let index = 0; index < source.count; index++) all.push(await names(index))
    assert.deepEqual(all, [[], ['0:one/1', '1:two/1'], [], [], ['2:three/3'], ['3:four/2']])
  })

  it('are the same in whatever order they are asked for, and however often', async () => {
    const source = new Source()
    for (let n = 0; n < 1000; n++) source.message(n % 3 === 0 ? `w${n}` : '.', 1 + (n % 2))
    const straight = windowOf(source)
    const expected = []
    for (let index = 0; index < source.count; index++) expected.push(await straight.names(index))
    const { names } = windowOf(source, { interval: 7 })
    for (let n = 0; n < 1000; n++) {
      const index = (n * 617) % 1000
      assert.deepEqual(await names(index), expected[index])
      assert.deepEqual(await names(index), expected[index])
    }
  })

  it('are reached from the nearest copy of the state', async () => {
    const source = new Source()
    for (let n = 0; n < 20_000; n++) source.message('word.')
    const { names } = windowOf(source, { interval: 100 })
    await names(19_999)
    source.reads = 0
    assert.deepEqual(await names(10_050), ['10050:word/1'])
    assert.ok(source.reads <= 100, `${source.reads} messages were read`)
    source.reads = 0
    for (let index = 10_051; index < 10_060; index++) await names(index)
    assert.equal(source.reads, 9)
  })

  it('are not looked for before anybody asks, and follow what is appended then', async () => {
    const source = new Source()
    source.message('one.')
    const { decoded, names } = windowOf(source)
    await new Promise((resolve) => setImmediate(resolve))
    assert.equal(decoded.reached, 0)
    await names(0)
    source.message('two.')
    assert.deepEqual(await names(1), ['1:two/1'])
  })

  it('start over when the connection opens again', async () => {
    const source = new Source()
    source.message('one.unfin')
    source.open()
    const index = source.message('ished.')
    const { names } = windowOf(source)
    assert.deepEqual(await names(index), ['0:ished/1'])
  })

  it('go on after messages that were dropped, without the packet that was cut', async () => {
    const source = new Source()
    for (const text of ['a.', 'lo', 'st', 'b.c.']) source.message(text)
    source.rows[2] = { ...source.row(2), payload: undefined }
    source.firstKept = 1
    const { names } = windowOf(source)
    assert.deepEqual(await names(3), ['0:b/1', '1:c/1'])
    assert.deepEqual(await names(2), [])
  })

  it('end where the decoder throws, which says why', async () => {
    const source = new Source()
    for (const text of ['one.', 'oh!', 'two.']) source.message(text)
    source.message('fine.', 2)
    const { decoded, names } = windowOf(source)
    assert.deepEqual(await names(2), [])
    assert.deepEqual(await names(0), ['0:one/1'])
    assert.deepEqual(await names(3), ['0:fine/1'])
    assert.equal(
      decoded.problemOf(1),
      'Event 2 could not be decoded as words (an exclamation mark); from there on, the connection is shown as it is.',
    )
    assert.equal(decoded.problemOf(2), undefined)
  })

  it('are not looked for after the decoder has stopped', async () => {
    const source = new Source()
    for (const text of ['one.', 'oh!']) source.message(text)
    for (let n = 0; n < 5000; n++) source.message('word.')
    const { names } = windowOf(source)
    await names(5001)
    source.rowReads = 0
    assert.deepEqual(await names(2000), [])
    assert.ok(source.rowReads < 10, `${source.rowReads} rows were read`)
  })

  it('are decoded alone if they are large, and with those before them if they are short', async () => {
    const source = new Source()
    for (let n = 0; n < 100; n++) source.message(n % 2 === 0 ? `${'w'.repeat(5000)}.` : 'word.')
    const { names } = windowOf(source)
    await names(99)
    source.reads = 0
    await names(97)
    assert.equal(source.reads, 0)
    await names(96)
    assert.equal(source.reads, 97)
  })

  it('are none if the decoder cannot be loaded, opened or copied, which says why', async () => {
    const failing = async () => {
      throw new Error('no library')
    }
    const throwing = () => {
      throw new Error('no state')
    }
    const uncopied = Object.assign(new WordDecoder(), { copy: throwing })
    for (const [broken, why] of [
      [{ load: failing, open: throwing }, 'no library'],
      [{ open: throwing }, 'no state'],
      [{ open: () => uncopied }, 'no state'],
    ] as const) {
      const source = new Source()
      for (const text of ['one.', 'two.']) source.message(text)
      const { decoded, names } = windowOf(source, { decoders: [{ ...words, ...broken }], interval: 1 })
      assert.deepEqual(await names(1), [])
      assert.match(decoded.problemOf(1) ?? '', new RegExp(why))
    }
  })

  it('do not come of a decoder that fails to recognize the connection', () => {
    const recognize = () => {
      throw new Error('odd facts')
    }
    const { decoded } = windowOf(new Source(), { decoders: [{ ...words, recognize }, json] })
    assert.equal(decoded.chosenFor(1)?.decoder.name, 'json')
  })

  it('come of the decoder that recognizes the connection, and says why', () => {
    const { decoded } = windowOf(new Source())
    assert.equal(decoded.chosenFor(1)?.reason, 'subprotocol words')
    assert.equal(decoded.chosenFor(9)?.decoder.name, 'json')
  })

  it('come at once, and of the message alone, if the decoder has no state', () => {
    const source = new Source()
    for (let n = 0; n < 100; n++) source.message(`{"type":"t${n}"}`, 9)
    const binary = source.message('{"type":"no"}', 9, KIND_BIT.binary)
    const { decoded } = windowOf(source)
    assert.equal(decoded.decode(70)?.[0]?.name, 't70')
    assert.equal(source.reads, 1)
    assert.equal(decoded.reached, 0)
    assert.deepEqual(decoded.decode(binary), [])
  })

  it('wait for a decoder that has to be loaded', async () => {
    const source = new Source()
    source.message('one.')
    let loads = 0
    const load = async () => {
      loads++
    }
    const { decoded, names } = windowOf(source, { decoders: [{ ...words, load }] })
    assert.equal(decoded.decode(0), undefined)
    assert.deepEqual(await names(0), ['0:one/1'])
    assert.equal(loads, 1)
  })

  it('are decoded again from the start after the session was cleared', async () => {
    const source = new Source()
    source.message('one.tw')
    const { decoded, names } = windowOf(source)
    await names(0)
    source.rows.length = 0
    decoded.clear()
    source.message('o.')
    assert.deepEqual(await names(0), ['0:o/1'])
  })

  it('are decoded again once a later message shows the protocol', async () => {
    const source = new Source()
    for (const text of ['{"type":"x"}', 'on', 'e.', 'words.']) source.message(text, 9)
    const recognizeMessage = ({ payload }: { readonly payload: Uint8Array }) =>
      Buffer.from(payload).toString() === 'words.' ? 'it says so' : undefined
    let progress = 0
    const options = { decoders: [{ ...words, recognizeMessage }, json], onProgress: () => progress++ }
    const { decoded } = windowOf(source, options)
    assert.equal(decoded.decode(0)?.[0]?.name, 'x')
    assert.deepEqual(decoded.decode(2), [])
    while (progress === 0) await new Promise((resolve) => setImmediate(resolve))
    assert.equal(decoded.decode(2)?.[0]?.name, '{"type":"x"}one')
    assert.equal(decoded.decode(2)?.[0]?.parts, 3)
    assert.equal(decoded.chosenFor(9)?.reason, 'it says so')
  })

  it('say which event answers which, also on another connection', async () => {
    const source = new Source()
    for (let n = 0; n < 5000; n++) source.message(`ask${n}.`, 1, KIND_BIT.out)
    for (let n = 0; n < 5000; n += 2) source.message(`ask${n}.`, 2)
    const asking: Decoder = {
      ...words,
      scope: () => 'all',
      open: (facts) => ({
        decode({ payload, direction }) {
          const key = Buffer.from(payload).toString()
          return [{ kind: 'data', name: key, ...(direction === 'out' ? { asks: key } : { answersTo: key }) }]
        },
        copy: () => asking.open(facts),
      }),
    }
    const { decoded, names } = windowOf(source, { decoders: [asking, json], interval: 7 })
    assert.equal(decoded.isUnanswered(1), undefined)
    await names(7499)
    for (const number of [0, 2500, 4998]) {
      assert.equal(decoded.isUnanswered(number), false)
      assert.equal(decoded.answerTo(number), 5000 + number / 2)
      assert.equal(decoded.decode(5000 + number / 2)?.[0]?.answers, number + 1)
    }
    assert.equal(decoded.isUnanswered(4999), true)
    assert.equal(decoded.answerTo(4999), undefined)
    assert.equal(decoded.isUnanswered(5001), false)
  })

  it('take bounded memory, however long the session', async () => {
    const source = new Source()
    for (let n = 0; n < 30_000; n++) source.message('word.', 1 + (n % 3))
    const { names } = windowOf(source, { interval: 1 })
    await names(29_999)
    source.reads = 0
    assert.deepEqual(await names(14_999), ['4999:word/1'])
    assert.ok(source.reads <= 64, `${source.reads} messages were read`)
  })
})
