/** Paths of dialects: compiled once, then read for each message without allocations. */
import { jsonOrText } from '../values.ts'
import { operationName } from './graphql-operation.ts'
import { Head } from './head.ts'
import { Unread } from './unread.ts'

export const MAX_PATH_LENGTH = 200
const MAX_STEPS = 16
/** Maximum number of parts of a text that is split. The rest is ignored. */
const MAX_PARTS = 32

export type Step =
  /** `isSafe`: objects do not inherit a member with this name, so that a plain read is enough. */
  | { readonly key: string; readonly isSafe: boolean }
  | { readonly index: number }
  | { readonly call: (value: unknown) => unknown; readonly name: string; readonly argument: string }

export interface CompiledPath {
  /** It starts at the surroundings of the message instead of the message. */
  readonly isOutside: boolean
  readonly steps: readonly Step[]
  /** The index of the first step's member in the head of a message; -1 until `shapeOf` sets it. */
  headIndex: number
}

/** A function with an argument, a member, a quoted member, or an index. Sticky, so that a scan never looks back. */
const STEP = /\.([\w:-]+)\(([^()]*)\)|\.([\w:-]+)|\['([^'\\]*)'\]|\[(-?\d{1,9})\]/y

const FUNCTIONS: Readonly<Record<string, (argument: string) => (value: unknown) => unknown>> = {
  json: () => (value) => (typeof value === 'string' ? jsonOrText(value) : value),
  operation: () => (value) => (typeof value === 'string' ? operationName(value) : undefined),
  split: (separator) => (value) =>
    typeof value === 'string' ? value.split(separator, MAX_PARTS) : undefined,
  text: () => (value) => (typeof value === 'number' ? String(value) : value),
}

export const FUNCTION_NAMES: readonly string[] = Object.keys(FUNCTIONS)

export function isPath(text: string): boolean {
  return text === '$' || /^(?:\$[.[]|@\.)/.test(text)
}

/** Throws an error with a sentence if the text is not a path. */
export function compilePath(text: string): CompiledPath {
  const steps: Step[] = []
  if (!isPath(text)) throw new Error('A path begins with $ for the message, or with @. for its surroundings.')
  if (text.length > MAX_PATH_LENGTH) throw new Error(`A path has at most ${MAX_PATH_LENGTH} characters.`)
  STEP.lastIndex = 1
  while (STEP.lastIndex < text.length) {
    const { lastIndex } = STEP
    const match = STEP.exec(text)
    if (match === null)
      throw new Error(`A path cannot continue with ${text.slice(lastIndex, lastIndex + 20)}.`)
    steps.push(stepOf(match))
  }
  if (steps.length > MAX_STEPS) throw new Error(`A path has at most ${MAX_STEPS} steps.`)
  return { isOutside: text.startsWith('@'), steps, headIndex: -1 }
}

function stepOf([, called, argument = '', member, quoted, index]: RegExpExecArray): Step {
  if (index !== undefined) return { index: Number(index) }
  if (called === undefined) {
    const key = member ?? quoted ?? ''
    return { key, isSafe: !(key in Object.prototype) }
  }
  const make = Object.hasOwn(FUNCTIONS, called) ? FUNCTIONS[called] : undefined
  if (make === undefined)
    throw new Error(`The function ${called}() does not exist; use one of ${FUNCTION_NAMES.join(', ')}.`)
  if (called === 'split' && argument === '') throw new Error('split() needs the text between the parts.')
  return { call: make(argument), name: called, argument }
}

/** The value at a path; undefined if it is not there. */
export function read({ steps, headIndex }: CompiledPath, root: unknown): unknown {
  const isHead = root instanceof Head
  let value = isHead ? root.members[headIndex] : root
  for (let n = isHead ? 1 : 0; n < steps.length; n++) {
    const step = steps[n]
    if (value === undefined || step === undefined) return undefined
    if (value instanceof Unread) value = value.value
    if ('key' in step) value = member(value, step.key, step.isSafe)
    else if ('index' in step) value = Array.isArray(value) ? value.at(step.index) : undefined
    else value = step.call(value)
  }
  return value
}

function member(value: unknown, key: string, isSafe: boolean): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  return isSafe || Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined
}
