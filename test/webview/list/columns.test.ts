import assert from 'node:assert/strict'
import {
  COLUMN_IDS,
  COLUMNS,
  parseWidths,
  resized,
  shownColumns,
  tracks,
} from '../../../webview/state/list-columns.ts'
import { TIME_MODES, type TimeMode } from '../../../webview/state/time-column.ts'

const ids = (room: number, widths = {}) => shownColumns(room, widths).map(({ id }) => id)

describe('the columns of the list', () => {
  it('are all shown if there is room', () => {
    assert.deepEqual(ids(2000), COLUMN_IDS)
  })

  it('are hidden if there is not, the least important first, but never type and preview', () => {
    assert.deepEqual(ids(600), ['number', 'time', 'direction', 'type', 'size', 'preview'])
    assert.deepEqual(ids(510), ['time', 'direction', 'type', 'size', 'preview'])
    assert.deepEqual(ids(0), ['direction', 'type', 'preview'])
    // To the pixel.
    const whole = Array.from({ length: 1000 }, (_, room) => room).find((room) => ids(room).length === 7)
    assert.equal(
      whole,
      COLUMNS.reduce((sum, { usual }) => sum + usual, 0),
    )
    for (let room = 0; room < 1000; room++) assert.ok(ids(room).length <= ids(room + 1).length)
  })

  it('are hidden earlier if the user made others wide', () => {
    assert.ok(ids(700).includes('delta'))
    assert.ok(!ids(700, { type: 300 }).includes('delta'))
  })

  it('are only made so wide that no other is hidden, and only narrower if one is', () => {
    const type = COLUMNS.find(({ id }) => id === 'type')
    assert.ok(type)
    const shown = shownColumns(800, {})
    const width = resized(type, 1000, shown, 800, {})
    assert.ok(width > type.usual)
    assert.equal(ids(800, { type: width }).length, shown.length)
    assert.ok(ids(800, { type: width + 1 }).length < shown.length)
    const narrow = shownColumns(100, {})
    assert.equal(resized(type, 1000, narrow, 100, {}), type.usual)
    assert.equal(resized(type, 60, narrow, 100, {}), 60)
  })

  it('have their chosen widths, and the preview has the rest', () => {
    assert.equal(tracks(shownColumns(0, {}), { type: 90 }), '28px 90px minmax(0, 1fr)')
  })

  it('stay within their bounds, also with kept widths', () => {
    const [number] = COLUMNS
    assert.ok(number)
    assert.equal(resized(number, -5, COLUMNS, 5000, {}), number.least)
    assert.equal(resized(number, 1e9, COLUMNS, 5000, {}), 600)
    const kept = { type: 90.4, size: 'wide', time: Number.NaN, preview: 300, other: 5, number: 1 }
    assert.deepEqual(parseWidths(kept), { type: 90, number: number.least })
    assert.deepEqual(parseWidths(null), {})
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
