import assert from 'node:assert/strict'
import { join } from 'node:path'
import { Capture } from '../../../src/capture/capture.ts'
import { ColumnSegments, emptyRow } from '../../../src/capture/column-segments.ts'
import { toNeedle } from '../../../src/capture/filter/needle.ts'
import type { CaptureLimits } from '../../../src/capture/limits.ts'
import { previewEvent } from '../../../src/capture/preview.ts'
import { type PrefilterSource, prefilter } from '../../../src/capture/search/prefilter.ts'
import { Search, type SearchSource } from '../../../src/capture/search/search.ts'
import { searchable } from '../../../src/engine/filter-calls.ts'
import type { RealtimeEvent } from '../../../src/shared/event.ts'
import { parseFilter } from '../../../src/shared/filter/parse.ts'
import {
  counting,
  FILTERS,
  found,
  pick,
  textFilters,
  trickyPayload,
  withoutPrefilter,
} from '../../support/prefiltering.ts'
import { randomEvent } from '../../support/random-events.ts'
import { seededRandom } from '../../support/splits.ts'
import { removeTempDirs, tempDir } from '../../support/temp-dir.ts'

/** A batch of consecutive payloads, with unused bytes between some of them. */
function appendBatch(capture: Capture, random: () => number, time: number): RealtimeEvent[] {
  const payloads = Array.from({ length: Math.floor(random() * 40) }, () => trickyPayload(random))
  const gaps = payloads.map(() => Buffer.from(pick(random, ['', 'pri', 'k', '\u0130'])))
  const bytes = Buffer.concat(payloads.flatMap((payload, at) => [gaps[at] ?? payload, payload]))
  const starts = new Uint32Array(payloads.length)
  let at = 0
  for (const [index, payload] of payloads.entries()) {
    starts[index] = at + (gaps[index]?.length ?? 0)
    at = (starts[index] ?? 0) + payload.length
  }
  const sizes = Uint32Array.from(payloads, (payload) => payload.length)
  capture.appendBatch(2, {
    ...{ time, count: payloads.length, bytes: new Uint8Array(bytes), starts, sizes, wireSizes: sizes },
    ...{ binary: new Uint8Array(payloads.length), frame: { compressed: false } },
  })
  return payloads.map((payload) => ({ type: 'message', connection: 2, time, direction: 'in', payload }))
}

/** Fills the capture with at least `count` events and returns them. */
function fill(capture: Capture, seed: number, count: number): RealtimeEvent[] {
  const random = seededRandom(seed)
  const events: RealtimeEvent[] = []
  for (let time = 0; events.length < count; time += random() * 10) {
    if (random() < 0.1) events.push(...appendBatch(capture, random, time))
    else {
      const event = randomEvent(random, time)
      const tricky = 'payload' in event && random() < 0.8
      const shown = tricky ? { ...event, payload: trickyPayload(random) } : event
      const dropped = 'payload' in shown && random() < 0.02
      const kept = dropped ? { ...shown, payload: new Uint8Array(0), dropped: shown.payload.length } : shown
      capture.append(kept)
      events.push(kept)
    }
  }
  return events
}

function newCapture(limits: CaptureLimits): Capture {
  return new Capture({ ...limits, directory: join(tempDir(), 'capture'), clock: { startedAt: new Date() } })
}

/** The text that a text filter matches, in lower case; undefined if the payload was dropped. */
function lowered(event: RealtimeEvent): string | undefined {
  if (!('payload' in event)) return previewEvent(event).toLowerCase()
  return (event.dropped ?? 0) > 0 ? undefined : Buffer.from(event.payload).toString().toLowerCase()
}

const LIMITS: Readonly<Record<string, CaptureLimits>> = {
  'all of it in memory': {},
  'most of it on disk': { memoryLimit: 32_768 },
  'the oldest of it dropped': { memoryLimit: 65_536, spoolLimit: 400_000, maxEvents: 17_000 },
}

describe('a search that prefilters payloads by their bytes', () => {
  afterEach(removeTempDirs)

  for (const [what, limits] of Object.entries(LIMITS))
    it(`finds the same as testing every event, ${what}`, async () => {
      const capture = newCapture(limits)
      const isCut = limits.spoolLimit !== undefined
      const events = fill(capture, 3, isCut ? 40_000 : 2500)
      capture.flush()
      assert.deepEqual([capture.dropped.payloads > 0, capture.firstKept > 0], [isCut, isCut])
      const lower = isCut ? [] : events.map(lowered)
      const prefiltering = searchable(capture)
      const source = withoutPrefilter(prefiltering)
      const filters = isCut ? textFilters().filter((_filter, at) => at % 6 === 0) : textFilters()
      for (const filter of filters) {
        const matches = await found(prefiltering, filter)
        assert.deepEqual(matches, await found(source, filter), JSON.stringify(filter))
        if (isCut || filter.kind !== 'text') continue
        const needle = filter.text.toLowerCase()
        const containing = lower.flatMap((text, index) => (text?.includes(needle) ? [index] : []))
        assert.deepEqual(matches, containing, JSON.stringify(filter))
      }
      for (const filter of FILTERS)
        assert.deepEqual(
          await found(prefiltering, parseFilter(filter)),
          await found(source, parseFilter(filter)),
          filter,
        )
      capture.close()
    })

  it('finds matches across the borders of its reads', async () => {
    const window = 64 * 1024
    const texts = Array.from({ length: 8 }, (_, before) =>
      `${'.'.repeat(window - before)}NeedLe`.padEnd(200_000, '.'),
    )
    for (const memoryLimit of [16_384, undefined])
      for (const text of texts) {
        const capture = newCapture(memoryLimit === undefined ? {} : { memoryLimit })
        const payload = Buffer.from(text)
        for (const each of [payload, Buffer.from('nothing')])
          capture.append({ type: 'message', connection: 1, time: 0, direction: 'in', payload: each })
        assert.deepEqual(await found(searchable(capture), parseFilter('needle')), [0])
        capture.close()
      }
  })

  it('tests hardly any events that do not match', async () => {
    const capture = newCapture({ memoryLimit: 65_536 })
    for (let index = 0; index < 20_000; index++) {
      const payload = Buffer.from(
        `{"n":${100_000 + index},"type":"${index % 500 === 3 ? 'trade' : 'quote'}"}`,
      )
      capture.append({ type: 'message', connection: 1, time: index, direction: 'in', payload })
    }
    for (const [filter, matches] of [
      ['"N\\":104321,"', 1],
      ['$.type == "trade"', 40],
      ['$.missing > 3', 0],
      ['dir:in TRADE', 40],
    ] as const) {
      const { source, asked } = counting(searchable(capture))
      assert.equal((await found(source, parseFilter(filter))).length, matches, filter)
      assert.ok(asked() <= matches + 1, `${filter} asked for ${asked()} texts`)
    }
    capture.close()
  })

  it('reads the bytes of a run once, except for the overlap of a needle', () => {
    const rows = new ColumnSegments()
    const size = 150_000
    for (const offset of [0, size]) rows.append({ ...emptyRow(), size, offset })
    const bytes = Buffer.alloc(2 * size, '.')
    bytes.write('rare', 65_534)
    let read = 0
    const stored: PrefilterSource = {
      start: 0,
      isOpen: () => undefined,
      endOf: ({ offset }, at) => (offset[at] ?? 0) + size,
      piece: (offset, into) => {
        const piece = bytes.subarray(offset, offset + into.length)
        read += piece.length
        return piece
      },
    }
    assert.deepEqual(prefilter(rows, stored, 0, ['rare', 'not there']), { end: 2, indexes: [0] })
    assert.ok(read < bytes.length + 100, `${read} bytes`)
    // The record continues after the end of the run.
    assert.deepEqual(
      prefilter(rows, { ...stored, endOf: () => size }, 0, ['rare', 'x'.repeat(64)]).indexes,
      [0],
    )
    assert.ok(read < 2 * bytes.length, `${read} bytes`)
  })

  it('does not read earlier bytes after a clear', async () => {
    const capture = newCapture({ memoryLimit: 16_384 })
    for (const text of ['before', 'behind']) {
      for (let time = 0; time < 10; time++)
        for (const payload of [Buffer.from(text), Buffer.alloc(9000, '.')])
          capture.append({ type: 'message', connection: 1, time, direction: 'in', payload })
      const matches = await found(searchable(capture), parseFilter(`/${text}/`))
      assert.deepEqual(matches, [0, 2, 4, 6, 8, 10, 12, 14, 16, 18])
      capture.clear()
    }
    capture.close()
  })

  it('skips events that are dropped between two slices', async () => {
    const capture = newCapture({})
    for (let time = 0; time < 2000; time++)
      capture.append({ type: 'message', connection: 1, time, direction: 'in', payload: Buffer.from('here') })
    let firstKept = 0
    const all = searchable(capture)
    const source: SearchSource = {
      ...all,
      count: capture.count,
      eventNames: capture.eventNames,
      get firstKept() {
        return firstKept
      },
      text: (index) => {
        assert.ok(index >= firstKept, `event ${index} was dropped`)
        // Slow enough that a slice ends within the run.
        for (const until = performance.now() + 0.05; performance.now() < until; );
        return all.text(index)
      },
    }
    const matches = await new Promise<number[]>((resolve) => {
      const search: Search = new Search(source, parseFilter('HERE'), () => {
        if (search.scanned === source.count) resolve([...search.matches.slice(search.matches.first)])
        else firstKept = Math.min(search.scanned + 100, 1900)
      })
    })
    assert.equal(matches.at(-1), 1999)
    assert.ok(matches.every((index) => index >= firstKept))
    capture.close()
  })

  it('relies on facts about lower case in Unicode', () => {
    const toAscii: string[] = []
    for (let code = 0x80; code <= 0x10ffff; code++) {
      const character = String.fromCodePoint(code)
      const lower = character.toLowerCase()
      if (lower === character) continue
      if (/[\0-\x7f]/.test(lower)) toAscii.push(character)
      assert.doesNotMatch(lower, /\p{Lo}/u)
      assert.doesNotMatch(character, /\p{Lo}/u)
    }
    assert.deepEqual(toAscii, ['\u0130', '\u212a'])
    const all = String.fromCharCode(...Array(256).keys())
    assert.equal(all.toLowerCase().length, 256)
    assert.equal(toNeedle('A価'), 'aä¾¡')
  })
})
