/** Lists the differences between two JSON values, with the JSONPath of each. */

import { ownValue } from '../../shared/fields.ts'
import { getOrMake } from '../../shared/maps.ts'
import { align, UNPAIRED } from './align.ts'
import { canonical, isArray, isObject, isRemoved, type Json, plain } from './lossless-json.ts'

/** One difference. A side is undefined if it has no value there. */
export interface FieldChange {
  /** A JSONPath (RFC 9535), or the name of a field of the event. */
  readonly path: string
  readonly before?: Json
  readonly after?: Json
}

/** Largest number of differences listed for a message. */
const MAX_CHANGES = 100

const IDENTIFIER = /^[A-Za-z_]\w*$/

function member(path: string, name: string): string {
  if (IDENTIFIER.test(name)) return `${path}.${name}`
  const escaped = JSON.stringify(name).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")
  return `${path}['${escaped}']`
}

function item(path: string, index: number): string {
  return `${path}[${index}]`
}

/** The first hundred differences between two values, in the order of the members of the first. */
export function diffJson(before: Json, after: Json): FieldChange[] {
  const changes: FieldChange[] = []
  walk('$', before, after, changes)
  return changes
}

function walk(path: string, before: Json, after: Json, changes: FieldChange[]): void {
  if (changes.length >= MAX_CHANGES || isRemoved(before) || isRemoved(after)) return
  if (isArray(before) && isArray(after)) walkArrays(path, before, after, changes)
  else if (isObject(before) && isObject(after)) walkObjects(path, before, after, changes)
  else if (canonical(before) !== canonical(after)) report(path, before, after, changes)
}

function walkObjects(
  path: string,
  before: { readonly [name: string]: Json },
  after: { readonly [name: string]: Json },
  changes: FieldChange[],
): void {
  const names = [...Object.keys(before), ...Object.keys(after).filter((name) => !Object.hasOwn(before, name))]
  for (const name of names) {
    const [old, young] = [ownValue(before, name), ownValue(after, name)]
    if (old !== undefined && young !== undefined) walk(member(path, name), old, young, changes)
    else report(member(path, name), old, young, changes)
  }
}

function report(
  path: string,
  before: Json | undefined,
  after: Json | undefined,
  changes: FieldChange[],
): void {
  if (changes.length >= MAX_CHANGES || isRemoved(before) || isRemoved(after)) return
  changes.push({
    path,
    ...(before === undefined ? {} : { before: plain(before) }),
    ...(after === undefined ? {} : { after: plain(after) }),
  })
}

/** Compares arrays of equal length item by item. Aligns others by the contents of their items. */
function walkArrays(
  path: string,
  before: readonly Json[],
  after: readonly Json[],
  changes: FieldChange[],
): void {
  const old = keptIndexes(before)
  const young = keptIndexes(after)
  if (old.length === young.length) {
    for (const [at, index] of old.entries())
      walk(item(path, index), before[index] ?? null, after[young[at] ?? 0] ?? null, changes)
    return
  }
  const known = new Map<string, number>()
  const ids = (items: readonly Json[], kept: readonly number[]) =>
    Uint32Array.from(kept, (index) => getOrMake(known, canonical(items[index] ?? null), () => known.size))
  const { partners } = align(ids(before, old), ids(after, young))
  let next = 0
  let from = 0
  for (let at = 0; at <= partners.length; at++) {
    const partner = at === partners.length ? young.length : (partners[at] ?? UNPAIRED)
    if (partner === UNPAIRED) continue
    walkGap(path, before, old.slice(from, at), after, young.slice(next, partner), changes)
    from = at + 1
    next = partner + 1
  }
}

function walkGap(
  path: string,
  before: readonly Json[],
  old: readonly number[],
  after: readonly Json[],
  young: readonly number[],
  changes: FieldChange[],
): void {
  for (let at = 0; at < Math.max(old.length, young.length); at++) {
    const [left, right] = [old[at], young[at]]
    if (left !== undefined && right !== undefined)
      walk(item(path, left), before[left] ?? null, after[right] ?? null, changes)
    else if (left !== undefined) report(item(path, left), before[left], undefined, changes)
    else if (right !== undefined) report(item(path, right), undefined, after[right], changes)
  }
}

function keptIndexes(items: readonly Json[]): number[] {
  return [...items.keys()].filter((index) => !isRemoved(items[index]))
}
