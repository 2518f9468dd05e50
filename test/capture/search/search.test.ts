import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Search, type SearchSource } from '../../../src/capture/search/search.ts'
import { type Direction, EVENT_TYPES, type EventType } from '../../../src/shared/event.ts'
import {
  allocateColumns,
  type ColumnBatch,
  packKind,
  UNKNOWN_SIZE,
} from '../../../src/shared/event-columns.ts'
import { parseFilter } from '../../../src/shared/filter/parse.ts'

interface Plain {
  time: number
  type: EventType
  direction: Direction
  binary: boolean
  connection: number
  size: number
  wire: number | undefined
  eventName: string
  text: string
}

const EVENT_NAMES = ['', 'price', 'print job', 'Trade']

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
      eventName: EVENT_NAMES[random(EVENT_NAMES.length)] ?? '',
      text: text ?? '',
    }
  })
}

class Log implements SearchSource {
  readonly eventNames = EVENT_NAMES
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
      columns.kind[at] = packKind({ ...event })
      columns.connection[at] = event.connection
      columns.size[at] = event.size
      columns.wireSize[at] = event.wire ?? UNKNOWN_SIZE
      columns.eventName[at] = EVENT_NAMES.indexOf(event.eventName)
    })
    return columns
  }
}

async function found(log: Log, filter: string): Promise<number[]> {
  return await new Promise((resolve, reject) => {
    const search: Search = new Search(log, parseFilter(filter), () => {
      if (search.error !== undefined) reject(search.error)
      else if (search.scanned >= log.count) {
        search.cancel()
        resolve([...search.matches.slice(0)])
      }
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
  const before = all.findLastIndex((other, at) => at < index && other.connection === event.connection)
  return before < 0 ? undefined : event.time - (all[before]?.time ?? 0)
}

/** Every member of this name in a document, at any depth. */
function membersNamed(name: string, document: unknown): unknown[] {
  if (typeof document !== 'object' || document === null) return []
  return Object.entries(document).flatMap(([key, value]) => [
    ...(key === name && !Array.isArray(document) ? [value] : []),
    ...membersNamed(name, value),
  ])
}

const elements = (document: unknown): unknown[] => (Array.isArray(document) ? document : [])
const legs = (event: Plain) => elements(json(event.text)?.legs) as { id: number }[]

/** Each filter with an obvious implementation of the same test. */
const ORACLES: readonly (readonly [string, Oracle])[] = [
  ['', () => true],
  ['dir:in', (e) => directed(e) && e.direction === 'in'],
  ['type:ping', (e) => e.type === 'ping'],
  ['type:binary', (e) => e.type === 'message' && e.binary],
  ['conn:2', (e) => e.connection === 2],
  ['number:3,17..40', (_, at) => at === 2 || (at >= 16 && at < 40)],
  ['event:price', (e) => e.eventName === 'price'],
  ['event:PRI*', (e) => e.eventName.startsWith('pri')],
  ['event:*r*d*', (e) => /r.*d/i.test(e.eventName)],
  ['size:>1k', (e) => e.size > 1000],
  ['size:100..200', (e) => e.size >= 100 && e.size <= 200],
  ['wire:<=500', (e) => e.wire !== undefined && e.wire <= 500],
  ['time:>00:05', (e) => e.time > 5000],
  ['gap:>120ms', (e, i, all) => (gapOf(e, i, all) ?? 0) > 120],
  ['WORDS', (e) => e.text.includes('Words')],
  ['"number 7"', (e) => e.text.includes('number 7')],
  ['/number [1-4]\\b/', (e) => /number [1-4]\b/.test(e.text)],
  ['/WORDS/i', (e) => /words/i.test(e.text)],
  ['/number [1-4]\\b/g', (e) => /number [1-4]\b/.test(e.text)],
  ['/words/iy', (e) => /words/i.test(e.text)],
  ['$[?count($.legs[*].id) == 1 && length(@) == 5]', (e) => json(e.text)?.legs !== undefined],
  ['$.type == "trade"', (e) => json(e.text)?.type === 'trade'],
  ['$.price > 100', (e) => Number(json(e.text)?.price) > 100],
  ['$.price != 7', (e) => json(e.text)?.price !== undefined && json(e.text)?.price !== 7],
  ['$.legs[0].id', (e) => json(e.text)?.legs !== undefined],
  ['$[3] == true', (e) => Array.isArray(json(e.text))],
  ['$[0] >= 7', (e) => Number(elements(json(e.text))[0]) >= 7],
  ['$[2] == null', (e) => elements(json(e.text))[2] === null],
  ['$[-1] != false', (e) => elements(json(e.text)).length > 0],
  ['$.* == "quote"', (e) => Object.values(json(e.text) ?? {}).includes('quote')],
  ['$..id == 2', (e) => membersNamed('id', json(e.text)).includes(2)],
  ['$..price', (e) => membersNamed('price', json(e.text)).length > 0],
  ['$["type"] = "quote"', (e) => json(e.text)?.type === 'quote'],
  ["$['legs'][*].id < 1", (e) => legs(e).some(({ id }) => id < 1)],
  ['$.type == 7 or $.price >= 190', (e) => Number(json(e.text)?.price) >= 190],
  ['$.missing or $.price <= 5', (e) => Number(json(e.text)?.price) <= 5],
  ['$.type > "r"', (e) => json(e.text)?.type === 'trade'],
  ['$[?@.id == 1] or $.legs[?@.id == 1]', (e) => legs(e).some(({ id }) => id === 1)],
  ['not $', (e) => json(e.text) === undefined],
  ['time:00:05', (e) => Math.floor(e.time / 1000) === 5],
  ['time:5s..6.5s', (e) => e.time >= 5000 && e.time <= 6500],
  ['gap:120', (e, i, all) => Math.floor(gapOf(e, i, all) ?? 0) === 120],
  ['gap:<=10ms conn:1', (e, i, all) => e.connection === 1 && (gapOf(e, i, all) ?? 99) <= 10],
  ['TYPE:mark number', (e) => e.type === 'mark' && e.text.includes('number')],
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
    it(`for ${filter || 'an empty filter'} finds the same as a simple loop`, async () => {
      const expected = log.events.flatMap((event, index) => (oracle(event, index, log.events) ? [index] : []))
      assert.ok(expected.length > 0, 'the data has something to find')
      assert.deepEqual(await found(log, filter), expected)
    })
  }

  it('for random combinations of terms finds the same as a simple loop', async () => {
    const random = seeded(23)
    const few = new Log()
    few.events.push(...makeEvents(400, seeded(3)))
    const compose = (depth: number): readonly [string, Oracle] => {
      if (depth === 0) return ORACLES[1 + random(ORACLES.length - 1)] ?? assert.fail('there are terms')
      const [left, isLeft] = compose(depth - 1)
      const [right, isRight] = compose(depth - 1 - random(depth))
      switch (random(4)) {
        case 0:
          return [`not (${left})`, (...of) => !isLeft(...of)]
        case 1:
          return [`(${left}) or (${right})`, (...of) => isLeft(...of) || isRight(...of)]
        case 2:
          return [`(${left}) and (${right})`, (...of) => isLeft(...of) && isRight(...of)]
        default:
          return [`(${left})(${right})`, (...of) => isLeft(...of) && isRight(...of)]
      }
    }
    for (let round = 0; round < 150; round++) {
      const [filter, oracle] = compose(1 + random(3))
      const expected = few.events.flatMap((event, at) => (oracle(event, at, few.events) ? [at] : []))
      assert.deepEqual(await found(few, filter), expected, filter)
    }
  })

  it('runs for every example of docs/filter.md', async () => {
    const page = readFileSync(join(import.meta.dirname, '../../../docs/filter.md'), 'utf8')
    const [, block = ''] = /```\n([^`]+)```/.exec(page) ?? []
    const cells = [...page.matchAll(/^\| (`.+?`) +\|/gm)].map(([, cell = '']) => cell)
    const examples = [
      ...block.trim().split('\n'),
      ...cells.flatMap((cell) => cell.slice(1, -1).split('`, `')),
    ]
    assert.ok(examples.length > 20, `${examples.length} examples`)
    for (const example of examples) await found(log, example)
  })

  it('continues with events that are appended', async () => {
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

  it('is stopped with a sentence if its expression backtracks too much, and the thread keeps running', async () => {
    const evil = new Log()
    evil.events.push(...makeEvents(3, seeded(1)).map((event) => ({ ...event, text: `${'a'.repeat(40)}b` })))
    await assert.rejects(found(evil, 'x or /^(a+)+$/'), {
      name: 'FilterError',
      message: /stopped after 1 s/,
      start: 5,
      end: 14,
    })
  })

  it('does not block while an expression backtracks, and does not stop one that is only slow', async () => {
    const slow = new Log()
    slow.events.push(...makeEvents(60, seeded(1)).map((event) => ({ ...event, text: `${'a'.repeat(20)}b` })))
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    try {
      assert.equal((await found(slow, 'not /^(a+)+$/')).length, 60)
      assert.ok(turns > 10, `${turns} turns of the thread`)
    } finally {
      clearInterval(timer)
    }
  })

  it('reports progress after a few texts of a slow expression', async () => {
    const slow = new Log()
    slow.events.push(...makeEvents(200, seeded(1)).map((event) => ({ ...event, text: `${'a'.repeat(18)}b` })))
    const told: number[] = []
    await new Promise<void>((resolve) => {
      const search: Search = new Search(slow, parseFilter('/^(a+)+$/'), () => {
        told.push(search.scanned)
        if (search.scanned === 200) resolve()
      })
    })
    assert.ok(told.length >= 4, told.join())
    assert.ok((told[0] ?? 0) <= 16, told.join())
  })

  it('follows a path into deep and wide payloads', async () => {
    const large = new Log()
    const [event = assert.fail()] = makeEvents(1, seeded(1))
    const deep = `${'{"a":['.repeat(20_000)}{"id":7}${']}'.repeat(20_000)}`
    const wide = JSON.stringify(Array.from({ length: 300_000 }, (_, at) => at))
    large.events.push({ ...event, text: deep }, { ...event, text: wide })
    for (const [filter, expected] of [
      ['$..id == 7', [0]],
      ['$..id == 8', []],
      ['$[*] == 299999', [1]],
      ['$..* == 299999', [1]],
      ['$[?@ == 299999]', [1]],
      ['$[?@..id]', [0]],
      ['$[?@ == $]', []],
    ] as const) {
      assert.deepEqual(await found(large, filter), expected, filter)
    }
  })

  it('is stopped with a sentence if its path multiplies values', async () => {
    const wide = new Log()
    const [event = assert.fail()] = makeEvents(1, seeded(1))
    wide.events.push({ ...event, text: `[${'['.repeat(14)}${']'.repeat(14)},${'[1],'.repeat(30_000)}2]` })
    for (const path of ['$[?count($..*) == 1]', `$${'[0,0,0,0]'.repeat(14)} == 3`, '$[?$..a]'])
      await assert.rejects(
        found(wide, path),
        { name: 'FilterError', message: /^This path was stopped after 500 ms/, start: 0 },
        path,
      )
  })

  it('tests large payloads one by one, with other work in between', async () => {
    const large = new Log()
    const text = JSON.stringify(Array.from({ length: 50_000 }, (_, id) => ({ id })))
    large.events.push(...makeEvents(20, seeded(1)).map((event) => ({ ...event, text, size: 1 })))
    let turns = 0
    const search: Search = await new Promise((resolve) => {
      const made: Search = new Search(large, parseFilter('$..id == -1'), () => {
        turns++
        if (made.scanned === 20) resolve(made)
      })
    })
    assert.equal(search.matches.length, 0)
    assert.ok(turns >= 10, `${turns} turns`)
  })

  it('reports an invalid JSON path and where it is', () => {
    assert.throws(() => new Search(log, parseFilter('a $.b[?]'), () => {}), {
      name: 'FilterError',
      start: 2,
      end: 8,
    })
    assert.throws(() => new Search(log, parseFilter('$[?match(@.a, "(a+)+")]'), () => {}), {
      name: 'FilterError',
    })
  })

  it('stops if it is cancelled', async () => {
    const cancelled = new Search(log, parseFilter('conn:1'), () => assert.fail('it was cancelled'))
    cancelled.cancel()
    await found(log, 'conn:1')
    assert.equal(cancelled.scanned, 0)
  })
})
