import assert from 'node:assert/strict'
import { Search, type SearchSource } from '../../../src/capture/search/search.ts'
import { allocateColumns, type ColumnBatch, packKind, UNKNOWN_SIZE } from '../../../src/shared/columns.ts'
import { type Direction, EVENT_TYPES, type EventType } from '../../../src/shared/event.ts'
import { parseFilter } from '../../../src/shared/filter/parse.ts'

interface Plain {
  time: number
  type: EventType
  direction: Direction
  binary: boolean
  connection: number
  size: number
  wire: number | undefined
  label: string
  text: string
}

const LABELS = ['', 'price', 'print job', 'Trade']

function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 16807) % 2147483647
    return state % below
  }
}

function makeEvents(count: number, random: (below: number) => number): Plain[] {
  let time = 0
  return Array.from({ length: count }, () => {
    time += random(1000) / 10
    const text = [
      `{"type":"${random(2) ? 'trade' : 'quote'}","price":${random(200)},"legs":[{"id":${random(3)}}]}`,
      `plain Words number ${random(50)}`,
      '{"broken":',
      `[${random(9)},"a",null,true]`,
      '',
    ][random(5)]
    return {
      time,
      type: random(3) ? ('message' as const) : (EVENT_TYPES[random(EVENT_TYPES.length)] ?? 'mark'),
      direction: random(2) ? ('in' as const) : ('out' as const),
      binary: random(4) === 0,
      connection: 1 + random(3),
      size: random(3000),
      wire: random(5) ? random(3000) : undefined,
      label: LABELS[random(LABELS.length)] ?? '',
      text: text ?? '',
    }
  })
}

class Log implements SearchSource {
  readonly labels = LABELS
  readonly firstKept = 0
  readonly events: Plain[] = []
  get count() {
    return this.events.length
  }
  text(index: number) {
    return this.events[index]?.text
  }
  columns(from: number, max: number): ColumnBatch {
    const slice = this.events.slice(from, from + max)
    const columns = allocateColumns(from, slice.length)
    slice.forEach((event, at) => {
      columns.time[at] = event.time
      columns.kind[at] = packKind({ ...event, compressed: false, lacking: false })
      columns.connection[at] = event.connection
      columns.size[at] = event.size
      columns.wireSize[at] = event.wire ?? UNKNOWN_SIZE
      columns.label[at] = LABELS.indexOf(event.label)
    })
    return columns
  }
}

async function found(log: Log, filter: string): Promise<number[]> {
  return await new Promise((resolve, reject) => {
    const search: Search = new Search(log, parseFilter(filter), () => {
      if (search.error !== undefined) reject(search.error)
      else if (search.scanned >= log.count) resolve([...search.matches.slice(0)])
    })
  })
}

const directed = (event: Plain) => ['message', 'ping', 'pong'].includes(event.type)

function json(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

type Oracle = (event: Plain, index: number, all: readonly Plain[]) => boolean

const gapOf = (event: Plain, index: number, all: readonly Plain[]) => {
  const before = all.slice(0, index).findLast((other) => other.connection === event.connection)
  return before === undefined ? undefined : event.time - before.time
}

/** Each filter beside the slow and obvious way to say the same. */
const ORACLES: readonly (readonly [string, Oracle])[] = [
  ['', () => true],
  ['dir:in', (e) => directed(e) && e.direction === 'in'],
  ['type:ping', (e) => e.type === 'ping'],
  ['type:binary', (e) => e.type === 'message' && e.binary],
  ['conn:2', (e) => e.connection === 2],
  ['event:price', (e) => e.label === 'price'],
  ['event:PRI*', (e) => e.label.startsWith('pri')],
  ['event:*r*d*', (e) => /r.*d/i.test(e.label)],
  ['size:>1k', (e) => e.size > 1000],
  ['size:100..200', (e) => e.size >= 100 && e.size <= 200],
  ['wire:<=500', (e) => e.wire !== undefined && e.wire <= 500],
  ['time:>00:05', (e) => e.time > 5000],
  ['gap:>120ms', (e, i, all) => (gapOf(e, i, all) ?? 0) > 120],
  ['WORDS', (e) => e.text.includes('Words')],
  ['"number 7"', (e) => e.text.includes('number 7')],
  ['/number [1-4]\\b/', (e) => /number [1-4]\b/.test(e.text)],
  ['/WORDS/i', (e) => /words/i.test(e.text)],
  ['$.type == "trade"', (e) => json(e.text)?.type === 'trade'],
  ['$.price > 100', (e) => Number(json(e.text)?.price) > 100],
  ['$.price != 7', (e) => json(e.text)?.price !== undefined && json(e.text)?.price !== 7],
  ['$.legs[0].id', (e) => json(e.text)?.legs !== undefined],
  ['$[3] == true', (e) => Array.isArray(json(e.text))],
  ['not dir:in', (e) => !(directed(e) && e.direction === 'in')],
  ['conn:1 or conn:3', (e) => e.connection !== 2],
  ['/number/ or $.price > 100', (e) => /number/.test(e.text) || Number(json(e.text)?.price) > 100],
  ['not (/number/ size:>1k)', (e) => !(/number/.test(e.text) && e.size > 1000)],
  ['not /number/ conn:1', (e) => !/number/.test(e.text) && e.connection === 1],
]

describe('a search', () => {
  const log = new Log()
  log.events.push(...makeEvents(3000, seeded(11)))

  for (const [filter, oracle] of ORACLES) {
    it(`for ${filter || 'nothing in particular'} finds what the obvious loop finds`, async () => {
      const expected = log.events.flatMap((event, index) => (oracle(event, index, log.events) ? [index] : []))
      assert.ok(expected.length > 0, 'the data has something to find')
      assert.deepEqual(await found(log, filter), expected)
    })
  }

  it('goes on through what is appended', async () => {
    const live = new Log()
    const events = makeEvents(2000, seeded(5))
    const expected = events.flatMap((event, index) => (event.connection === 2 ? [index] : []))
    const matches = await new Promise<number[]>((resolve) => {
      const search: Search = new Search(live, parseFilter('conn:2'), () => {
        if (live.count < events.length) {
          live.events.push(...events.slice(live.count, live.count + 300))
          search.poke()
        } else if (search.scanned === events.length) resolve([...search.matches.slice(0)])
      })
      live.events.push(...events.slice(0, 10))
      search.poke()
    })
    assert.deepEqual(matches, expected)
  })

  it('whose expression backtracks for ever is cut off with a sentence, and the thread lives', async () => {
    const evil = new Log()
    evil.events.push(...makeEvents(3, seeded(1)).map((event) => ({ ...event, text: `${'a'.repeat(40)}b` })))
    await assert.rejects(found(evil, 'x or /^(a+)+$/'), {
      name: 'FilterError',
      message: /stopped after 500 ms/,
      start: 5,
      end: 14,
    })
  })

  it('for a bad JSON path says so and where', () => {
    assert.throws(() => new Search(log, parseFilter('a $.b[?]'), () => {}), {
      name: 'FilterError',
      start: 2,
      end: 8,
    })
    assert.throws(() => new Search(log, parseFilter('$[?match(@.a, "(a+)+")]'), () => {}), {
      name: 'FilterError',
    })
  })

  it('once cancelled looks no further', async () => {
    const cancelled = new Search(log, parseFilter('conn:1'), () => assert.fail('it was cancelled'))
    cancelled.cancel()
    await found(log, 'conn:1')
    assert.equal(cancelled.scanned, 0)
  })
})
