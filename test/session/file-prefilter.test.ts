import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { textOf } from '../../src/capture/search/event-text.ts'
import { searchable } from '../../src/engine/filter-calls.ts'
import type { FileLog } from '../../src/session/file-log.ts'
import { formatHeader, formatLine } from '../../src/session/line.ts'
import { indexAll } from '../../src/session/recording-file.ts'
import { SessionFile } from '../../src/session/session-file.ts'
import { parseFilter } from '../../src/shared/filter/parse.ts'
import type { Filter } from '../../src/shared/filter/syntax.ts'
import {
  counting,
  FILTERS,
  found,
  pick,
  textFilters,
  trickyPayload,
  withoutPrefilter,
} from '../support/prefiltering.ts'
import { randomEvent } from '../support/random-events.ts'
import { seededRandom } from '../support/splits.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'

const HEADER = formatHeader(new Date('2026-11-23T05:00:00.000Z'), 'test')
const START = '{"type":"message","connection":1,"time":1,"direction":"in","size":5'
const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  ...{
    '"': '\\"',
    '\\': '\\\\',
    '/': '\\/',
    '\b': '\\b',
    '\f': '\\f',
    '\n': '\\n',
    '\r': '\\r',
    '\t': '\\t',
  },
}
/** Lines that this program does not write, with a head that announces a payload. */
const ODD_LINES = [
  `${START},"text":"price","text":"kelvin"}`,
  `${START},"text":"price","base64":"cHJpY2U="}`,
  `${START},"base64":"S0VMVklO"}`,
  `${START},"te\\u0078t":"ask"}`,
  `${START},"text":"pri\\u0063e","x":"ask"}`,
  `${START},"text":"price","direction":"sideways"}`,
  `${START},"text":"ask","type":"kelvin","direction":"in"}`,
  `${START},"text":"kelvin","wireSize":"price"}`,
  `${START},"text":"a\\nsk/price","connection":"1"}`,
  `${START},"text":"","type":"{\\"a\\nb\\":1}"}`,
  `${START},"text":"ask\\/price"}`,
  `${START},"text":"price" "kelvin"}`,
  `${START},"text":"price\\x"}`,
  `${START},"text":"price\tkelvin"}`,
  `${START},"text":"\\ud83d"}`,
  `${START},"text":"\\ud83d price \\uDE00"}`,
  `${START.replace('"size":5', '"size":0')},"text":"price"}`,
  `${START.replace('"size":5', '"size":05')},"text":"price"}`,
  `${START.replace('"time":1', '"time":01')},"text":"price"}`,
  `${START},"event":"a\tb","text":"price"}`,
  `${START},"dropped":true}`,
  `${START},"truncated":true,"text":"\u212aelvin"}`,
  `${START},"text":"${'ask '.repeat(400)}"}`,
  ` ${START},"text":"price"}`,
  '{"type":"message","text":"price"}',
  '{"type":"future","text":"price","time":3}',
  '{"type":"mark","time":1,"text":"the price"}',
  'price',
  '',
]
const MORE_FILTERS = [
  ...[
    '"read as JSON"',
    'cannot',
    'message',
    '"message price"',
    'its',
    '"mark"',
    'sideways',
    'future',
    '"/"',
    '"a/"',
  ],
  ...[
    '"sk/p"',
    '"\\n"',
    '"a b"',
    '"\\\\"',
    'base64',
    '"\\u0063"',
    '"␊sk"',
    '$["a␊b"]',
    '"***"',
    'conn:1 "direction"',
    '"5"',
  ],
]

/** Text as a JSON string with more escapes than necessary. */
function escaped(text: string, random: () => number): string {
  const often = pick(random, [0, 0.1, 1])
  const units = Array.from({ length: text.length }, (_, at) => {
    const unit = text.charAt(at)
    const byNumber = `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
    if (random() < often) return random() < 0.5 ? byNumber : (SHORT_ESCAPES[unit] ?? unit)
    return unit === '/' ? unit : (SHORT_ESCAPES[unit] ?? (unit < ' ' ? byNumber : unit))
  })
  return `"${units.join('')}"`
}

function randomLine(random: () => number, time: number): Buffer {
  if (random() < 0.15) return Buffer.from(pick(random, ODD_LINES))
  const event = randomEvent(random, time)
  const payload = trickyPayload(random)
  const line = formatLine('payload' in event && random() < 0.8 ? { ...event, payload } : event)
  if (random() < 0.6) return Buffer.from(line)
  if (random() < 0.8) return Buffer.from(`${START},"text":${escaped(payload.toString(), random)}}`)
  const quote = (text: string) => Buffer.from(`${START}${text}`)
  return Buffer.concat([
    quote(',"text":"'),
    Buffer.from(payload.filter((byte) => byte > 0x5c)),
    Buffer.from('"}'),
  ])
}

function randomFile(seed: number, count: number): string {
  const random = seededRandom(seed)
  const ends = () => Buffer.from(random() < 0.1 ? '\r\n' : '\n')
  const lines = Array.from({ length: count }, (_, time) => [randomLine(random, time), ends()])
  return write(Buffer.concat([Buffer.from(`${HEADER}\n`), ...lines.flat()]))
}

function write(content: Buffer | string): string {
  const path = join(tempDir(), 'a.rtsession')
  writeFileSync(path, content)
  return path
}

async function openWhole(path: string): Promise<FileLog> {
  const file = await SessionFile.open(path)
  await indexAll(file)
  return file.log
}

/** The log without its prefilter. */
function plain(log: FileLog) {
  return withoutPrefilter({ ...searchable(log), text: (index) => textOf(log.event(index)) })
}

describe('a search that prefilters the lines of a session file', () => {
  afterEach(removeTempDirs)

  it('finds what a search of every line finds', async () => {
    for (const seed of [1, 2, 3]) {
      const log = await openWhole(randomFile(seed, 700))
      const prefiltering = searchable(log)
      const source = plain(log)
      const texts = [...textFilters().filter((_, at) => at % 3 === seed - 1)]
      const parsed = [...FILTERS, ...MORE_FILTERS].map(parseFilter)
      for (const filter of [...texts, ...parsed] satisfies Filter[])
        assert.deepEqual(
          await found(prefiltering, filter),
          await found(source, filter),
          `${seed} ${JSON.stringify(filter)}`,
        )
      log.close()
    }
  })

  it('reads the same text of every line', async () => {
    for (const seed of [4, 5]) {
      const log = await openWhole(randomFile(seed, 700))
      for (let index = 0; index < log.count; index++)
        assert.equal(log.text(index), textOf(log.event(index)), `${seed} ${index}`)
      log.close()
    }
  })

  it('finds matches across blocks, in lines of any length', async () => {
    const window = 64 * 1024
    for (const length of [10, 200_000, 3_000_000])
      for (let before = 0; before < 8; before++) {
        const event = { type: 'message', connection: 1, time: 0, direction: 'in' } as const
        const like = Buffer.alloc(window + length)
        const head = formatLine({ ...event, payload: like.fill('.') }).indexOf('..')
        const text = '.'.repeat(window - head - before)
        const payloads = [`${text}NeedLe${'.'.repeat(length)}`, 'nothing', 'a "Needle"']
        const lines = payloads.map((payload) => formatLine({ ...event, payload: Buffer.from(payload) }))
        const log = await openWhole(write([HEADER, ...lines].join('\n')))
        assert.deepEqual(await found(searchable(log), parseFilter('needle')), [0, 2])
        assert.deepEqual(await found(searchable(log), parseFilter('"\\"needle\\""')), [2])
        log.close()
      }
  })

  it('reads hardly any lines except for matching ones', async () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => {
      const type = index % 500 === 3 ? 'trade' : 'quote'
      const payload = Buffer.from(`{"n":${100_000 + index},"type":"${type}"}`)
      return formatLine({ type: 'message', connection: 1, time: index, direction: 'in', payload })
    })
    const log = await openWhole(write([HEADER, ...lines, ''].join('\n')))
    for (const [filter, matches] of [
      ['"N\\":104321,"', 1],
      ['$.type == "trade"', 40],
      ['$.time > 3', 0],
      ['dir:in TRADE', 40],
    ] as const) {
      const { source, asked } = counting(searchable(log))
      assert.equal((await found(source, parseFilter(filter))).length, matches, filter)
      assert.ok(asked() <= matches + 1, `${filter} asked for ${asked()} texts`)
    }
    log.close()
  })

  it('includes events that are indexed during the search', async () => {
    const lines = Array.from({ length: 30_000 }, (_, index) => {
      const payload = Buffer.from(`${index % 1000 === 7 ? 'needle' : 'nothing'}${'.'.repeat(100)}`)
      return formatLine({ type: 'message', connection: 1, time: index, direction: 'in', payload })
    })
    const path = write([HEADER, ...lines, ''].join('\n'))
    const file = await SessionFile.open(path)
    await file.indexNext()
    const { log } = file
    const first = log.count
    assert.ok(first > 0 && first < lines.length)
    const before = await found(plain(log), parseFilter('needle'))
    assert.deepEqual(
      log.prefilter(0, ['needle']).indexes,
      before.filter((index) => index < log.prefilter(0, ['needle']).end),
    )
    await indexAll(file)
    assert.equal((await found(searchable(log), parseFilter('needle'))).length, 30)
    log.close()
  })
})
