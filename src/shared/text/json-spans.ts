/** Finds values in a JSON text. */

import { getOrMake } from '../maps.ts'
import { endOfScalar, endOfString } from './json-text.ts'

export type Location = readonly (string | number)[]

/** Characters [start, end) of a text. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** The locations to find, as a tree with a step to each child. */
interface Wanted {
  isWanted: boolean
  readonly children: Map<string | number, Wanted>
}

function asTree(locations: Iterable<Location>): Wanted {
  const root: Wanted = { isWanted: false, children: new Map() }
  for (const location of locations) {
    let node = root
    for (const step of location)
      node = getOrMake(node.children, step, () => ({ isWanted: false, children: new Map() }))
    node.isWanted = true
  }
  return root
}

/** An object or array that is open. */
interface Open {
  readonly wanted: Wanted | undefined
  readonly start: number
  readonly isArray: boolean
  /** Name or index of the current value; undefined before a name. */
  step: string | number | undefined
}

/**
 * The spans of the values at the locations in valid JSON, in order, without those inside another; all of them if a name
 * is repeated.
 */
export function spansAt(json: string, locations: Iterable<Location>): Span[] {
  const root = asTree(locations)
  const spans: Span[] = []
  const open: Open[] = []
  const wantedHere = () => {
    const parent = open.at(-1)
    if (parent === undefined) return root
    return parent.step === undefined ? undefined : parent.wanted?.children.get(parent.step)
  }
  for (let at = 0; at < json.length; ) {
    const character = json.charAt(at)
    const parent = open.at(-1)
    let end = at + 1
    if (character === '{' || character === '[') {
      const isArray = character === '['
      open.push({ wanted: wantedHere(), start: at, isArray, step: isArray ? 0 : undefined })
    } else if (character === '}' || character === ']') {
      const closed = open.pop()
      if (closed?.wanted?.isWanted) spans.push({ start: closed.start, end })
    } else if (character === ',') {
      if (parent !== undefined) parent.step = parent.isArray ? Number(parent.step) + 1 : undefined
    } else if (character === '"' || !/[\s:]/.test(character)) {
      end = character === '"' ? endOfString(json, at) : endOfScalar(json, at)
      if (parent !== undefined && parent.step === undefined)
        parent.step = parent.wanted === undefined ? '' : String(JSON.parse(json.slice(at, end)))
      else if (wantedHere()?.isWanted) spans.push({ start: at, end })
    }
    at = end
  }
  return outermost(spans)
}

function outermost(spans: Span[]): Span[] {
  let end = 0
  return spans
    .sort((one, other) => one.start - other.start)
    .filter((span) => {
      if (span.start < end) return false
      end = span.end
      return true
    })
}

/**
 * The step to a member in a JSONPath: `.price`, or in brackets if the name has characters other than letters, digits
 * and `_`.
 */
export function memberStep(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`
}
