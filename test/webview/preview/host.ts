/** A fake host in the page: answers the page's calls and sends events. */

import { StatisticsBuilder } from '../../../src/capture/part-statistics.ts'
import { Diagnosis } from '../../../src/diagnose/diagnosis.ts'
import { changeShelf, EMPTY_SHELF, type Shelf } from '../../../src/shared/compose/shelf.ts'
import type { SavedFilter } from '../../../src/shared/protocol/filtering.ts'
import type {
  PanelNotifications,
  PanelToHostNotifications,
} from '../../../src/shared/protocol/notifications.ts'
import { RpcEndpoint } from '../../../src/shared/protocol/rpc.ts'
import type { Delta, PanelMethods } from '../../../src/shared/protocol.ts'
import {
  type ConnectionStatus,
  newStatus,
  type RepeatStatus,
  type SessionStatus,
} from '../../../src/shared/status.ts'
import { FakeFilterRunner } from './filter-runner.ts'
import { payloadCalls } from './payloads.ts'
import { inventedReport } from './report.ts'
import { invented } from './session.ts'
import { type Story, told } from './story.ts'

/** The globals of the browser that this file uses. */
interface Page {
  postMessage(message: unknown, origin: string): void
  acquireVsCodeApi: unknown
  fake: unknown
  /** Milliseconds between events, and how many there are, set before this script. */
  readonly fakeStep?: number
  readonly fakeEvents?: number
  /** A whole session to show instead. */
  readonly fakeStory?: Story
}

const page = globalThis as unknown as Page
const step = page.fakeStep ?? 4.2
const LARGEST_DELTA = 65_536

const { fakeStory } = page
const source = fakeStory === undefined ? invented(step) : told(fakeStory)
let events = fakeStory === undefined ? (page.fakeEvents ?? 0) : fakeStory.previews.length
let sent = 0
let sentEventNames = 0
let subscribed = false
let waiting = false
let stalled = false
let firstKept = 0
let firstPayload = 0
let held = false
let savedFilters: readonly SavedFilter[] = []
const filterRunner = new FakeFilterRunner(source)
let state: unknown
let shelf: Shelf = EMPTY_SHELF
let repeat: RepeatStatus | undefined
/** Overrides the state of the connections. */
let said: Partial<ConnectionStatus> = {}
const calls: { method: string; params: unknown }[] = []
const startedAt = new Date(Date.UTC(2026, 10, 23, 14, 0, 0)).toISOString()

const base: ConnectionStatus = {
  ...newStatus(1),
  url: 'wss://feed.example/ticker',
  transport: 'websocket',
  state: 'open',
  since: 0,
  openedAt: 30,
  canSend: true,
}

function status(): SessionStatus {
  const at = source.time(events)
  const connections: ConnectionStatus[] = [
    { ...base, messagesIn: Math.floor(events / 3), messagesOut: Math.floor(events / 12), rate: 412, stalled },
    {
      ...base,
      id: 2,
      url: 'https://api.example/events',
      transport: 'sse',
      canSend: false,
      state: 'waiting',
      since: at - 300,
      retry: { attempt: 2, at: at + 1400, reason: 'connection reset' },
    },
    {
      ...base,
      id: 3,
      url: 'https://kv/config?wait=30s',
      transport: 'long-poll',
      canSend: false,
      heldSince: at - 12_000,
      responses: 31,
      emptyResponses: 27,
      messagesIn: 4,
    },
  ]
  const status: SessionStatus = {
    startedAt,
    at,
    events,
    firstKept,
    firstPayload,
    spoolBytes: 0,
    connections:
      events === 0
        ? []
        : (source.connections ?? connections).map((each) => ({
            ...each,
            ...said,
            repeat: each.id === 1 ? repeat : undefined,
          })),
    unsaved: events,
  }
  return { ...status, findings: new Diagnosis().findings({ status }) }
}

const done =
  (method: string) =>
  (params: unknown): null => {
    calls.push({ method, params })
    return null
  }

let deliver: (message: unknown) => void = () => {}

const endpoint = new RpcEndpoint<
  PanelMethods,
  Record<never, { params: unknown; result: unknown }>,
  PanelNotifications,
  PanelToHostNotifications
>(
  {
    post: (message) => page.postMessage(structuredClone(message), '*'),
    onMessage: (listener) => {
      deliver = listener
    },
  },
  {
    handlers: {
      ready: ({ from, fromEventName }) => {
        sent = from
        sentEventNames = fromEventName
        subscribed = true
        endpoint.notify('status', status())
        flow()
        return {
          recentUrls: ['wss://feed.example/ticker', 'https://api.example/events'],
          trusted: true,
          shelf,
          savedFilters,
        }
      },
      ping: () => null,
      previews: ({ indexes }) => indexes.map(source.preview),
      detail: ({ index, maxBytes }) => source.detail(index, maxBytes),
      filter: (params) => {
        done('filter')(params)
        const mistake = filterRunner.start(params.text, params.generation)
        flow()
        return mistake
      },
      stopFilter: (params) => {
        filterRunner.stop()
        return done('stopFilter')(params)
      },
      statistics: (selected) => {
        done('statistics')(selected)
        const log = { count: events, firstKept, columns: columnsFrom }
        const statistics = new StatisticsBuilder(
          log,
          selected,
          selected.generation === null ? undefined : filterRunner.matches,
        )
        while (statistics.step(selected.end));
        return statistics.result()
      },
      paths: (params) => {
        done('paths')(params)
        return [
          { path: '$.type', values: ['"trade"', '"quote"'] },
          { path: '$.price', values: ['102.25'] },
        ]
      },
      hold: (params) => {
        held = params.held
        flow()
        return done('hold')(params)
      },
      mark: done('mark'),
      saveFilter: (filter) => {
        done('saveFilter')(filter)
        savedFilters = [...savedFilters.filter(({ name }) => name !== filter.name), filter]
        return savedFilters
      },
      forgetFilter: ({ name }) => {
        savedFilters = savedFilters.filter((filter) => filter.name !== name)
        return savedFilters
      },
      connect: (params) => {
        done('connect')(params)
        return { id: 1 }
      },
      sendFile: (params) => {
        done('sendFile')(params)
        return { sent: true }
      },
      disconnect: done('disconnect'),
      reconnect: done('reconnect'),
      send: done('send'),
      repeat: (params) => {
        repeat = { sent: 1, ...params.plan }
        endpoint.notify('status', status())
        return done('repeat')(params)
      },
      stopRepeat: (params) => {
        if (repeat !== undefined)
          repeat = { ...repeat, ended: `Stopped after ${repeat.sent} of ${repeat.count}.` }
        endpoint.notify('status', status())
        return done('stopRepeat')(params)
      },
      shelve: (change) => {
        done('shelve')(change)
        shelf = changeShelf(shelf, change)
        return shelf
      },
      startDemo: done('startDemo'),
      ...payloadCalls((method, params) => calls.push({ method, params })),
      save: done('save'),
      report: (params) => {
        done('report')(params)
        return inventedReport()
      },
      copy: done('copy'),
      reopen: done('reopen'),
      stopServing: done('stopServing'),
      servingOptions: done('servingOptions'),
      chooseUnsaved: done('chooseUnsaved'),
      reload: done('reload'),
      replay: done('replay'),
      clear: (params) => {
        clear()
        return done('clear')(params)
      },
    },
    onNotify: {
      acknowledge: () => {
        waiting = false
        flow()
      },
      gaveUpKeyboard: done('gaveUpKeyboard'),
      gotFocus: done('gotFocus'),
    },
  },
)

function clear(): void {
  events = 0
  sent = 0
  sentEventNames = 0
  held = false
  filterRunner.clear()
  endpoint.notify('reset', null)
  endpoint.notify('status', status())
}

function columnsFrom(from: number, max: number) {
  return source.columns(from, Math.max(from, Math.min(events, from + max)))
}

function flow(): void {
  if (!subscribed || waiting) return
  const to = held ? sent : Math.min(events, sent + LARGEST_DELTA)
  const matches = filterRunner.take(to)
  if (to === sent && matches === undefined) return
  const delta: Delta = {
    columns: source.columns(sent, to),
    ...(matches === undefined ? {} : { matches }),
    firstEventName: sentEventNames,
    eventNames: source.eventNames.slice(sentEventNames),
    status: status(),
  }
  sent = to
  sentEventNames = source.eventNames.length
  waiting = true
  endpoint.notify('delta', delta)
}

page.acquireVsCodeApi = () => ({
  postMessage: (message: unknown) => queueMicrotask(() => deliver(structuredClone(message))),
  getState: () => state,
  setState: (next: unknown) => {
    state = next
  },
})

let timer: ReturnType<typeof setInterval> | undefined

/** Methods for tests, as `fake` in the global scope of the page. */
const fake = {
  /** The calls of the page, in order. */
  calls: () => calls,
  total: () => events,
  /** The state that the page has kept. */
  kept: () => state,
  /** Adds events at once. */
  add(count: number): void {
    events += count
    flow()
  },
  /** Sends events at a rate until `stop`. */
  start(perSecond: number): void {
    let last = performance.now()
    let owed = 0
    timer = setInterval(() => {
      const now = performance.now()
      owed += ((now - last) / 1000) * perSecond
      last = now
      events += Math.floor(owed)
      owed -= Math.floor(owed)
      flow()
    }, 16)
  },
  stop: () => clearInterval(timer),
  /** How many events a filter tests between two answers. */
  searchPace(events: number): void {
    filterRunner.pace = events
  },
  drop(kept: number, payload: number): void {
    firstKept = kept
    firstPayload = payload
    endpoint.notify('status', status())
  },
  /** Overrides the state of every connection. */
  say(part: Partial<ConnectionStatus>): void {
    said = part
    endpoint.notify('status', status())
  },
  /** Advances the repeat. */
  repeated(count: number): void {
    if (repeat !== undefined) repeat = { ...repeat, sent: count }
    endpoint.notify('status', status())
  },
  /** Tells the page whether the editor asks the user for input. */
  ask: (asking: boolean) => endpoint.notify('asking', asking),
  serve: (served: PanelNotifications['served']) => endpoint.notify('served', served),
  leave: (unsaved: PanelNotifications['unsaved']) => endpoint.notify('unsaved', unsaved),
  offer: (reopenable: PanelNotifications['reopenable']) => endpoint.notify('reopenable', reopenable),
  fail: (failed: PanelNotifications['failed']) => endpoint.notify('failed', failed),
  changeFile: (change: PanelNotifications['file']) => endpoint.notify('file', change),
  clear,
  stall(): void {
    stalled = true
    endpoint.notify('status', status())
  },
}

export type FakeHost = typeof fake

page.fake = fake
