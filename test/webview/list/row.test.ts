import assert from 'node:assert/strict'
import { allocateColumns, type Kind, packKind } from '../../../src/shared/event-columns.ts'
import { newStatus, type SessionStatus } from '../../../src/shared/status.ts'
import { formatSessionTime } from '../../../webview/format/time.ts'
import { rankForKey } from '../../../webview/list/movement-keys.ts'
import { ColumnStore } from '../../../webview/state/events/column-store.ts'
import {
  directionOf,
  type EventSummary,
  summarizeEvent,
} from '../../../webview/state/events/event-summary.ts'
import { rowAsText } from '../../../webview/state/list/columns.ts'

const QUIET: SessionStatus = {
  startedAt: '2026-11-23T05:00:00.000Z',
  events: 1,
  firstKept: 0,
  firstPayload: 0,
  spoolBytes: 0,
  connections: [],
  unsaved: 0,
}
const EVENT_NAMES = ['', 'price', '502', '304', 'message', '1000', '1006']

function rowOf(
  kind: Partial<Kind> & Pick<Kind, 'type'>,
  eventName = 0,
  size = 0,
  calls?: string,
  status?: SessionStatus,
): EventSummary {
  const columns = allocateColumns(0, 1)
  columns.time[0] = 132_961.4
  columns.kind[0] = packKind({
    ...kind,
  })
  columns.connection[0] = 1
  columns.size[0] = size
  columns.eventName[0] = eventName
  const store = new ColumnStore()
  store.append(columns)
  const preview = calls === undefined ? undefined : { payloadName: calls, text: '' }
  const row = summarizeEvent(
    store,
    EVENT_NAMES,
    (id) => status?.connections.find((each) => each.id === id),
    0,
    preview,
  )
  assert.ok(row)
  return row
}

const textPreview = (text: string) => ({ payloadName: 'trade', text, latency: 12.3456 })

describe('a row of the list', () => {
  it('shows the direction as an arrow and a word', () => {
    const seen = (row: EventSummary) => [directionOf(row).arrow, directionOf(row).word, row.tone]
    assert.deepEqual(seen(rowOf({ type: 'message', direction: 'in' })), ['↓', 'received', 'in'])
    assert.deepEqual(seen(rowOf({ type: 'message', direction: 'out' })), ['↑', 'sent', 'out'])
    const automatic = rowOf({ type: 'message', direction: 'out', automatic: true })
    assert.deepEqual(seen(automatic), ['⇡', 'sent automatically', 'quiet'])
    assert.deepEqual(seen(rowOf({ type: 'pong', direction: 'out' })), ['↑', 'sent', 'control'])
    assert.deepEqual(seen(rowOf({ type: 'open' })), ['·', 'lifecycle', 'quiet'])
  })

  it('names a message by its SSE event, else by its payload, else by its type', () => {
    assert.equal(rowOf({ type: 'message', direction: 'in' }, 1, 0, 'trade').type, 'event: price')
    assert.equal(rowOf({ type: 'message', direction: 'in' }, 4, 0, 'trade').type, 'trade')
    assert.equal(rowOf({ type: 'message', direction: 'in' }, 0, 0, 'trade').type, 'trade')
    assert.equal(rowOf({ type: 'message', direction: 'in' }).type, 'message')
    assert.equal(rowOf({ type: 'message', direction: 'in', binary: true }).type, 'binary')
    assert.equal(rowOf({ type: 'ping', direction: 'in' }, 1).type, 'ping')
  })

  it('names its connection, by number if it is gone', () => {
    const connections = [2, 1].map((id) => ({ ...newStatus(id), url: `ws://host/feed-${id}` }))
    const status = { ...QUIET, connections }
    assert.match(rowOf({ type: 'open' }, 0, 0, undefined, status).connection, /feed-1/)
    assert.equal(rowOf({ type: 'open' }, 0, 0, undefined, QUIET).connection, 'connection 1')
    assert.equal(rowOf({ type: 'open' }).connection, 'connection 1')
  })

  it('shows only the size of payloads', () => {
    assert.equal(rowOf({ type: 'message', direction: 'in' }, 1, 388).size, '388\u00a0B')
    assert.equal(rowOf({ type: 'response' }, 2).size, '')
    assert.equal(rowOf({ type: 'open' }, 1).size, '')
    assert.equal(rowOf({ type: 'response' }, 2).bytes, undefined)
  })

  it('distinguishes failures from empty responses', () => {
    assert.equal(rowOf({ type: 'response' }, 2).tone, 'error')
    assert.equal(rowOf({ type: 'response', empty: true }, 3).tone, 'quiet')
    assert.equal(rowOf({ type: 'reconnect' }).tone, 'warn')
  })

  it('has an icon for its type, and another one for what went wrong', () => {
    assert.equal(rowOf({ type: 'message', direction: 'in' }).icon, 'circle-small-filled')
    assert.equal(rowOf({ type: 'ping', direction: 'in' }).icon, 'heart')
    assert.equal(rowOf({ type: 'response' }, 2).icon, 'error')
    const [normal, vanished] = [rowOf({ type: 'close' }, 5), rowOf({ type: 'close' }, 6)]
    assert.deepEqual([normal.tone, normal.icon], ['quiet', 'circle-slash'])
    assert.deepEqual([vanished.tone, vanished.icon], ['error', 'error'])
  })

  it('is copied as one line of tab-separated values', () => {
    const row = rowOf({ type: 'message', direction: 'in' }, 0, 388, 'trade')
    assert.equal(
      rowAsText({
        row,
        time: formatSessionTime(row.time),
        connection: 'ws feed',
        preview: textPreview('a\tb'),
      }),
      '1\t02:12.961\t\tconnection 1\treceived\ttrade\t12.346\t\t\t388 B\ta b',
    )
    const late = { ...row, index: 48_225, gap: 1675.4, delta: '1,675' }
    assert.match(
      rowAsText({ row: late, time: '14:02:11.482', connection: '', preview: undefined }),
      /^48226\t14:02:11.482\t1675\t/,
    )
  })
})

describe('keys in the list', () => {
  const rows = { first: 100, end: 200, eventAt: (rank: number) => rank, rankOf: (event: number) => event }
  const press = (key: string, selected: number) => rankForKey(key, selected, 20, rows, 150)

  it('move by one, by a page and to the start, and stop at the edges', () => {
    assert.equal(press('ArrowDown', 150), 151)
    assert.equal(press('ArrowUp', 150), 149)
    assert.equal(press('PageDown', 150), 170)
    assert.equal(press('PageUp', 150), 130)
    assert.equal(press('Home', 150), 100)
    assert.equal(press('PageDown', 195), 199)
    assert.equal(press('ArrowUp', 100), 100)
  })

  it('start from the rows in view if none is selected', () => {
    assert.equal(press('ArrowDown', -1), 150)
    assert.equal(press('ArrowUp', -1), 169)
  })

  it('ignore other keys', () => {
    assert.equal(press('a', 150), undefined)
  })
})
