/** A fake host in the page: answers the page's calls and sends events. */

import { StatisticsBuilder } from '../../../src/capture/part-statistics.ts'
import { noticesOf } from '../../../src/diagnose/notices.ts'
import { changeShelf, EMPTY_SHELF, type Shelf } from '../../../src/shared/compose/shelf.ts'
import type { ConnectionLabel } from '../../../src/shared/connection-labels.ts'
import type { Finding } from '../../../src/shared/finding.ts'
import type { GraphqlSchema } from '../../../src/shared/graphql/schema.ts'
import { NOTHING_DECODED } from '../../../src/shared/protocol/decoding.ts'
import type { SavedFilter } from '../../../src/shared/protocol/filtering.ts'
import type {
  PanelNotifications,
  PanelToHostNotifications,
} from '../../../src/shared/protocol/notifications.ts'
import { RpcEndpoint } from '../../../src/shared/protocol/rpc.ts'
import type { StatusUpdate } from '../../../src/shared/protocol/status-update.ts'
import type { ProxyStatus } from '../../../src/shared/protocol/traffic.ts'
import type { Delta, PanelMethods } from '../../../src/shared/protocol.ts'
import type { RuleStatus } from '../../../src/shared/rule.ts'
import {
  type ConnectionStatus,
  type KeepAliveStatus,
  newStatus,
  type SendingStatus,
  type SessionStatus,
} from '../../../src/shared/status.ts'
import { connectingCalls } from './connecting.ts'
import { crowdOf } from './crowd.ts'
import { FakeFilterRunner } from './filter-runner.ts'
import { FakeFindings } from './findings.ts'
import { payloadCalls } from './payloads.ts'
import { FakeProxies } from './proxies.ts'
import { inventedReport } from './report.ts'
import { invented } from './session.ts'
import { type Story, told } from './story.ts'
import { inventedTechniques } from './techniques.ts'

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
  /** Many connections to show instead, and whether they have requests. */
  readonly fakeCrowd?: { readonly connections: number; readonly hasRequests: boolean }
  readonly fakeShelf?: Shelf
  /** What the rules have found. */
  readonly fakeFindings?: readonly Finding[]
}

const page = globalThis as unknown as Page
const step = page.fakeStep ?? 4.2
const LARGEST_DELTA = 65_536

const { fakeStory } = page
const crowd = page.fakeCrowd && crowdOf(page.fakeCrowd.connections, page.fakeCrowd.hasRequests)
const source = crowd ?? (fakeStory === undefined ? invented(step) : told(fakeStory))
let events = fakeStory === undefined ? (page.fakeEvents ?? 0) : fakeStory.previews.length
let sent = 0
let sentEventNames = 0
let subscribed = false
let waiting = false
let stalled = false
let firstKept = 0
let firstPayload = 0
let held = false
let cleared: number | undefined
let removed: readonly number[] = []
let savedFilters: readonly SavedFilter[] = []
const findings = new FakeFindings(page.fakeFindings ?? [])
const filterRunner = new FakeFilterRunner(source)
const proxies = new FakeProxies()
let state: unknown
/** Milliseconds between two events of the demo's feed. */
let rate = 1000
let shelf: Shelf = page.fakeShelf ?? EMPTY_SHELF
/** What a server for GraphQL tells of itself. */
const SCHEMA: GraphqlSchema = {
  roots: { query: 'Query', subscription: 'Subscription' },
  types: {
    Query: [
      { name: 'hello', type: 'String!', of: 'String', args: [{ name: 'name', type: 'String' }] },
      { name: 'user', type: 'User', of: 'User', args: [{ name: 'id', type: 'ID!' }] },
    ],
    User: [{ name: 'email', type: 'String', of: 'String', args: [] }],
    Subscription: [{ name: 'onPrice', type: 'Float!', of: 'Float', args: [] }],
  },
}
const labels = new Map<number, ConnectionLabel>()
let sending: SendingStatus | undefined
let rules: readonly RuleStatus[] = []
let keepAlive: KeepAliveStatus | undefined
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
  const all =
    events === 0
      ? []
      : (source.connections ?? connections).map((each) => ({
          ...each,
          ...said,
          findings: findings.of(each.id),
          sending: each.id === 1 ? sending : undefined,
          ...(each.id === 1 && rules.length > 0 && { rules }),
          ...(each.id === 1 && keepAlive !== undefined && { keepAlive }),
        }))
  const found = findings.summary()
  const status: SessionStatus = {
    startedAt,
    at,
    events,
    firstKept,
    firstPayload,
    spoolBytes: 0,
    connections: all.filter(({ id }) => !removed.includes(id)),
    ...(cleared !== undefined && { cleared: { events: cleared, connections: [] } }),
    ...(removed.length > 0 && { removed: all.filter(({ id }) => removed.includes(id)) }),
    unsaved: events,
    ...(events > 0 && found !== undefined && { findings: found }),
    ...proxies.status(),
  }
  return { ...status, notices: noticesOf(status) }
}

/** Whether the page has had all connections of a crowd. */
let hasCrowd = false

/** The status as the engine sends it with events: for a crowd, what has changed since the one before. */
function statusUpdate(): StatusUpdate {
  const whole = status()
  if (crowd === undefined || !hasCrowd) {
    hasCrowd = events > 0
    return whole
  }
  const { connections: _, ...facts } = whole
  return { ...facts, changes: { connections: [], traffic: crowd.traffic(events) } }
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
          hasWalkthrough: true,
          openedFrom: 'ssh-remote',
          trusted: true,
          shelf,
          savedFilters,
        }
      },
      ping: () => null,
      previews: ({ indexes }) => indexes.map(source.preview),
      wish: done('wish'),
      setFaults: (params) => {
        proxies.setFaults(params)
        endpoint.notify('status', status())
        return done('setFaults')(params)
      },
      cut: done('cut'),
      releaseHeld: (params) => {
        proxies.releaseHeld(params)
        endpoint.notify('status', status())
        return done('releaseHeld')(params)
      },
      detail: ({ index, maxBytes }) => source.detail(index, maxBytes),
      decoded: () => ({ events: null, connection: null }),
      decodedBytes: () => null,
      conversation: () => null,
      setDecoder: done('setDecoder'),
      decoders: () => ['json', 'protobuf', 'none'],
      seenDecoded: () => NOTHING_DECODED,
      answers: () => ({ answers: [], read: 0, isCurrent: true }),
      findings: (params) => {
        done('findings')(params)
        return findings.list(events)
      },
      muteRule: (params) => {
        findings.mute(params, true)
        endpoint.notify('status', status())
        return done('muteRule')(params)
      },
      unmuteRule: (params) => {
        findings.mute(params, false)
        endpoint.notify('status', status())
        return done('unmuteRule')(params)
      },
      setThreshold: (params) => {
        findings.setThreshold(params)
        endpoint.notify('status', status())
        return done('setThreshold')(params)
      },
      answer: () => null,
      exchanges: (span) =>
        crowd?.exchanges({ ...span, to: Math.min(span.to, source.time(events)) }) ?? {
          lanes: [],
          rows: [],
          isCurrent: true,
        },
      latency: () => ({ lanes: [], isCurrent: true }),
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
      ...connectingCalls((method, params) => calls.push({ method, params })),
      labelConnection: (change) => {
        const { id, ...said } = change
        labels.set(id, { ...labels.get(id), connection: id, ...said })
        endpoint.notify('labels', [...labels.values()])
        return done('labelConnection')(change)
      },
      chooseMessageTypes: done('chooseMessageTypes'),
      sendFile: (params) => {
        done('sendFile')(params)
        return { sent: true }
      },
      disconnect: done('disconnect'),
      reconnect: done('reconnect'),
      send: done('send'),
      sendForm: done('sendForm'),
      repeat: (params) => {
        sending = { sent: 1, ...params.plan }
        endpoint.notify('status', status())
        return done('repeat')(params)
      },
      sendInOrder: (params) => {
        sending = { sent: 1, count: params.messages.length }
        endpoint.notify('status', status())
        return done('sendInOrder')(params)
      },
      stopSending: (params) => {
        if (sending !== undefined)
          sending = { ...sending, ended: `Stopped after ${sending.sent} of ${sending.count}.` }
        endpoint.notify('status', status())
        return done('stopSending')(params)
      },
      addRule: (params) => {
        rules = [...rules, { ...params.rule, count: 0 }]
        endpoint.notify('status', status())
        return done('addRule')(params)
      },
      removeRule: (params) => {
        rules = rules.filter((_, at) => at !== params.index)
        endpoint.notify('status', status())
        return done('removeRule')(params)
      },
      switchRule: (params) => {
        rules = rules.map(({ ended: _, ...rule }, at) =>
          at === params.index && !params.on ? { ...rule, ended: 'The rule is switched off.' } : rule,
        )
        endpoint.notify('status', status())
        return done('switchRule')(params)
      },
      keepAlive: (params) => {
        keepAlive = { text: params.message.text, interval: params.interval, sent: 1 }
        endpoint.notify('status', status())
        return done('keepAlive')(params)
      },
      stopKeepAlive: (params) => {
        keepAlive = undefined
        endpoint.notify('status', status())
        return done('stopKeepAlive')(params)
      },
      graphqlSchema: (params) => {
        done('graphqlSchema')(params)
        return SCHEMA
      },
      runRequest: (params) => {
        done('runRequest')(params)
        return { id: 1 }
      },
      saveRequest: done('saveRequest'),
      editRequest: done('editRequest'),
      updateRequest: (params) => {
        done('updateRequest')(params)
        return { updated: true }
      },
      keepMessage: (params) => {
        done('keepMessage')(params)
        return { kept: true }
      },
      sendStep: done('sendStep'),
      sendScript: done('sendScript'),
      stopScript: done('stopScript'),
      shelve: (change) => {
        done('shelve')(change)
        shelf = changeShelf(shelf, change)
        return shelf
      },
      startDemo: done('startDemo'),
      startProxy: done('startProxy'),
      ...payloadCalls((method, params) => calls.push({ method, params })),
      save: done('save'),
      report: (params) => {
        done('report')(params)
        return inventedReport()
      },
      exportFindings: done('exportFindings'),
      explainEvent: done('explainEvent'),
      explainFinding: done('explainFinding'),
      exportReport: done('exportReport'),
      techniques: (params) => {
        done('techniques')(params)
        return inventedTechniques(params.answers)
      },
      feedRate: ({ every }) => {
        done('feedRate')({ every })
        rate = every ?? rate
        return { every: rate, least: 20, most: 10_000 }
      },
      openFeed: done('openFeed'),
      exportTechniques: done('exportTechniques'),
      copy: done('copy'),
      reopen: done('reopen'),
      stopServing: done('stopServing'),
      servingOptions: done('servingOptions'),
      chooseUnsaved: done('chooseUnsaved'),
      changeKeys: done('changeKeys'),
      goToCode: done('goToCode'),
      attachToProgram: done('attachToProgram'),
      reload: done('reload'),
      replay: done('replay'),
      settleCleared: (params) => {
        cleared = undefined
        endpoint.notify('status', status())
        return done('settleCleared')(params)
      },
      removeConnection: (params) => {
        removed = [...removed, params.id]
        endpoint.notify('status', status())
        return done('removeConnection')(params)
      },
      restoreRemoved: (params) => {
        removed = []
        endpoint.notify('status', status())
        return done('restoreRemoved')(params)
      },
      clear: (params) => {
        cleared = events
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
  endpoint.notify('reset', { why: 'cleared' })
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
    status: statusUpdate(),
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
  /** Replaces what the rules have found. */
  find(found: readonly Finding[]): void {
    findings.find(found)
    endpoint.notify('status', status())
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
  /** Replaces the recording proxies that run. */
  runProxies(running: readonly ProxyStatus[]): void {
    proxies.run(running)
    endpoint.notify('status', status())
  },
  /** Advances what is sent repeatedly or in order. */
  repeated(count: number): void {
    if (sending !== undefined) sending = { ...sending, sent: count }
    endpoint.notify('status', status())
  },
  /** Tells the page whether the editor asks the user for input. */
  ask: (asking: boolean) => endpoint.notify('asking', asking),
  act: (action: PanelNotifications['act']) => endpoint.notify('act', action),
  label: (labels: PanelNotifications['labels']) => endpoint.notify('labels', labels),
  showOnly: (connection: number | null) => endpoint.notify('showConnection', { connection, how: 'only' }),
  chooseElsewhere: (chosen: PanelNotifications['showConnection']) =>
    endpoint.notify('showConnection', chosen),
  listRequests: (requests: PanelNotifications['savedRequests']) => endpoint.notify('savedRequests', requests),
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
