/** What muted rules have found. */
import type { Finding } from '../../src/shared/finding.ts'
import { addTo } from '../../src/shared/maps.ts'

export interface MutedGroup {
  readonly rule: string
  readonly connection: number | undefined
  readonly findings: readonly Finding[]
}

/** The rules that would have findings if they were not muted. */
export function mutedNames(muted: readonly Finding[]): readonly string[] {
  return [...new Set(muted.map(({ rule }) => rule))]
}

/** By rule and connection, in the order of the first finding of each. */
export function mutedGroups(muted: readonly Finding[]): readonly MutedGroup[] {
  const groups = new Map<string, Finding[]>()
  for (const finding of muted) addTo(groups, `${finding.rule} ${finding.connection ?? ''}`, finding)
  return [...groups.values()].flatMap((findings) => {
    const [first] = findings
    return first === undefined ? [] : [{ rule: first.rule, connection: first.connection, findings }]
  })
}
