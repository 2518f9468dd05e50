/** Reads the settings about rules, which may have invalid values. Does not import `vscode`. */
import * as v from 'valibot'
import type { MutedRule } from '../../shared/protocol/findings.ts'
import type { GetSetting } from './read-settings.ts'

/** Entries that are read of each setting. */
const MAX_ENTRIES = 1000

const name = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(100))
const muted = v.union([
  v.pipe(
    name,
    v.transform((rule): MutedRule => ({ rule })),
  ),
  v.object({ rule: name, url: v.pipe(v.string(), v.minLength(1)) }),
  v.object({ rule: name }),
])
const threshold = v.pipe(v.number(), v.finite(), v.minValue(0))

/** A name alone mutes a rule everywhere. Invalid entries are left out. */
export function readMutedRules(get: GetSetting): readonly MutedRule[] {
  const value = get('realtimeInspector.findings.muted')
  if (!Array.isArray(value)) return []
  return value.slice(0, MAX_ENTRIES).flatMap((entry) => {
    const parsed = v.safeParse(muted, entry)
    return parsed.success ? [parsed.output] : []
  })
}

export function readThresholds(get: GetSetting): Readonly<Record<string, number>> {
  const value = get('realtimeInspector.findings.thresholds')
  if (!(value instanceof Object) || Array.isArray(value)) return {}
  const entries = Object.entries(value).slice(0, MAX_ENTRIES)
  return Object.fromEntries(entries.filter(([, each]) => v.is(threshold, each)))
}
