/** Checks every message from a page before anything acts on it. */
import * as v from 'valibot'
import { MESSAGE_FORMATS } from '../../shared/compose/compose.ts'
import { WAITS } from '../../shared/compose/in-order.ts'
import { MAX_REPEAT_INTERVAL, MAX_REPEATS, MIN_REPEAT_INTERVAL } from '../../shared/compose/repeat.ts'
import { MAX_SAVED } from '../../shared/compose/shelf.ts'
import { COLORS, MAX_CONNECTION_NAME } from '../../shared/connection-labels.ts'
import { FAULT_KINDS, MAX_FAULTS } from '../../shared/faults.ts'
import { GROUPS } from '../../shared/groups.ts'
import { CERTIFICATE_FILES, FORM_FILES } from '../../shared/protocol/connecting.ts'
import { MAX_LANES } from '../../shared/protocol/exchanges.ts'
import {
  MAX_FILTER,
  MAX_FILTER_NAME,
  MAX_NOTE,
  MAX_WISH,
  MAX_WISHES,
} from '../../shared/protocol/filtering.ts'
import { MAX_LATENCY_WIDTH } from '../../shared/protocol/latency.ts'
import type { PanelToHostNotifications } from '../../shared/protocol/notifications.ts'
import { COPY_FORMS } from '../../shared/protocol/payloads.ts'
import type { RpcMessage } from '../../shared/protocol/rpc.ts'
import { MAX_REQUEST_NAME } from '../../shared/protocol/saved-requests.ts'
import { MAX_RANGES } from '../../shared/protocol/saving.ts'
import { UNSAVED_CHOICES } from '../../shared/protocol/unsaved.ts'
import type { PanelMethods } from '../../shared/protocol.ts'
import { FASTEST_REPLAY, SLOWEST_REPLAY } from '../../shared/status.ts'
import { BUFFERING_PROXY, CLIENTS_SEND } from '../../shared/techniques.ts'
import { TRANSPORTS } from '../../shared/transports.ts'
import { LOCATION } from '../attach/source-path.ts'

const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 32))
const time = v.pipe(v.number(), v.finite(), v.minValue(0))
const id = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2 ** 32))
/** Maximum length of the state that is kept for a page, in characters. */
const MAX_KEPT = 65_536
/** Maximum length of the name of a decoder. */
const MAX_DECODER = 100
/** Maximum length of the name of a form of a protocol, and of a field. */
const MAX_FIELD = 100
/** Maximum length of the name of a rule that finds faults. */
const MAX_RULE_NAME = 100
/** Connections that a part leaves out. */
const MAX_WITHOUT = 100_000
/** Longest URL that a form can begin with. */
const MAX_URL = 65_536
const MAX_TEXT = 128 * 1024 * 1024
const text = v.pipe(v.string(), v.maxLength(MAX_TEXT))
const onConnection = v.strictObject({ id })
const onEvent = v.strictObject({ index: count })
const composed = { format: v.picklist(MESSAGE_FORMATS), text }
const message = v.strictObject(composed)
const fault = v.strictObject({
  kind: v.picklist(FAULT_KINDS),
  value: v.number(),
  match: v.optional(v.pipe(v.string(), v.maxLength(MAX_FILTER))),
  seed: v.optional(count),
  after: v.optional(v.number()),
})
const plan = v.strictObject({
  interval: v.pipe(v.number(), v.integer(), v.minValue(MIN_REPEAT_INTERVAL), v.maxValue(MAX_REPEAT_INTERVAL)),
  count: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_REPEATS)),
})
const pace = v.strictObject({
  wait: v.picklist(WAITS),
  ms: v.pipe(v.number(), v.integer(), v.minValue(MIN_REPEAT_INTERVAL), v.maxValue(MAX_REPEAT_INTERVAL)),
})
const shelfChange = v.union([
  v.strictObject({ save: v.strictObject({ name: v.string(), ...composed }) }),
  v.strictObject({ rename: v.string(), to: v.string() }),
  v.strictObject({ remove: v.string() }),
  v.strictObject({ variables: v.record(v.string(), v.string()) }),
])

const replayCommand = v.variant('do', [
  v.strictObject({ do: v.picklist(['play', 'pause', 'step', 'stop']) }),
  v.strictObject({ do: v.literal('seek'), time }),
  v.strictObject({
    do: v.literal('speed'),
    speed: v.union([
      v.literal('max'),
      v.pipe(v.number(), v.minValue(SLOWEST_REPLAY), v.maxValue(FASTEST_REPLAY)),
    ]),
  }),
  v.strictObject({ do: v.literal('loop'), loop: v.boolean() }),
])

const requestName = v.pipe(v.string(), v.maxLength(MAX_REQUEST_NAME))
const wishes = v.pipe(v.array(v.pipe(v.string(), v.maxLength(MAX_WISH))), v.maxLength(MAX_WISHES))
const filterName = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_FILTER_NAME))
const filter = v.pipe(v.string(), v.maxLength(MAX_FILTER))
const ruleName = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_RULE_NAME))
const rulePlace = v.strictObject({ rule: ruleName, connection: v.nullable(id) })
const threshold = v.pipe(v.number(), v.finite(), v.minValue(0))
/** A part of the session. */
const selected = v.strictObject({
  generation: v.nullable(count),
  range: v.nullable(v.strictObject({ from: time, to: time })),
  connection: v.nullable(count),
  hidden: v.pipe(v.array(v.picklist(GROUPS)), v.maxLength(GROUPS.length)),
  without: v.optional(v.pipe(v.array(id), v.maxLength(MAX_WITHOUT))),
  end: count,
})
const part = v.strictObject({
  selected,
  ranges: v.nullable(v.pipe(v.array(v.strictObject({ from: count, to: count })), v.maxLength(MAX_RANGES))),
})

/** Milliseconds between events, and connections that are compared, at most. */
const MAX_EVERY = 3_600_000
const MAX_CHOSEN = 1000

const techniqueQuestion = v.strictObject({
  answers: v.strictObject({
    clientsSend: v.optional(v.picklist(CLIENTS_SEND)),
    plainBrowser: v.optional(v.boolean()),
    bufferingProxy: v.optional(v.picklist(BUFFERING_PROXY)),
    media: v.optional(v.boolean()),
  }),
  chosen: v.nullable(v.pipe(v.array(id), v.maxLength(MAX_CHOSEN))),
})

/** Schemas of the parameters. `parseSpec` checks the specification of a connection, and says what is wrong with it. */
const PARAMS: { readonly [K in keyof PanelMethods]: v.GenericSchema } = {
  ready: v.strictObject({ from: count, fromEventName: count }),
  ping: v.null(),
  filter: v.strictObject({ text: filter, generation: count }),
  stopFilter: v.strictObject({ generation: count }),
  statistics: selected,
  paths: v.null(),
  hold: v.strictObject({ held: v.boolean() }),
  mark: v.strictObject({ text: v.pipe(v.string(), v.maxLength(MAX_NOTE)), time }),
  saveFilter: v.strictObject({ name: filterName, text: v.pipe(filter, v.minLength(1)) }),
  forgetFilter: v.strictObject({ name: filterName }),
  previews: v.strictObject({ indexes: v.pipe(v.array(count), v.maxLength(10_000)) }),
  wish: v.strictObject({ generation: count, find: wishes, paths: wishes, replyKeys: wishes }),
  detail: v.strictObject({ index: count, maxBytes: count }),
  report: v.null(),
  exportReport: v.null(),
  techniques: techniqueQuestion,
  feedRate: v.strictObject({
    every: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_EVERY))),
  }),
  openFeed: v.null(),
  exportTechniques: techniqueQuestion,
  decoded: onEvent,
  decodedBytes: onEvent,
  conversation: onEvent,
  setDecoder: v.strictObject({
    connection: id,
    decoder: v.nullable(v.pipe(v.string(), v.maxLength(MAX_DECODER))),
  }),
  decoders: v.null(),
  chooseMessageTypes: v.strictObject({ connection: id }),
  seenDecoded: v.null(),
  answers: v.null(),
  findings: v.null(),
  exportFindings: v.null(),
  explainEvent: onEvent,
  explainFinding: v.strictObject({ rule: ruleName, connection: v.nullable(id), from: v.nullable(time) }),
  muteRule: rulePlace,
  unmuteRule: rulePlace,
  setThreshold: v.strictObject({ rule: ruleName, value: v.nullable(threshold) }),
  answer: v.strictObject({ connection: id, index: count, from: count }),
  exchanges: v.strictObject({
    from: time,
    to: time,
    connections: v.pipe(v.array(id), v.maxLength(MAX_LANES)),
  }),
  latency: v.strictObject({
    from: time,
    to: time,
    width: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_LATENCY_WIDTH)),
    connections: v.pipe(v.array(id), v.maxLength(MAX_LANES)),
  }),
  related: onEvent,
  stream: v.strictObject({ connection: id, from: count, maxBytes: count }),
  openPayload: onEvent,
  comparePayloads: v.strictObject({ left: count, right: count }),
  copyAs: v.strictObject({ index: count, form: v.picklist(COPY_FORMS) }),
  savePayload: v.strictObject({ index: count, whole: v.boolean() }),
  noteSelection: v.nullable(v.strictObject({ index: count, previous: v.nullable(count) })),
  connect: v.strictObject({ spec: v.unknown() }),
  connectAs: v.strictObject({ id, transport: v.nullable(v.picklist(TRANSPORTS)), insecure: v.boolean() }),
  recents: v.null(),
  connectRecent: v.strictObject({ recent: count }),
  presets: v.null(),
  connectPreset: v.strictObject({ preset: v.nullable(v.pipe(v.string(), v.maxLength(100))) }),
  forgetRecent: v.strictObject({ recent: count }),
  recordings: v.null(),
  openRecording: v.strictObject({ recording: v.nullable(count) }),
  openWalkthrough: v.null(),
  openForm: v.strictObject({
    source: v.union([
      v.strictObject({ connection: id }),
      v.strictObject({ recent: count }),
      v.strictObject({ url: v.pipe(v.string(), v.maxLength(MAX_URL)) }),
    ]),
  }),
  chooseFile: v.strictObject({ form: count, use: v.picklist(FORM_FILES) }),
  connectForm: v.strictObject({
    form: count,
    spec: v.unknown(),
    certificates: v.pipe(v.array(v.picklist(CERTIFICATE_FILES)), v.maxLength(CERTIFICATE_FILES.length)),
    remember: v.boolean(),
  }),
  forgetSecrets: v.strictObject({ form: count }),
  labelConnection: v.union([
    v.strictObject({ id, name: v.pipe(v.string(), v.maxLength(MAX_CONNECTION_NAME)) }),
    v.strictObject({ id, color: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(COLORS)) }),
  ]),
  runRequest: v.strictObject({ file: requestName, name: requestName }),
  saveRequest: v.strictObject({
    source: v.union([
      v.strictObject({ connection: id }),
      v.strictObject({ recent: count }),
      v.strictObject({ form: count, spec: v.unknown() }),
    ]),
  }),
  editRequest: v.strictObject({ connection: id }),
  updateRequest: v.strictObject({ form: count, connection: id, spec: v.unknown() }),
  keepMessage: v.strictObject({
    connection: id,
    message: v.union([message, onEvent]),
    name: v.nullable(requestName),
  }),
  sendStep: v.strictObject({ id, step: count }),
  sendScript: onConnection,
  stopScript: onConnection,
  disconnect: onConnection,
  reconnect: onConnection,
  send: v.strictObject({ id, message }),
  sendForm: v.strictObject({
    id,
    form: v.pipe(v.string(), v.maxLength(MAX_FIELD)),
    values: v.record(v.pipe(v.string(), v.maxLength(MAX_FIELD)), v.unknown()),
  }),
  repeat: v.strictObject({ id, message, plan }),
  sendInOrder: v.strictObject({
    id,
    messages: v.pipe(v.array(message), v.minLength(1), v.maxLength(MAX_SAVED)),
    pace,
  }),
  stopSending: onConnection,
  graphqlSchema: onConnection,
  setFaults: v.strictObject({
    proxy: id,
    connection: v.optional(id),
    faults: v.pipe(v.array(fault), v.maxLength(MAX_FAULTS)),
  }),
  cut: v.strictObject({ connection: id }),
  releaseHeld: v.strictObject({
    proxy: id,
    message: v.optional(id),
    text: v.optional(text),
    base64: v.optional(text),
    drop: v.optional(v.boolean()),
  }),
  addRule: v.strictObject({ id, rule: v.strictObject({ filter: text, text }) }),
  removeRule: v.strictObject({ id, index: count }),
  switchRule: v.strictObject({ id, index: count, on: v.boolean() }),
  keepAlive: v.strictObject({ id, message, interval: v.number() }),
  stopKeepAlive: onConnection,
  shelve: shelfChange,
  startDemo: v.strictObject({ transport: v.nullable(v.picklist(TRANSPORTS)) }),
  startProxy: v.null(),
  sendFile: onConnection,
  clear: v.null(),
  removeConnection: onConnection,
  restoreRemoved: v.null(),
  settleCleared: v.strictObject({ undo: v.boolean() }),
  save: v.strictObject({ part: v.nullable(part) }),
  copy: v.strictObject({ text }),
  replay: replayCommand,
  reopen: v.strictObject({ dismiss: v.boolean() }),
  stopServing: v.strictObject({ id }),
  servingOptions: v.strictObject({ id }),
  chooseUnsaved: v.strictObject({ id, choice: v.picklist(UNSAVED_CHOICES) }),
  changeKeys: v.null(),
  goToCode: LOCATION,
  attachToProgram: v.null(),
  reload: v.null(),
}

const NOTIFICATIONS: { readonly [K in keyof PanelToHostNotifications]: v.GenericSchema } = {
  acknowledge: v.null(),
  gaveUpKeyboard: v.null(),
  gotFocus: v.null(),
  keep: v.pipe(v.string(), v.maxLength(MAX_KEPT)),
}

const envelope = v.variant('rpc', [
  v.strictObject({ rpc: v.literal('request'), id: count, method: v.string(), params: v.unknown() }),
  v.strictObject({ rpc: v.literal('notify'), name: v.string(), data: v.unknown() }),
])

/** A valid message, or what is wrong with it and, for a request, the response that says so. */
export type Checked =
  | { readonly message: RpcMessage }
  | { readonly problem: string; readonly answer: RpcMessage | undefined }

function refused(problem: string, id?: number): Checked {
  if (id === undefined) return { problem, answer: undefined }
  return { problem, answer: { rpc: 'error', id, error: { code: 'BAD_MESSAGE', message: problem } } }
}

function schemaOf(schemas: Readonly<Record<string, v.GenericSchema>>, name: string) {
  return Object.hasOwn(schemas, name) ? schemas[name] : undefined
}

/** Checks one message from the page. An unknown method passes, because the endpoint rejects it. */
export function checkPanelMessage(raw: unknown): Checked {
  const parsed = v.safeParse(envelope, raw)
  if (!parsed.success) return refused('The page sent an invalid message.')
  const checked = parsed.output
  if (checked.rpc === 'notify') {
    const schema = schemaOf(NOTIFICATIONS, checked.name)
    if (schema !== undefined && v.is(schema, checked.data)) return { message: checked }
    return refused(`The page sent an invalid notification ${JSON.stringify(checked.name)}.`)
  }
  const schema = schemaOf(PARAMS, checked.method)
  if (schema === undefined || v.is(schema, checked.params)) return { message: checked }
  return refused(`The page called ${checked.method} with invalid parameters.`, checked.id)
}
