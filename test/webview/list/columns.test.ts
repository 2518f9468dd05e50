import assert from 'node:assert/strict'
import { allColumns, COLUMNS, type Column, valueColumn } from '../../../webview/state/list/columns.ts'
import { type ListFacts, ListMeasure } from '../../../webview/state/list/facts.ts'
import {
  type Chosen,
  parseChosen,
  parsePaths,
  parseWidths,
  resized,
  shownColumns,
  tracks,
  type Widths,
  widthOf,
} from '../../../webview/state/list/widths.ts'
import { TIME_MODES, type TimeMode } from '../../../webview/state/time-column.ts'

const FACTS: ListFacts = {
  events: 48_226,
  connections: 3,
  connectionCharacters: 12,
  timeCharacters: 9,
  typeCharacters: 12,
  hasLatency: true,
  character: 7.2,
}
const show = (room: number, widths: Widths = {}, chosen: Chosen = {}, facts = FACTS, all = COLUMNS) =>
  shownColumns(all, room, { widths, chosen, facts })
const ids = (...given: Parameters<typeof show>) => show(...given).map(({ id }) => id)
const column = (id: string): Column => COLUMNS.find((each) => each.id === id) ?? assert.fail(id)

describe('the columns of the list', () => {
  it('are all shown if there is room, except for those that only some protocols need', () => {
    const usual = COLUMNS.map(({ id }) => id).filter((id) => id !== 'id' && id !== 'channel')
    assert.deepEqual(ids(2000), usual)
    assert.deepEqual(
      ids(2000, {}, { id: true, channel: true }),
      COLUMNS.map(({ id }) => id),
    )
  })

  it('are as wide as their content', () => {
    assert.equal(widthOf(column('number'), {}, FACTS), Math.ceil(6 * 7.2) + 10)
    assert.equal(widthOf(column('time'), {}, FACTS), Math.ceil(9 * 7.2) + 10)
    assert.ok(
      widthOf(column('type'), {}, { ...FACTS, typeCharacters: 20 }) > widthOf(column('type'), {}, FACTS),
    )
  })

  it('name the connection only if there are two, and have a latency only if there is one', () => {
    const alone = ids(2000, {}, {}, { ...FACTS, connections: 1, hasLatency: false })
    assert.ok(!alone.includes('connection'))
    assert.ok(!alone.includes('latency'))
    assert.ok(ids(2000, {}, { connection: true }, { ...FACTS, connections: 1 }).includes('connection'))
    assert.ok(!ids(2000, {}, { connection: false, size: false }).includes('size'))
  })

  it('are hidden if there is no room, the least important first, but never type and preview', () => {
    assert.deepEqual(ids(580), ['time', 'connection', 'direction', 'type', 'latency', 'preview'])
    assert.equal(show(580).find(({ id }) => id === 'connection')?.isStripe, true)
    assert.deepEqual(ids(0), ['connection', 'direction', 'type', 'preview'])
    for (let room = 640; room < 1200; room++) assert.ok(ids(room).length <= ids(room + 1).length)
    assert.ok(ids(800).length > ids(580).length)
  })

  it('stay in a narrow list if the user has chosen them and there is room', () => {
    assert.ok(!ids(600).includes('number'))
    assert.ok(ids(600, {}, { number: true, latency: false }).includes('number'))
  })

  it('are hidden earlier if the user made others wide', () => {
    assert.ok(ids(900).includes('delta'))
    assert.ok(!ids(900, { type: 400 }).includes('delta'))
  })

  it('are only made so wide that no other is hidden, and only narrower if one is', () => {
    const type = column('type')
    const shown = show(900)
    const table = { widths: {}, facts: FACTS }
    const width = resized(type, 1000, shown, 900, table)
    assert.ok(width > widthOf(type, {}, FACTS))
    assert.equal(resized(type, 60, show(100), 100, table), 60)
    assert.equal(resized(type, 1000, show(100), 100, table), widthOf(type, {}, FACTS))
  })

  it('have their chosen widths, and the preview has the rest', () => {
    assert.equal(
      tracks([column('direction'), column('type'), column('preview')], { type: 90 }, FACTS),
      '34px 90px minmax(0, 1fr)',
    )
  })

  it('stay within their bounds, also with kept widths', () => {
    const number = column('number')
    assert.equal(resized(number, -5, COLUMNS, 5000, { widths: {}, facts: FACTS }), number.least)
    assert.equal(resized(number, 1e9, COLUMNS, 5000, { widths: {}, facts: FACTS }), 600)
    const kept = { type: 90.4, size: 'wide', time: Number.NaN, preview: 300, other: 5, number: 1, '$.a': 70 }
    assert.deepEqual(parseWidths(kept), { type: 90, number: number.least, '$.a': 70 })
    assert.deepEqual(parseWidths(null), {})
    assert.deepEqual(parseChosen({ size: false, time: 1, other: true }), { size: false })
    assert.deepEqual(parsePaths(['$.a', '$.a', 'x', 5, '$.b']), ['$.a', '$.b'])
  })

  it('have values from JSON in front of the preview, named by the end of their path', () => {
    const all = allColumns(['$.price', '$["odd key"][3]'])
    assert.deepEqual(
      all.slice(-3).map(({ name }) => name),
      ['price', '3', 'Preview'],
    )
    const cell = valueColumn('$.price', 1).text({
      row: undefined as never,
      time: '',
      connection: '',
      preview: { payloadName: '', text: '', values: ['a', '102.25'] },
    })
    assert.equal(cell, '102.25')
  })

  it('do not become narrower while one scrolls', () => {
    const measure = new ListMeasure()
    const facts = (room = 1000) =>
      measure.facts({ events: 1, names: new Map(), timeCharacters: 9, character: 7, room })
    measure.see('a rather long type', false)
    measure.see('x', false)
    assert.equal(facts().typeCharacters, 18)
    measure.see('x'.repeat(100), true)
    assert.equal(facts().typeCharacters, 40)
    // The preview has to be readable, too.
    assert.equal(facts(700).typeCharacters, 30)
    assert.equal(facts(300).typeCharacters, 22)
    assert.equal(facts().hasLatency, true)
    measure.reset()
    assert.equal(facts().hasLatency, false)
  })
})

describe('the time of a row', () => {
  const startedAt = new Date(2026, 10, 23, 14, 0, 0).toISOString()
  const text = (mode: TimeMode, time: number, selected?: number, previous?: number) =>
    TIME_MODES[mode].text(time, { startedAt, selected }, () => previous)

  it('counts from the start of the session, or is the local time', () => {
    assert.equal(text('session', 132_961.9), '02:12.961')
    assert.equal(text('clock', 132_961.9), '14:02:12.961')
    assert.equal(TIME_MODES.clock.text(5, { startedAt: undefined, selected: 1 }), '')
  })

  it('counts from the selected event, in both directions, and from the start without one', () => {
    assert.equal(text('selected', 104.25, 100), '+4.3 ms')
    assert.equal(text('selected', 100, 12_140), '−00:12.040')
    assert.equal(text('selected', 100), '00:00.100')
  })

  it('counts from the row above', () => {
    assert.equal(text('previous', 104.2, undefined, 100), '+4.2 ms')
    assert.equal(text('previous', 104.2), '')
  })
})
