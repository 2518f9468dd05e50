/** Rules for the messages of a dialect: compiled once, then applied to each message. */

import type { MessageRule } from '../../shared/dialect.ts'
import type { Direction } from '../../shared/event.ts'
import type { EncodedMessage, Packet } from '../decoder.ts'
import { asBuffer } from '../values.ts'
import { bitOf, Head, type HeadShape, headShape } from './head.ts'
import { Memory, type Remembered } from './memory.ts'
import { type CompiledPath, compilePath, read } from './path.ts'
import {
  type CompiledSource,
  compileKeySource,
  compileSource,
  firstAt,
  keyAt,
  keyOf,
  keyText,
  textAt,
} from './source.ts'
import { type CompiledTest, compileTests, passesAll } from './tests.ts'
import { Unread } from './unread.ts'

interface Place {
  readonly heading: string
  readonly path: CompiledPath
}

export interface CompiledRule {
  readonly direction: Direction | undefined
  readonly tests: readonly CompiledTest[]
  /** The members without which a test fails, as in `Head.present`; `shapeOf` sets it. */
  required: number
  readonly kind: Packet['kind']
  readonly name: CompiledSource
  readonly channel: CompiledSource
  readonly id: CompiledSource
  readonly asks: CompiledSource | true | undefined
  readonly answersTo: CompiledSource | true | undefined
  readonly continues: boolean
  readonly value: CompiledPath | undefined
  readonly remember: readonly Place[]
  readonly recall: readonly Place[]
}

export function compileRule(rule: MessageRule): CompiledRule {
  const { direction, when, kind, name, channel, id, asks, answersTo, continues = false, value } = rule
  return {
    direction,
    tests: compileTests(when),
    required: 0,
    kind,
    name: compileSource(name),
    channel: compileSource(channel),
    id: compileSource(id),
    asks: asks === undefined || asks === true ? asks : compileKeySource(asks),
    answersTo: answersTo === undefined || answersTo === true ? answersTo : compileKeySource(answersTo),
    continues,
    value: value === undefined ? undefined : compilePath(value),
    remember: placesOf(rule.remember),
    recall: placesOf(rule.recall),
  }
}

function placesOf(places: MessageRule['remember'] = {}): readonly Place[] {
  return Object.entries(places).map(([heading, path]) => ({ heading, path: compilePath(path) }))
}

/**
 * The packet that the first fitting rule makes of a message; undefined if none fits. `outside` are the surroundings of the
 * message. If `root` is its head, the packet reads its value from the payload later. Without `hasValue`, it has none.
 */
export function apply(
  rules: readonly CompiledRule[],
  root: unknown,
  outside: unknown,
  direction: Direction,
  memory: Memory,
  hasValue: boolean,
  message?: EncodedMessage,
): Packet | undefined {
  const present = root instanceof Head ? root.present : -1
  for (const rule of rules) {
    if ((rule.required & present) !== rule.required) continue
    if (rule.direction !== undefined && rule.direction !== direction) continue
    if (passesAll(rule.tests, root, outside, memory))
      return packetOf(rule, root, outside, memory, hasValue, message)
  }
  return undefined
}

function packetOf(
  rule: CompiledRule,
  root: unknown,
  outside: unknown,
  memory: Memory,
  hasValue: boolean,
  message: EncodedMessage | undefined,
): Packet {
  const recalled = rule.recall.length === 0 ? undefined : recall(rule.recall, root, outside, memory)
  const name = textAt(rule.name, root, outside) ?? recalled?.name
  const channel = textAt(rule.channel, root, outside) ?? recalled?.channel
  const idKey = keyOf(firstAt(rule.id, root, outside))
  let id = idKey
  const asks = rule.asks === true ? idKey : rule.asks && keyAt(rule.asks, root, outside)
  let answersTo = rule.answersTo === true ? idKey : rule.answersTo && keyAt(rule.answersTo, root, outside)
  if (rule.answersTo === true && id === undefined) {
    id = recalled?.id
    answersTo = recalled?.key
  }
  for (const { heading, path } of rule.remember) {
    const key = keyText(read(path, path.isOutside ? outside : root))
    if (key !== undefined) memory.set(heading, key, { name, channel, id, key: asks })
  }
  const { kind } = rule
  const continues = answersTo !== undefined && rule.continues
  if (!hasValue) return { kind, name, channel, id, asks, answersTo, continues }
  // Plain assignments, because spreading objects takes longer than all the rest.
  const packet: { -readonly [Field in keyof Packet]: Packet[Field] } = { kind }
  if (name !== undefined) packet.name = name
  if (channel !== undefined) packet.channel = channel
  if (id !== undefined) packet.id = id
  if (asks !== undefined) packet.asks = asks
  if (answersTo !== undefined) packet.answersTo = answersTo
  if (continues) packet.continues = true
  if (message !== undefined) packet.lazyValue = lazyValueOf(rule, root, outside, message.payload)
  else packet.value = rule.value === undefined ? root : valueAt(rule.value, root, outside)
  return packet
}

/** Apart from `packetOf`, which then needs no memory for what a closure would share with it. */
function lazyValueOf(
  { value }: CompiledRule,
  root: unknown,
  outside: unknown,
  payload: Uint8Array,
): () => unknown {
  return () => {
    if (value !== undefined) return valueAt(value, root, outside)
    return new Unread(asBuffer(payload), 0, payload.length).value
  }
}

function valueAt(path: CompiledPath, root: unknown, outside: unknown): unknown {
  const value = read(path, path.isOutside ? outside : root)
  return value instanceof Unread ? value.value : value
}

function recall(
  places: readonly Place[],
  root: unknown,
  outside: unknown,
  memory: Memory,
): Remembered | undefined {
  for (const { heading, path } of places) {
    const key = keyText(read(path, path.isOutside ? outside : root))
    const remembered = key === undefined ? undefined : memory.get(heading, key)
    if (remembered !== undefined) return remembered
  }
  return undefined
}

/**
 * The members of a message that the rules look at; sets their indexes in the paths. Undefined if a rule looks at messages
 * that are not objects.
 */
export function shapeOf(rules: readonly CompiledRule[]): HeadShape | undefined {
  const members: string[] = []
  for (const path of rules.flatMap(pathsIn)) {
    const [first] = path.steps
    if (path.isOutside) continue
    if (first === undefined || !('key' in first)) return undefined
    path.headIndex = members.indexOf(first.key)
    if (path.headIndex < 0) path.headIndex = members.push(first.key) - 1
  }
  for (const rule of rules) rule.required = requiredBy(rule)
  return headShape(members)
}

function requiredBy({ tests }: CompiledRule): number {
  const nothing = new Memory()
  let required = 0
  for (const { path, passes } of tests)
    if (!path.isOutside && !passes(undefined, nothing)) required |= bitOf(path.headIndex)
  return required
}

function pathsIn(rule: CompiledRule): CompiledPath[] {
  const { tests, name, channel, id, asks, answersTo, value, remember, recall } = rule
  const keys = [asks, answersTo].flatMap((key) => (key === true || key === undefined ? [] : key))
  const sources = [...name, ...channel, ...id, ...keys].filter((each) => typeof each !== 'string')
  const places = [...tests, ...remember, ...recall].map(({ path }) => path)
  return [...sources, ...places, ...(value === undefined ? [] : [value])]
}
