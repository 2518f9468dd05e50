/** Tests of the values of a message, compiled once. */
import type { JsonType, Scalar, Test, Tests, ValueTest } from '../../shared/dialect.ts'
import type { Memory } from './memory.ts'
import { type CompiledPath, compilePath, read } from './path.ts'
import { keyText } from './source.ts'
import { Unread } from './unread.ts'

type Passes = (value: unknown, memory: Memory) => boolean

export interface CompiledTest {
  readonly path: CompiledPath
  readonly passes: Passes
}

export function compileTests(tests: Tests = {}): readonly CompiledTest[] {
  return Object.entries(tests).map(([path, test]) => ({ path: compilePath(path), passes: compileTest(test) }))
}

/** Whether a message passes all tests. */
export function passesAll(
  tests: readonly CompiledTest[],
  root: unknown,
  outside: unknown,
  memory: Memory,
): boolean {
  for (const { path, passes } of tests)
    if (!passes(read(path, path.isOutside ? outside : root), memory)) return false
  return true
}

function compileTest(test: Test): Passes {
  if (isList(test)) {
    const values: ReadonlySet<unknown> = new Set(test)
    return (value) => values.has(value)
  }
  if (typeof test !== 'object' || test === null) return (value) => value === test
  const passes = [...conditions(test)]
  const [only] = passes
  if (passes.length === 1 && only !== undefined) return only
  return (value, memory) => passes.every((each) => each(value, memory))
}

function isList(test: Test): test is readonly Scalar[] {
  return Array.isArray(test)
}

function* conditions(test: ValueTest): Generator<Passes> {
  const { exists, present, type, startsWith, contains, atLeast, remembered } = test
  if (exists !== undefined) yield (value) => (value !== undefined) === exists
  if (present !== undefined) yield (value) => (value !== undefined && value !== null) === present
  if (type !== undefined) {
    const [only, other = only, ...more] = typeof type === 'string' ? [type] : type
    yield (value) => {
      const found = typeOf(value)
      return found !== undefined && (found === only || found === other || more.includes(found))
    }
  }
  if (startsWith !== undefined) yield (value) => typeof value === 'string' && value.startsWith(startsWith)
  if (contains !== undefined) yield (value) => typeof value === 'string' && value.includes(contains)
  if (atLeast !== undefined) yield (value) => typeof value === 'number' && value >= atLeast
  if (remembered !== undefined)
    yield (value, memory) => {
      const key = keyText(value)
      return key !== undefined && memory.get(remembered, key) !== undefined
    }
}

function typeOf(value: unknown): JsonType | undefined {
  if (value === null) return 'null'
  if (value instanceof Unread) return value.type
  if (Array.isArray(value)) return 'array'
  const type = typeof value
  return type === 'string' || type === 'number' || type === 'boolean' || type === 'object' ? type : undefined
}
