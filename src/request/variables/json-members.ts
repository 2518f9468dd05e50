/** The members of the objects in a JSON text, with their places. */
import { endOfScalar, endOfString } from '../../shared/text/json-text.ts'

export interface JsonMember {
  /** The names of the objects around it, and its own. In an array, the index stands for the name. */
  readonly path: readonly string[]
  /** Where its name begins; in an array, where the value begins. */
  readonly offset: number
  /** The place of its value. */
  readonly start: number
  readonly end: number
}

interface Open {
  readonly path: readonly string[]
  readonly isArray: boolean
  readonly start: number
  /** The name of the value to come; undefined before a name. */
  name: string | undefined
  nameOffset: number
  index: number
}

/**
 * The members in valid JSON, each after those inside it; those in more than `maxDepth` objects and arrays are left out.
 */
export function membersOf(json: string, maxDepth: number): JsonMember[] {
  const members: JsonMember[] = []
  const open: Open[] = []
  const add = (start: number, end: number) => {
    const parent = open.at(-1)
    if (parent === undefined || open.length > maxDepth) return
    const name = parent.isArray ? String(parent.index) : (parent.name ?? '')
    const offset = parent.isArray ? start : parent.nameOffset
    members.push({ path: [...parent.path, name], offset, start, end })
  }
  for (let at = 0; at < json.length; ) {
    const character = json.charAt(at)
    const parent = open.at(-1)
    let end = at + 1
    if (character === '{' || character === '[') {
      const name = parent?.isArray ? String(parent.index) : parent?.name
      const path = parent === undefined || open.length > maxDepth ? [] : [...parent.path, name ?? '']
      const isArray = character === '['
      open.push({ path, isArray, start: at, name: undefined, nameOffset: at, index: 0 })
    } else if (character === '}' || character === ']') {
      const closed = open.pop()
      if (closed !== undefined) add(closed.start, end)
    } else if (character === ',') {
      if (parent !== undefined) {
        parent.name = undefined
        parent.index++
      }
    } else if (character === '"' || !/[\s:]/.test(character)) {
      end = character === '"' ? endOfString(json, at) : endOfScalar(json, at)
      if (parent !== undefined && !parent.isArray && parent.name === undefined) {
        parent.name = String(JSON.parse(json.slice(at, end)))
        parent.nameOffset = at
      } else add(at, end)
    }
    at = end
  }
  return members
}

/** The text with comments replaced by spaces, so that places stay the same. Comments in strings are text. */
export function blankComments(text: string): string {
  const parts: string[] = []
  let last = 0
  for (let at = 0; at < text.length; ) {
    const two = text.slice(at, at + 2)
    if (text[at] === '"') at = endOfString(text, at)
    else if (two === '//' || two === '/*') {
      const end = commentEnd(text, at, two)
      parts.push(text.slice(last, at), text.slice(at, end).replaceAll(/[^\r\n]/g, ' '))
      last = end
      at = end
    } else at++
  }
  return parts.join('') + text.slice(last)
}

function commentEnd(text: string, start: number, opening: string): number {
  const closing = opening === '//' ? '\n' : '*/'
  const end = text.indexOf(closing, start + 2)
  if (end < 0) return text.length
  return opening === '//' ? end : end + closing.length
}
