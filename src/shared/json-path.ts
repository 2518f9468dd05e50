/** Paths of JSONPath (RFC 9535) that lead to one value, such as `$.result[-1].id`. */

/** The name of a member, or a position; a position below 0 counts from the end. */
export type PathStep = string | number

const STEP = /\.(?<name>[\w$-]{1,256})|\[(?:'(?<quoted>[^'\\]{0,256})'|(?<position>-?\d{1,9}))\]/y
const MAX_STEPS = 32

/** The steps of a path that begins with `$`; undefined if it is none, or may lead to several values. */
export function pathSteps(path: string): readonly PathStep[] | undefined {
  if (!path.startsWith('$')) return undefined
  const steps: PathStep[] = []
  STEP.lastIndex = 1
  while (STEP.lastIndex < path.length) {
    const { name, quoted, position } = STEP.exec(path)?.groups ?? {}
    const step = position === undefined ? (name ?? quoted) : Number(position)
    if (step === undefined || steps.length === MAX_STEPS) return undefined
    steps.push(step)
  }
  return steps.length === 0 ? undefined : steps
}

/** The value there; undefined if there is none. */
export function valueAtPath(document: unknown, steps: readonly PathStep[]): unknown {
  return steps.reduce(member, document)
}

function member(value: unknown, step: PathStep): unknown {
  if (typeof step === 'number') return Array.isArray(value) ? value.at(step) : undefined
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject && Object.hasOwn(value, step) ? value[step as keyof typeof value] : undefined
}
