/** The line of a program that opened a connection or sent a message. */
import type { SourceLocation } from '../../src/shared/traffic-source.ts'

/** `main.ts:12`, without folders, for menus and tooltips. */
export function shortLocation({ file, line }: SourceLocation): string {
  const [path = file] = file.split(/[?#]/)
  return `${path.split(/[\\/]/).filter(Boolean).at(-1) ?? file}:${line}`
}

/** `http://localhost:5173/src/main.ts:12:5`. */
export function fullLocation({ file, line, column }: SourceLocation): string {
  return `${file}:${line}:${column}`
}

/** The location in the field of an event, which may come from a file and have any type. */
export function locationIn(value: unknown): SourceLocation | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { file, line, column } = value as Readonly<Record<string, unknown>>
  if (typeof file !== 'string' || !isCount(line) || !isCount(column)) return undefined
  return { file, line, column }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1
}
