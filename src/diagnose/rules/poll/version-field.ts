/** The version of a body in JSON: a field that is named like a counter of changes. */
import { largest } from '../../../shared/numbers.ts'

/**
 * Names of fields that rise by one with each change of what has them. Not `id` or `offset`, which rise for other reasons, and
 * not `resourceVersion`, which counts the changes of a whole cluster.
 */
const NAMES =
  /^(?:version|rev|revision|seq|seqno|seq_?num(?:ber)?|sequence|sequence_?number|serial|generation|counter|tick)$/i

export interface Version {
  /** As in `data.seq`. */
  readonly name: string
  readonly value: number
}

/** The first version in the members of an object, or in those of its members. */
export function versionIn(json: unknown): Version | undefined {
  for (const [name, value] of membersOf(json)) {
    if (NAMES.test(name) && Number.isSafeInteger(value)) return { name, value: value as number }
  }
  for (const [outer, inner] of membersOf(json))
    for (const [name, value] of membersOf(inner))
      if (NAMES.test(name) && Number.isSafeInteger(value))
        return { name: `${outer}.${name}`, value: value as number }
  return undefined
}

/** Elements of the longest array that is the value, or a member of it. */
export function longestListIn(json: unknown): number {
  if (Array.isArray(json)) return json.length
  return largest(
    membersOf(json).map(([, value]) => (Array.isArray(value) ? value.length : 0)),
    0,
  )
}

/** Members that are looked at. */
const MAX_MEMBERS = 50

function membersOf(value: unknown): [string, unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  return Object.entries(value).slice(0, MAX_MEMBERS)
}
