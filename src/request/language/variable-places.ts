/** Where a variable is defined and used in a `.http` file. */
import { variablesSetBy } from '../file/read-rule.ts'
import type { RequestFile, Span } from '../file/request-file.ts'
import { requestAround } from '../file/request-names.ts'
import { type Placeholder, placeholdersIn } from '../variables/placeholders.ts'

export interface VariablePlace extends Span {
  readonly name: string
  /** `definition`: `@name = value`. `answer`: `@set name = …`. `use`: `{{name}}`. The span is that of the name. */
  readonly kind: 'definition' | 'answer' | 'use'
}

export interface PlacedPlaceholder extends Placeholder {
  /** Of its name only. */
  readonly nameSpan: Span
}

const placed = new WeakMap<RequestFile, readonly PlacedPlaceholder[]>()

/** The placeholders of a file, in order, without those in comments. */
export function placeholdersOf(file: RequestFile): readonly PlacedPlaceholder[] {
  const known = placed.get(file)
  if (known !== undefined) return known
  let comment = 0
  const list: PlacedPlaceholder[] = []
  for (const placeholder of placeholdersIn(file.text)) {
    while ((file.comments[comment]?.end ?? Number.POSITIVE_INFINITY) <= placeholder.start) comment++
    if ((file.comments[comment]?.start ?? Number.POSITIVE_INFINITY) <= placeholder.start) continue
    const start = placeholder.start + placeholder.written.indexOf(placeholder.name)
    list.push({ ...placeholder, nameSpan: { start, end: start + placeholder.name.length } })
  }
  placed.set(file, list)
  return list
}

/** The definitions and uses of all variables of the user, in the order of the text. */
export function variablePlaces(file: RequestFile): VariablePlace[] {
  const places: VariablePlace[] = [
    ...file.variables.map(({ name }) => ({ ...spanOf(name), name: name.text, kind: 'definition' as const })),
    ...file.requests
      .flatMap(variablesSetBy)
      .map((name) => ({ ...spanOf(name), name: name.text, kind: 'answer' as const })),
    ...placeholdersOf(file).flatMap(({ name, nameSpan }) =>
      name.startsWith('$') ? [] : [{ ...nameSpan, name, kind: 'use' as const }],
    ),
  ]
  return places.sort((a, b) => a.start - b.start)
}

/** The name of a variable at an offset. Its end belongs to it. */
export function variableAt(file: RequestFile, offset: number): VariablePlace | undefined {
  return variablePlaces(file).find(({ start, end }) => start <= offset && offset <= end)
}

/** What defines the variable for the request at an offset: the last definition before it, else the first one. */
export function definitionFor(file: RequestFile, name: string, offset: number): VariablePlace | undefined {
  const all = variablePlaces(file).filter((place) => place.name === name && place.kind !== 'use')
  const until = requestAround(file, offset)?.end ?? Number.POSITIVE_INFINITY
  return all.findLast(({ start }) => start < until) ?? all[0]
}

function spanOf({ start, end }: Span): Span {
  return { start, end }
}
