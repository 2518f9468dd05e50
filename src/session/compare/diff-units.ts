/** Lists what differs between two packets or messages, field by field. */
import { idsOf } from '../../decode/ids/ids.ts'
import { diffJson, type FieldChange } from './json-diff.ts'
import { decode, type Json, parseJson, plain } from './lossless-json.ts'
import { contentOf, type UnitContent } from './unit-content.ts'
import type { Unit } from './units.ts'

/** `idChanges` are the positions of ids that do not correspond. */
export function diffUnits(
  before: Unit,
  after: Unit,
  ignore: (value: Json) => Json,
  normalizeIds: boolean,
  idChanges: readonly number[],
): FieldChange[] {
  const [old, young] = [contentOf(before, normalizeIds), contentOf(after, normalizeIds)]
  return [
    ...fieldChanges(before, after, old, young),
    ...dataChanges(old, young, ignore),
    ...attachmentChanges(old, young),
    ...idsThatDiffer(before, after, idChanges),
  ]
}

function fieldChanges(before: Unit, after: Unit, old: UnitContent, young: UnitContent): FieldChange[] {
  const changes: FieldChange[] = []
  for (const field of ['opcode', 'event'] as const) {
    const [left, right] = [before.message[field], after.message[field]]
    if (left !== undefined && right !== undefined && left !== right)
      changes.push({ path: field, before: left, after: right })
  }
  for (const field of new Set([...Object.keys(old.head), ...Object.keys(young.head)])) {
    const [left, right] = [old.head[field], young.head[field]]
    if (left !== right)
      changes.push({
        path: field,
        ...(left !== undefined && { before: left }),
        ...(right !== undefined && { after: right }),
      })
  }
  return changes
}

function dataChanges(old: UnitContent, young: UnitContent, ignore: (value: Json) => Json): FieldChange[] {
  const [left, right] = [readData(old, ignore), readData(young, ignore)]
  if (left.json !== undefined && right.json !== undefined) return diffJson(left.json, right.json)
  if (left.text === right.text && old.message.dropped === young.message.dropped) return []
  return [{ path: '$', before: plain(left.json ?? left.text), after: plain(right.json ?? right.text) }]
}

function readData(
  { message, data }: UnitContent,
  ignore: (value: Json) => Json,
): { readonly text: string; readonly json?: Json } {
  if (message.dropped !== undefined) return { text: `${message.dropped} bytes, not kept` }
  const text = decode(data)
  if (text === undefined) return { text: base64(data) }
  const json = parseJson(text)
  return json === undefined ? { text } : { text, json: ignore(json) }
}

function attachmentChanges(old: UnitContent, young: UnitContent): FieldChange[] {
  const changes: FieldChange[] = []
  for (let at = 0; at < Math.max(old.attachments.length, young.attachments.length); at++) {
    const [left, right] = [old.attachments[at], young.attachments[at]].map((each) => each && base64(each))
    if (left !== right)
      changes.push({
        path: `attachments[${at}]`,
        ...(left !== undefined && { before: left }),
        ...(right !== undefined && { after: right }),
      })
  }
  return changes
}

function idsThatDiffer(before: Unit, after: Unit, positions: readonly number[]): FieldChange[] {
  if (before.packet === undefined || after.packet === undefined) return []
  const [old, young] = [idsOf(before.packet), idsOf(after.packet)]
  return positions.flatMap((at) => {
    const [left, right] = [old[at], young[at]]
    return left === undefined || right === undefined
      ? []
      : [{ path: `${left.kind} id`, before: left.id, after: right.id }]
  })
}

function base64(bytes: Uint8Array): string {
  return `base64:${Buffer.from(bytes).toString('base64')}`
}
