/** Ids of JSON dialects: the ids that their rules name. */
import type { Dialect, Ids, MessageRule } from '../../shared/dialect.ts'
import type { Direction } from '../../shared/event.ts'
import { Memory } from '../dialects/memory.ts'
import { type CompiledPath, compilePath, isPath, read, type Step } from '../dialects/path.ts'
import { parseText } from '../dialects/payload.ts'
import { compileSource, idText } from '../dialects/source.ts'
import { NO_SURROUNDINGS, type Surroundings } from '../dialects/surroundings.ts'
import { type CompiledTest, compileTests, passesAll } from '../dialects/tests.ts'
import {
  type CarriedMessage,
  opposite,
  type PacketSplitter,
  type ProtocolIds,
  type ReplaceId,
  type WholePacket,
} from './ids.ts'
import { type Edit, editAt, type NewValue } from './json-edits.ts'
import { itemsOf, pastSpace } from './json-places.ts'
import { editedBytes, packetText } from './packet-text.ts'
import { type RequestParts, replaceParts } from './request-ids.ts'
import { MessageSplitter, packetOf, writeEach } from './splitters.ts'

/** An id of a kind: at the first of these paths that has a value. */
interface Place {
  readonly kind: string
  readonly paths: readonly CompiledPath[]
}

interface Rule {
  readonly direction: Direction | undefined
  readonly tests: readonly CompiledTest[]
  /** The id of the request is one of the other side. */
  readonly isAnswer: boolean
  readonly places: readonly Place[]
}

/** Tests of remembered values fail: the rules that follow have the same ids. */
const NOTHING = new Memory()
const MOST_ITEMS = 200_000
/** Kinds of ids of requests: of the side that sends the message, and of the other side. */
const REQUEST = 'request'
const ANSWERS = 'answers'

export function dialectIds(dialect: Dialect): ProtocolIds {
  const { name, separator } = dialect
  let rules: readonly Rule[] | undefined
  const protocol: ProtocolIds = {
    name,
    splitter: () =>
      separator === undefined ? new MessageSplitter(protocol) : new RecordSplitter(protocol, separator),
    replace(packet, replace) {
      rules ??= dialect.messages.map((rule) => compile(dialect, rule))
      return replaceIn(packet, dialect, rules, replace)
    },
    write: writeEach,
    replaceInRequest: (head, replace) => replaceParts(head, requestParts(dialect.ids), replace),
  }
  return protocol
}

function compile(dialect: Dialect, rule: MessageRule): Rule {
  const ids: Ids = { ...dialect.ids, ...rule.ids }
  const named = compileSource(rule.id).filter((part) => typeof part !== 'string')
  const places: Place[] = ids.request === undefined ? [{ kind: REQUEST, paths: named }] : []
  for (const [kind, paths] of Object.entries(ids))
    for (const path of typeof paths === 'string' ? [paths] : paths)
      places.push({ kind, paths: [compilePath(path)] })
  return {
    direction: rule.direction,
    tests: compileTests(rule.when),
    isAnswer: rule.answersTo === true || (typeof rule.answersTo === 'string' && isPath(rule.answersTo)),
    places,
  }
}

function replaceIn(
  packet: WholePacket,
  dialect: Dialect,
  rules: readonly Rule[],
  replace: ReplaceId,
): Uint8Array {
  const whole = packetText(packet.bytes)
  if (whole === undefined) return packet.bytes
  const { separator = '', batch = false, text: takesText = false } = dialect
  const text = separator !== '' && whole.endsWith(separator) ? whole.slice(0, -separator.length) : whole
  const root = parseText(text)
  if (root === undefined && !takesText) return packet.bytes
  const editing: Editing = { rules, packet, replace, edits: [] }
  if (root === undefined) edit(editing, text, text, 0, 'plain')
  else if (batch && Array.isArray(root) && root.length <= MOST_ITEMS) {
    let index = 0
    for (const start of itemsOf(text, pastSpace(text, 0))) edit(editing, root[index++], text, start, 'json')
  } else edit(editing, root, text, 0, 'json')
  return editedBytes(packet.bytes, whole, editing.edits)
}

interface Editing {
  readonly rules: readonly Rule[]
  readonly packet: WholePacket
  readonly replace: ReplaceId
  readonly edits: Edit[]
}

/** Adds the edits of the message that begins at `start`. */
function edit(
  { rules, packet, replace, edits }: Editing,
  root: unknown,
  text: string,
  start: number,
  form: 'json' | 'plain',
): void {
  const { direction, eventName } = packet
  const outside: Surroundings = { ...NO_SURROUNDINGS, event: eventName }
  const rule = rules.find(
    (each) =>
      (each.direction === undefined || each.direction === direction) &&
      passesAll(each.tests, root, outside, NOTHING),
  )
  for (const { kind, paths } of rule?.places ?? []) {
    const steps = stepsOf(paths, root)
    if (steps === undefined) continue
    const isAnswer = kind === ANSWERS || rule?.isAnswer === true
    const side = isAnswer ? opposite(direction) : direction
    const change: NewValue = (id) =>
      kind === REQUEST || kind === ANSWERS ? replace(REQUEST, id, side) : replace(kind, id, 'in')
    const found = editAt(text, start, steps, change, form)
    if (found !== undefined) edits.push(found)
  }
}

/** The first path to a value; undefined if it is one of the surroundings. */
function stepsOf(paths: readonly CompiledPath[], root: unknown): readonly Step[] | undefined {
  const path = paths.find((each) => !each.isOutside && idText(read(each, root)) !== undefined)
  return path?.steps
}

/** Messages with a separator after each packet, which stays with it. */
class RecordSplitter implements PacketSplitter {
  readonly #protocol: ProtocolIds
  readonly #separator: Buffer

  constructor(protocol: ProtocolIds, separator: string) {
    this.#protocol = protocol
    this.#separator = Buffer.from(separator)
  }

  push(message: CarriedMessage): readonly WholePacket[] {
    const bytes = Buffer.from(message.payload)
    const packets: WholePacket[] = []
    for (let start = 0; start < bytes.length; ) {
      const found = packets.length < MOST_ITEMS ? bytes.indexOf(this.#separator, start) : -1
      const end = found < 0 ? bytes.length : found + this.#separator.length
      packets.push(packetOf(this.#protocol, message, bytes.subarray(start, end)))
      start = end
    }
    return packets
  }

  finish(): readonly WholePacket[] {
    return []
  }
}

/** Query parameters and header fields with ids: the paths to `@.query.name` and `@.header.name`. */
function requestParts(ids: Ids = {}): RequestParts {
  const parts = { query: new Map<string, string>(), header: new Map<string, string>() }
  for (const [kind, paths] of Object.entries(ids))
    for (const path of typeof paths === 'string' ? [paths] : paths) {
      const { isOutside, steps } = compilePath(path)
      const [part, name] = steps.map((step) => ('key' in step ? step.key : ''))
      if (isOutside && (part === 'query' || part === 'header') && name !== undefined)
        parts[part].set(name, kind)
    }
  return parts
}
